//! Proves the settings of the file format.

use super::faults::Faults;
use crate::refusal::Refusal;
use crate::rows::binding::Binding;
use crate::source::{Dialect, FileFormat, JsonPath, Source, Worksheet, is_character};

/// Rows above and below the data that a source may speak of: they are held in memory.
const ROWS: usize = 1_000;

/// Every fault of the parts of a source that say how its files are written.
pub(super) fn check(source: &Source, faults: &mut Faults) {
    let has = |format| source.format.0.contains(&format);
    if source.format.0.is_empty() {
        faults.at("", "format", "`format` names no format", "csv, json_lines, parquet or xlsx");
    }
    match &source.csv {
        Some(_) if !has(FileFormat::Csv) => {
            faults.at(
                "csv",
                "",
                "`[csv]` is for CSV files only",
                "remove it, or set `format = \"csv\"`",
            );
        }
        Some(dialect) => {
            of_characters(dialect, faults);
            of_rows(dialect, faults);
            if dialect.footer_rows > 0 && source.not_data.is_empty() {
                let help = "name how one of these rows begins in `not_data`, above `[csv]`: \"Grand total*\"; a count alone would drop rows of data one day";
                faults.at("csv", "footer_rows", "`footer_rows` needs `not_data`", help);
            }
            of_names(source, dialect, faults);
        }
        None => {}
    }
    match &source.xlsx {
        Some(_) if !has(FileFormat::Xlsx) => {
            faults.at(
                "xlsx",
                "",
                "`[xlsx]` is for spreadsheets only",
                "remove it, or set `format = \"xlsx\"`",
            );
        }
        Some(sheet) => of_worksheet(sheet, faults),
        None => {}
    }
    if has(FileFormat::JsonLines) {
        of_paths(source, faults);
    } else if source.json.is_some() {
        let help = "remove it, or set `format = \"json_lines\"`";
        faults.at("json", "", "`[json]` is for JSON Lines only", help);
    }
}

/// Rows above the data of a sheet.
fn of_worksheet(sheet: &Worksheet, faults: &mut Faults) {
    if sheet.header_rows == 0 {
        let help = "columns are found by name: ask the sender for a header row";
        faults.at("xlsx", "header_rows", "`header_rows` must be at least 1", help);
    }
    if sheet.header_rows > ROWS {
        faults.at(
            "xlsx",
            "header_rows",
            format!("`header_rows` is more than {ROWS}"),
            "it counts rows above the data",
        );
    }
    if sheet.sheet.as_deref() == Some("") {
        faults.at(
            "xlsx",
            "sheet",
            "`sheet` is empty",
            "leave it out for the first sheet that is shown",
        );
    }
}

/// Where values stand in an object.
fn of_paths(source: &Source, faults: &mut Faults) {
    let rows = source.json_rows();
    let paths = source.json.iter().flat_map(|json| &json.rows.0).filter(|path| !path.is_empty());
    if paths.count() > 1 {
        let help = "give one path, and \"\" beside it where a line may be a row itself";
        faults.at("json", "rows", "`rows` names several arrays", help);
    }
    let help = "names parted by points: `items.0.price.id`; a point in a name is written `\\.`";
    match rows.map(JsonPath::parse) {
        Some(Err(why)) => faults.at("json", "rows", format!("`rows` is not a path: {why}"), help),
        Some(Ok(path)) if path.is_of_line => {
            faults.at("json", "rows", "`rows` starts at the line already", "remove `^.`");
        }
        _ => {}
    }
    for (name, column) in &source.columns {
        let section = format!("columns.{name}");
        for path in column.names(name) {
            match JsonPath::parse(path) {
                Err(why) => {
                    let message = format!("`{path}` is not a path: {why}");
                    faults.at_word((&section, "from", path), message, help);
                }
                Ok(parsed) if parsed.is_of_line && rows.is_none() => {
                    let message =
                        format!("`{path}` climbs out of the row, which is the line itself");
                    let help = "remove `^.`, or name the array whose elements are the rows in `rows` of `[json]`";
                    faults.at_word((&section, "from", path), message, help);
                }
                Ok(_) => {}
            }
        }
    }
}

