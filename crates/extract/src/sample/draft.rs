//! A source file for one extract, as a look at it suggests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use scorewright_domain::{Limits, ProjectFile};

use super::bad_sample::BadSample;
use super::column_sample::{ColumnSample, LIST};
use super::guess::Guess;
use super::head::{Head, Text};
use super::name;
use super::pause::longest_pause;
use super::sample_table::SampleTable;
use super::source_page::SourcePage;
use crate::refusal::{ReadError, Refusal};
use crate::source::Source;

/// A source file that a look at one extract suggests.
#[derive(Debug)]
pub struct Draft {
    /// The file: `pipelines/sources/<name>.toml`.
    pub file: ProjectFile,
    /// What it says, verified.
    pub source: Source,
    /// Settings and columns with a question that the sample does not decide.
    pub questions: Vec<String>,
    /// By column with a question: settings to choose from, as lines of TOML.
    pub readings: BTreeMap<String, Vec<String>>,
    /// Columns without any value in the sample.
    pub empty: BTreeSet<String>,
    /// Columns of which several rows of the sample have the same value.
    pub repeated: BTreeSet<String>,
}

/// The name of the source that a file is most likely one extract of.
pub fn source_name(file: &Path) -> String {
    name::of_source(&file_name(file))
}

/// Looks at the first 32 MiB of a file and writes a source for it.
///
/// - `folder` is where its like will lie below the extracts folder: empty, or with a slash at its end.
/// - Types, formats and null tokens are tried on every value seen, by the readers a run uses; what the
///   values do not decide is left to the person as a question.
/// - Values that look personal are hashed or dropped, and never shown.
///
/// # Errors
///
/// [`BadSample`] when the file cannot be read, or is of a format that no source can have.
pub fn draft(file: &Path, name: &str, folder: &str, limits: &Limits) -> Result<Draft, BadSample> {
    let (format, table, is_whole) = look(file, limits).map_err(|why| BadSample::new(file, why))?;
    let (columns, left_out) = columns(&table);
    if columns.is_empty() {
        return Err(BadSample::new(file, Refusal::BadHeader("no column has a name")));
    }
    let of = file_name(file);
    let mut page = SourcePage {
        folder,
        file: &of,
        format,
        is_whole,
        table: &table,
        columns: &columns,
        left_out: &left_out,
        quiet: None,
    };
    let (_, source) = written(&page, name, file)?;
    page.quiet = longest_pause(&source, file, limits);
    let (written, source) = written(&page, name, file)?;
    let is_nameless = table.csv.as_ref().is_some_and(|layout| layout.header_rows == 0);
    let asked = columns
        .iter()
        .filter(|(_, _, guess)| guess.question.is_some())
        .map(|(name, _, _)| name.clone());
    let has_blanks = table.csv.as_ref().is_some_and(|layout| layout.blanks.is_some());
    let of_file = [(is_nameless, "names"), (has_blanks, "delimiter")];
    let of_file = of_file.into_iter().filter(|(is_open, _)| *is_open);
    let questions = of_file.map(|(_, key)| key.to_owned()).chain(asked).collect();
    let open = columns.iter().filter(|(_, _, guess)| !guess.readings.is_empty());
    let readings = open.map(|(name, _, guess)| (name.clone(), guess.readings.clone())).collect();
    let having = |is: fn(&ColumnSample) -> bool| {
        let columns = columns.iter().filter(|(_, seen, _)| is(seen));
        columns.map(|(name, _, _)| name.clone()).collect()
    };
    let empty = having(|seen| seen.values.is_empty());
    let repeated = having(|seen| seen.values.values().any(|rows| *rows > 1));
    Ok(Draft { questions, readings, empty, repeated, file: written, source })
}

