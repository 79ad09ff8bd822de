//! What a source file would have to say for a file to have all the columns that it lacks.

use crate::discovery::extract_file::ExtractFile;
use crate::json_lines::list_of_rows;
use crate::refusal::ReadError;
use crate::rows::intake::ReadContext;
use crate::source::{Dialect, FileFormat, OneOrMore, Source};
use scorewright_domain::Limits;

/// Lines above a header that are tried.
const TITLES: usize = 20;
const DELIMITERS: [&str; 4] = [",", ";", "\t", "|"];

/// Settings of `[csv]` under which a text has all columns, for a message; `None` where none is found.
///
/// - `look`: reads what stands above the rows, by a source of one layout.
pub(super) fn dialect(
    source: &Source,
    look: impl Fn(&Source) -> Result<(), ReadError>,
) -> Option<String> {
    if source.format() != FileFormat::Csv {
        return None;
    }
    candidates(source).into_iter().find_map(|(lines, dialect)| {
        let layout = Source {
            format: OneOrMore(vec![FileFormat::Csv]),
            csv: Some(dialect),
            ..source.clone()
        };
        look(&layout).is_ok().then(|| format!("`{lines}` in `[csv]`"))
    })
}

/// Dialects worth trying, the nearest to the declared one first.
fn candidates(source: &Source) -> Vec<(String, Dialect)> {
    let declared = source.dialect();
    let is_new = |delimiter: &&str| !declared.delimiter.0.iter().any(|other| other == *delimiter);
    let delimiters: Vec<&str> = DELIMITERS.into_iter().filter(is_new).collect();
    let separated = |delimiter: &str| Dialect {
        delimiter: OneOrMore(vec![delimiter.to_owned()]),
        ..declared.clone()
    };
    let line = |delimiter: &str| format!("delimiter = \"{}\"", delimiter.escape_default());
    let skipping = |skip_rows: usize, dialect: Dialect| Dialect { skip_rows, ..dialect };
    let mut found: Vec<(String, Dialect)> =
        delimiters.iter().map(|delimiter| (line(delimiter), separated(delimiter))).collect();
    // Of several header rows another may have the names.
    for names_row in (1..=declared.header_rows).filter(|row| *row != declared.names_row) {
        let dialect = Dialect { names_row, ..declared.clone() };
        found.push((format!("names_row = {names_row}"), dialect));
    }
    let titles = || (0..=TITLES).filter(|rows| *rows != declared.skip_rows);
    found.extend(
        titles().map(|rows| (format!("skip_rows = {rows}"), skipping(rows, declared.clone()))),
    );
    for delimiter in delimiters {
        found.extend(titles().map(|rows| {
            let lines = format!("{}` and `skip_rows = {rows}", line(delimiter));
            (lines, skipping(rows, separated(delimiter)))
        }));
    }
    found
}

/// The setting of `[json]` that names the list in which rows are, for a message.
pub(super) fn list(file: &ExtractFile, source: &Source, limits: &Limits) -> Option<String> {
    json_rows(file, source, limits).map(|rows| format!("`rows = \"{rows}\"` in `[json]`"))
}

/// The list inside the objects of a JSON file that holds its rows, where the source names none.
pub fn json_rows(file: &ExtractFile, source: &Source, limits: &Limits) -> Option<String> {
    let is_open = source.format() == FileFormat::JsonLines && source.json_rows().is_none();
    if is_open { list_of_rows(ReadContext { file, source, limits }) } else { None }
}
