//! Rows set aside, in the shape of the extract they came from: to be mended and delivered again.

use std::collections::BTreeMap;
use std::path::Path;

use scorewright_domain::QuarantinedRow;

use crate::csv;
use crate::discover::alone;
use crate::format::{MASK, WITHHELD};
use crate::limits::Limits;
use crate::place::Places;
use crate::refusal::{Refusal, RefusedExtract};
use crate::source::{FileFormat, Personal, Source};

/// A file in the shape of an extract, and the rows it cannot hold.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Mendable {
    /// What stands above the rows of the extract, then the rows as received.
    pub text: String,
    /// Rows in it.
    pub rows: u64,
    /// Rows left out because personal values are masked in quarantine.
    pub masked: u64,
    /// Rows left out because they are longer than quarantine keeps.
    pub cut: u64,
    /// Rows left out, by file, because other lines stand above the rows of their file.
    pub apart: BTreeMap<String, u64>,
}

/// Why no file can be made of rows set aside.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CannotMend {
    /// The format has no rows of text.
    #[error("rows of source `{of}` are not text, so they cannot be mended in a file")]
    #[diagnostic(help("mend them where they come from, and deliver the extract again"))]
    NoText {
        /// The source.
        of: String,
    },
    /// The extract, which has the header, cannot be read.
    #[error("the header of the rows is not known")]
    #[diagnostic(help("put the extract back where it was: its header goes above the rows"))]
    NoHeader(#[source] Box<RefusedExtract>),
}

/// Puts rows of a quarantine table together as a file that the source can read once they are mended.
///
/// - `extracts`: the folder of extracts that do not lie in an object store.
/// - `warehouse`: its folder, below which objects are fetched for as long as they are read.
/// - `rows`: rows of `quarantine.<source>`, in the order they are wanted in.
/// - Its text is UTF-8, whatever encoding the source declares.
///
/// # Errors
///
/// [`CannotMend`] when the format has no rows of text, or an extract that has the header is gone.
pub fn mendable(
    source: &Source,
    extracts: &Path,
    warehouse: &Path,
    limits: &Limits,
    rows: &[QuarantinedRow],
) -> Result<Mendable, CannotMend> {
    let (places, _emptied) = Places::apart(warehouse);
    let mut made = Mendable::default();
    let mut above: Option<String> = None;
    let mut last: Option<(&str, bool)> = None;
    for row in rows {
        let is_at_hand = match last {
            Some((file, is_at_hand)) if file == row.file => is_at_hand,
            _ => {
                let found = lines_above(source, extracts, &places, limits, &row.file)?;
                *above.get_or_insert_with(|| found.clone()) == found
            }
        };
        last = Some((&row.file, is_at_hand));
        if !is_at_hand {
            *made.apart.entry(row.file.clone()).or_default() += 1;
        } else if is_masked(source, &row.raw) {
            made.masked += 1;
        } else if is_cut(row, limits) {
            made.cut += 1;
        } else {
            made.rows += 1;
            made.text += &row.raw;
            made.text.push('\n');
        }
    }
    made.text = above.unwrap_or_default() + &made.text + &footer(source);
    Ok(made)
}

fn lines_above(
    source: &Source,
    extracts: &Path,
    places: &Places,
    limits: &Limits,
    file: &str,
) -> Result<String, CannotMend> {
    let present = || places.find(source, file, limits);
    let present = || present().unwrap_or_else(|| alone(source, &extracts.join(file), limits));
    let above = match source.format {
        FileFormat::Csv => present().and_then(|file| csv::above(&file, source, limits)),
        FileFormat::JsonLines => Ok(String::new()),
        FileFormat::Parquet | FileFormat::Xlsx => {
            return Err(CannotMend::NoText { of: source.name.clone() });
        }
    };
    let refused = |why: Refusal| RefusedExtract { of: source.name.clone(), file: file.into(), why };
    above.map_err(|why| CannotMend::NoHeader(Box::new(refused(why))))
}