/// The text of a page as a file, and the source that it says.
fn written(
    page: &SourcePage<'_>,
    name: &str,
    file: &Path,
) -> Result<(ProjectFile, Source), BadSample> {
    let written = ProjectFile::new(format!("pipelines/sources/{name}.toml"), page.text());
    let source = Source::read(&written).map_err(|faults| {
        let first = faults.first().map_or_else(String::new, |fault| fault.message().to_owned());
        BadSample::new(file, Refusal::NoSource(first))
    })?;
    Ok((written, source))
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The format of a file by its first bytes and its name, and its columns.
fn look(file: &Path, limits: &Limits) -> Result<(&'static str, SampleTable, bool), ReadError> {
    let head = Head::read(file)?;
    let whole = head.is_whole;
    match head.bytes.as_slice() {
        [0x1F, 0x8B, ..] => {
            Err(Refusal::OtherFormat("gzip", "give it a name that ends in `.gz`").into())
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            Err(Refusal::OtherFormat("zstd", "give it a name that ends in `.zst`").into())
        }
        [b'P', b'K', 3, 4, ..] if !is_workbook(file) => {
            Err(Refusal::OtherFormat("a zip archive", "take the files out of it: unzip FILE")
                .into())
        }
        [b'P', b'K', 3, 4, ..] => Ok(("xlsx", SampleTable::of_xlsx(file, limits)?, true)),
        [b'P', b'A', b'R', b'1', ..] => {
            let (table, whole) = SampleTable::of_parquet(file, limits)?;
            Ok(("parquet", table, whole))
        }
        bytes => {
            let text = Text::of(bytes);
            if text.content.trim_start().starts_with(['{', '[']) {
                return Ok(("json_lines", SampleTable::of_json(&text.content)?, whole));
            }
            Ok(("csv", SampleTable::of_text(&text, whole), whole))
        }
    }
}

/// Whether a zip archive is named like a workbook.
fn is_workbook(file: &Path) -> bool {
    let is = |ending: &str| file.extension().is_some_and(|it| it.eq_ignore_ascii_case(ending));
    is("xlsx") || is("xlsm")
}

type GuessedColumns = (Vec<(String, ColumnSample, Guess)>, Vec<(String, &'static str)>);

/// What each column is taken for; and the names that cannot be declared.
fn columns(table: &SampleTable) -> GuessedColumns {
    let mut left_out = Vec::new();
    let mut kept: Vec<ColumnSample> = Vec::new();
    for (place, seen) in table.columns.iter().enumerate() {
        let is_same = |other: &&ColumnSample| other.from.trim() == seen.from.trim();
        let before = table.columns[..place].iter().filter(is_same).count();
        if seen.from.trim().is_empty() {
            left_out.push((seen.from.clone(), "it has no name, and columns are found by name"));
        } else if seen.values.contains_key(LIST) {
            let why = "it is a list: name one element (`from = \"name.0\"`), or make rows of its elements (`[json] rows`)";
            left_out.push((seen.from.clone(), why));
        } else if before > 0 || table.columns[place + 1..].iter().any(|other| is_same(&other)) {
            // Columns of one name are told apart by their number.
            kept.push(ColumnSample {
                from: format!("{}#{}", seen.from.trim(), before + 1),
                ..seen.clone()
            });
        } else {
            kept.push(seen.clone());
        }
    }
    kept.extend(table.above.iter().cloned());
    let headers: Vec<String> = kept.iter().map(|seen| seen.from.clone()).collect();
    // Bad rows of all columns together must stay below what a file may have, or it would not land.
    let mut most = table.rows / 200;
    let mut found = Vec::new();
    for (seen, name) in kept.into_iter().zip(name::distinct(&headers)) {
        let guess = Guess::of(&name, &seen, most);
        if seen.above.is_some() && !matches!(guess.kind(), "date" | "timestamp") {
            continue;
        }
        most -= guess.misfits.as_ref().map_or(0, |fit| fit.misfits);
        found.push((name, seen, guess));
    }
    (found, left_out)
}
