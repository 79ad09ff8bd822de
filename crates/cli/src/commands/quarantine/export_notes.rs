//! Notes for whoever corrects an exported file.

use std::fmt::Write as _;

use scorewright_extract::{Encoding, Load, Source};
use scorewright_ingest::ExportedQuarantine;

/// What whoever corrects the rows must know about the file.
pub(super) fn export_notes(made: &ExportedQuarantine, source: &Source) -> Vec<String> {
    // There, a file stands for all rows of its moment or period: one of a few rows would end the others.
    let is_whole = source.load == Load::Snapshot || source.delivery.is_some();
    let mut notes = vec![if is_whole {
        format!(
            "{} to mend; put them back into the file they came from, and deliver it whole",
            rows(made.rows)
        )
    } else {
        format!(
            "{} to mend; put the mended file among the extracts of `{}`, named as `{}` says",
            rows(made.rows),
            source.name,
            source.files
        )
    }];
    if made.masked > 0 {
        notes.push(format!(
            "{} left out: personal values are masked in quarantine, so ask the sender for them",
            rows(made.masked)
        ));
    }
    if made.too_long > 0 {
        notes.push(format!("{} left out: longer than quarantine keeps", rows(made.too_long)));
    }
    if made.undecodable > 0 {
        notes.push(format!(
            "{} left out: their bytes are of another encoding, so ask the sender for them, or declare it",
            rows(made.undecodable)
        ));
    }
    if made.formulas > 0 {
        notes.push(format!(
            "{} left out: a spreadsheet would run a field of them that begins with =, +, - or @; --formulas writes them too",
            rows(made.formulas)
        ));
    }
    for (file, count) in &made.other_header {
        let mut text =
            format!("{} left out: other lines stand above the rows of `{file}`", rows(*count));
        write!(text, "; take them out alone: --file {file}")
            .expect("a string takes all that is written");
        notes.push(text);
    }
    if source.csv.as_ref().is_some_and(|csv| csv.encoding() != Encoding::Utf8) {
        notes.push("the file is UTF-8; save it in the encoding that the source declares".into());
    }
    notes
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use super::*;

    fn notes(load: &str) -> String {
        let text = format!(
            "title = \"T\"\nfiles = \"t*.csv\"\nformat = \"csv\"\nkey = [\"a\"]\n{load}\n\
             [csv]\nencoding = \"latin-1\"\n[columns.a]\ntype = \"text\"\n"
        );
        let source = Source::read(&ProjectFile::new("pipelines/sources/t.toml", text)).unwrap();
        let made = ExportedQuarantine {
            rows: 1,
            masked: 2,
            formulas: 4,
            other_header: [("u.csv".into(), 3)].into(),
            ..ExportedQuarantine::default()
        };
        export_notes(&made, &source).join("\n")
    }

    #[test]
    fn the_notes_name_what_is_not_in_the_file_and_where_it_goes() {
        assert_eq!(
            notes("load = \"append\""),
            "1 row to mend; put the mended file among the extracts of `t`, named as `t*.csv` says\n\
             2 rows left out: personal values are masked in quarantine, so ask the sender for them\n\
             4 rows left out: a spreadsheet would run a field of them that begins with =, +, - or @; --formulas writes them too\n\
             3 rows left out: other lines stand above the rows of `u.csv`; take them out alone: --file u.csv\n\
             the file is UTF-8; save it in the encoding that the source declares"
        );
        let whole = notes("delivery = 't_(\\d+)'");
        assert!(
            whole.starts_with("1 row to mend; put them back into the file they came from"),
            "{whole}"
        );
    }
}