fn is_masked(source: &Source, raw: &str) -> bool {
    let has_personal = source.columns.values().any(|column| column.personal != Personal::Keep);
    has_personal && (raw == WITHHELD || raw.contains(MASK))
}

/// Quarantine keeps as much of a row as one field may have.
fn is_cut(row: &QuarantinedRow, limits: &Limits) -> bool {
    row.raw.len() + char::MAX.len_utf8() > limits.field_bytes
}

/// Lines that the source drops at the end of every file.
fn footer(source: &Source) -> String {
    let lines = if source.format == FileFormat::Csv { source.dialect().footer_rows } else { 0 };
    "end of the rows\n".repeat(lines)
}

#[cfg(test)]
mod tests {
    use scorewright_domain::Silent;

    use super::*;
    use crate::format;
    use crate::rows::Rows;
    use crate::source::tests::source;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*.csv\"\nformat = \"csv\"\n\
                          [csv]\ndelimiter = \";\"\nskip_rows = 1\nfooter_rows = 1\n\
                          [columns.a]\ntype = \"integer\"\n[columns.b]\ntype = \"text\"\n";

    /// What comes of rows when all extracts lie in the folder.
    fn mendable(
        source: &Source,
        folder: &Path,
        rows: &[QuarantinedRow],
    ) -> Result<Mendable, CannotMend> {
        super::mendable(source, folder, &folder.join("warehouse"), &Limits::default(), rows)
    }

    /// Rows set aside by reading a file of the folder.
    fn aside(source: &Source, folder: &Path, file: &str) -> Vec<QuarantinedRow> {
        let limits = Limits::default();
        let present = alone(source, &folder.join(file), &limits).unwrap();
        let mut rows = Rows::new(source, file, &limits, &Silent);
        format::of(source.format).read(&present, source, &limits, &mut rows).unwrap();
        rows.finish().unwrap().quarantined
    }

    #[test]
    fn what_is_taken_out_and_mended_is_read_as_the_extract_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        std::fs::write(
            file("a.csv"),
            "report of May\na;b\n1;x\nzwei;\"y;\"\"z\"\n3;w\nvier;v\nsum 4\n",
        )
        .unwrap();
        let source = source(SOURCE);
        let made =
            mendable(&source, folder.path(), &aside(&source, folder.path(), "a.csv")).unwrap();
        assert_eq!(made.text, "report of May\na;b\nzwei;\"y;\"\"z\"\nvier;v\nend of the rows\n");
        assert_eq!((made.rows, made.masked, made.cut), (2, 0, 0));

        std::fs::write(file("b.csv"), made.text.replace("zwei", "2").replace("vier", "4")).unwrap();
        assert_eq!(aside(&source, folder.path(), "b.csv"), []);
    }

    #[test]
    fn masked_rows_are_left_to_the_sender_and_other_headers_to_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let text = SOURCE.replace(
            "[columns.b]\ntype = \"text\"",
            "[columns.b]\ntype = \"text\"\npersonal = \"hash\"",
        );
        let (open, masked) = (source(SOURCE), source(&text));
        std::fs::write(folder.path().join("a.csv"), "r\na;b\nx;1\nsum\n").unwrap();
        std::fs::write(folder.path().join("b.csv"), "r\nb;a\n1;x\n2;y\nsum\n").unwrap();
        let made =
            mendable(&masked, folder.path(), &aside(&masked, folder.path(), "a.csv")).unwrap();
        assert_eq!((made.rows, made.masked), (0, 1));
        let both =
            [aside(&open, folder.path(), "a.csv"), aside(&open, folder.path(), "b.csv")].concat();
        let made = mendable(&open, folder.path(), &both).unwrap();
        assert_eq!((made.rows, made.apart), (1, BTreeMap::from([("b.csv".to_owned(), 2)])));
    }

    #[test]
    fn without_the_extract_there_is_no_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "r\na;b\nx;1\nsum\n").unwrap();
        let source = source(SOURCE);
        let rows = aside(&source, folder.path(), "a.csv");
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(mendable(&source, folder.path(), &rows), Err(CannotMend::NoHeader(_))));
    }
}