/// What separates, encloses and escapes: each one ASCII character, all different.
fn of_characters(dialect: &Dialect, faults: &mut Faults) {
    let [delimiter, quote, escape] =
        [dialect.delimiter_byte(), dialect.quote_byte(), dialect.escape_byte()];
    if dialect.delimiter.0.is_empty() || !dialect.delimiter.0.iter().all(|it| is_character(it)) {
        let help = "a tab is written \"\\t\"";
        faults.at("csv", "delimiter", "`delimiter` is not one ASCII character", help);
    }
    if dialect.encoding.0.is_empty() {
        faults.at("csv", "encoding", "`encoding` names no encoding", "most often it is `utf-8`");
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
    if dialect.header_rows > 0 && !(1..=dialect.header_rows).contains(&dialect.names_row) {
        let help = "it says which of the `header_rows` holds the names, from 1";
        faults.at("csv", "names_row", "`names_row` is none of the header rows", help);
    }
    match (dialect.header_rows, dialect.names.is_empty()) {
        (0, true) => {
            let help =
                "columns are found by name: list the names of all columns of the file in `names`";
            faults.at("csv", "header_rows", "`header_rows = 0` needs `names`", help);
        }
        (0, false) => {
            if let Err(mut refusal) = Binding::new(&dialect.names, source) {
                if let Refusal::MissingColumns(missing) = &mut refusal {
                    missing.has_any = true;
                }
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
    use crate::source_file::verify::tests::{fault_of, pointed_fault};

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
        assert_eq!(
            fault("header_rows = 0"),
            ("`header_rows = 0` needs `names`".into(), "0".into())
        );
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
        assert_eq!(
            fault("skip_rows = 1001"),
            ("`skip_rows` is more than 1000".into(), "1001".into())
        );
        assert_eq!(fault("footer_rows = 5"), ("`footer_rows` needs `not_data`".into(), "5".into()));
        assert!(
            fault("skip_rows = -1").0.contains("expected usize"),
            "{}",
            fault("skip_rows = -1").0
        );
    }

    #[test]
    fn an_unknown_encoding_is_refused() {
        let expected = ("`utf8` is not accepted here".to_owned(), "\"utf8\"".to_owned());
        assert_eq!(fault("encoding = \"utf8\""), expected);
    }

    /// The fault of a source of JSON Lines with one column.
    fn json_fault(head: &str, from: &str) -> (String, String) {
        let text = format!(
            "title = \"T\"\nfiles = \"*\"\nformat = \"json_lines\"\n{head}\n[columns.id]\nfrom = {from}\ntype = \"text\"\n"
        );
        pointed_fault(&text)
    }

    #[test]
    fn paths_are_read_before_any_file() {
        assert_eq!(
            json_fault("", "[\"id\", \"a..b\"]"),
            ("`a..b` is not a path: a step between two points is empty".into(), "\"a..b\"".into())
        );
        assert_eq!(
            json_fault("", "\"^.id\"").0,
            "`^.id` climbs out of the row, which is the line itself"
        );
        assert_eq!(
            json_fault("[json]\nrows = \"a.\"", "\"^.id\""),
            ("`rows` is not a path: a step between two points is empty".into(), "\"a.\"".into())
        );
        assert_eq!(
            json_fault("[json]\nrows = \"^.data\"", "\"^.id\"").0,
            "`rows` starts at the line already"
        );
    }

    #[test]
    fn a_part_for_another_format_is_refused() {
        assert_eq!(fault_of("[json]\nrows = \"a\"", ID).0, "`[json]` is for JSON Lines only");
        assert_eq!(
            json_fault("[csv]\ndelimiter = \";\"", "\"id\"").0,
            "`[csv]` is for CSV files only"
        );
    }
}
