//! What a source file would have to say for a file to have all the columns that it lacks.

use std::path::Path;

use crate::refusal::ReadError;
use crate::sample::rows_of_json;
use crate::source::{Dialect, FileFormat, OneOrMore, Source};

/// Lines above a header that are tried.
const TITLES: usize = 20;
const DELIMITERS: [&str; 4] = [",", ";", "\t", "|"];

/// Settings of `[csv]` under which a text has all columns, as lines of TOML; `None` where none is found.
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
        look(&layout).is_ok().then_some(lines)
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
    let titles = || (0..=TITLES).filter(|rows| *rows != declared.skip_rows);
    found.extend(
        titles().map(|rows| (format!("skip_rows = {rows}"), skipping(rows, declared.clone()))),
    );
    for names_row in 2..=3 {
        let header_rows = declared.header_rows.max(names_row);
        let lines = format!("header_rows = {header_rows}` and `names_row = {names_row}");
        found.push((lines, Dialect { header_rows, names_row, ..declared.clone() }));
    }
    for delimiter in delimiters {
        found.extend(titles().map(|rows| {
            let lines = format!("{}` and `skip_rows = {rows}", line(delimiter));
            (lines, skipping(rows, separated(delimiter)))
        }));
    }
    found
}

/// The list inside the objects of a JSON file that holds its rows, where the source names none.
pub fn json_rows(source: &Source, path: &Path) -> Option<String> {
    let is_open = source.format() == FileFormat::JsonLines && source.json_rows().is_none();
    if is_open { rows_of_json(path) } else { None }
}
