//! Proves the settings of the file format.

use super::verify::Faults;
use super::{Dialect, FileFormat, Source};
use crate::binding::Binding;

/// Rows above and below the data that a source may speak of: they are held in memory.
const ROWS: usize = 1_000;

/// Every fault of the parts of a source that say how its files are written.
pub(super) fn faults(source: &Source, faults: &mut Faults) {
    let Some(dialect) = &source.csv else { return };
    if source.format != FileFormat::Csv {
        let help = "remove it, or set `format = \"csv\"`";
        faults.at("csv", "", "`[csv]` is for CSV files only", help);
        return;
    }
    of_characters(dialect, faults);
    of_rows(dialect, faults);
    of_names(source, dialect, faults);
}

/// What separates, encloses and escapes: each one ASCII character, all different.
fn of_characters(dialect: &Dialect, faults: &mut Faults) {
    let [delimiter, quote, escape] = [dialect.delimiter_byte(), dialect.quote_byte(), dialect.escape_byte()];
    if delimiter.is_none() {
        let help = "a tab is written \"\\t\"";
        faults.at("csv", "delimiter", "`delimiter` is not one ASCII character", help);
    }
    if quote.is_none() && !dialect.quote.is_empty() {
        let help = "leave it empty when fields are never quoted";
        faults.at("csv", "quote", "`quote` is not one ASCII character", help);
    }
    if escape.is_none() && !dialect.escape.is_empty() {
        let help = "a backslash is written \"\\\\\"; leave it out when there is none";
        faults.at("csv", "escape", "`escape` is not one ASCII character", help);
    }
    if delimiter.is_some() && delimiter == quote {
        faults.at("csv", "quote", "`quote` and `delimiter` are the same", "they must differ");
    }
    if escape.is_some() && escape == quote {
        let help = "leave `escape` out: a doubled quote is always read as one";
        faults.at("csv", "escape", "`escape` and `quote` are the same", help);
    }
    if escape.is_some() && escape == delimiter {
        faults.at("csv", "escape", "`escape` and `delimiter` are the same", "they must differ");
    }
}

fn of_rows(dialect: &Dialect, faults: &mut Faults) {
    let counts = [
        ("skip_rows", dialect.skip_rows),
        ("header_rows", dialect.header_rows),
        ("footer_rows", dialect.footer_rows),
    ];
    for (key, rows) in counts {
        if rows > ROWS {
            let message = format!("`{key}` is more than {ROWS}");
            faults.at("csv", key, message, "it counts rows above or below the data");
        }
    }
}

fn of_names(source: &Source, dialect: &Dialect, faults: &mut Faults) {
    match (dialect.header_rows, dialect.names.is_empty()) {
        (0, true) => {
            let help = "columns are found by name: list the names of all columns of the file in `names`";
            faults.at("csv", "header_rows", "`header_rows = 0` needs `names`", help);
        }
        (0, false) => {
            if let Err(refusal) = Binding::new(&dialect.names, source) {
                let message = format!("`names` does not fit the columns of the source: {refusal}");
                faults.at("csv", "names", message, "list all columns of the file, in its order");
            }
        }
        (_, false) => {
            let help = "set `header_rows = 0`, or remove `names`: the header has them";
            faults.at("csv", "names", "`names` is for files without a header row", help);
        }
        (_, true) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::verify::tests::fault_of;

    const ID: &str = "[columns.id]\ntype = \"text\"\n";

    fn fault(csv: &str) -> (String, String) {
        fault_of(&format!("[csv]\n{csv}"), ID)
    }

    #[test]
    fn a_character_of_the_dialect_is_one_and_has_one_meaning() {
        for (csv, message, place) in [
            ("delimiter = \"||\"", "`delimiter` is not one ASCII character", "\"||\""),
            ("quote = \"»\"", "`quote` is not one ASCII character", "\"»\""),
            ("escape = \"ab\"", "`escape` is not one ASCII character", "\"ab\""),
            ("quote = \",\"", "`quote` and `delimiter` are the same", "\",\""),
            ("escape = \",\"", "`escape` and `delimiter` are the same", "\",\""),
            ("escape = '\"'", "`escape` and `quote` are the same", "'\"'"),
        ] {
            assert_eq!(fault(csv), (message.to_owned(), place.to_owned()));
        }
    }

    #[test]
    fn names_are_listed_where_no_header_has_them() {
        assert_eq!(fault("header_rows = 0"), ("`header_rows = 0` needs `names`".into(), "0".into()));
        assert_eq!(
            fault("names = [\"id\"]"),
            ("`names` is for files without a header row".into(), "[\"id\"]".into())
        );
        assert_eq!(
            fault("header_rows = 0\nnames = [\"nr\"]").0,
            "`names` does not fit the columns of the source: it has no column `id`"
        );
    }

    #[test]
    fn rows_around_the_data_are_few() {
        assert_eq!(fault("footer_rows = 1001"), ("`footer_rows` is more than 1000".into(), "1001".into()));
        assert!(fault("skip_rows = -1").0.contains("expected usize"), "{}", fault("skip_rows = -1").0);
    }

    #[test]
    fn an_unknown_encoding_is_refused() {
        let expected = ("`utf8` is not accepted here".to_owned(), "\"utf8\"".to_owned());
        assert_eq!(fault("encoding = \"utf8\""), expected);
    }
}
