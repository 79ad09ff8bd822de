//! Files read by the reader of their format: the one place that lists the formats.

mod above;
mod date_order;
mod layout;
pub(crate) mod mending;
pub mod probe;
pub(crate) mod recognition;
mod zone;

use std::borrow::Cow;
use std::path::Path;

use scorewright_domain::{Limits, Listener, Silent};

use crate::csv::Csv;
use crate::discovery::extract_file::ExtractFile;
use crate::discovery::folder;
use crate::json_lines::JsonLines;
use crate::parquet::Parquet;
use crate::refusal::{ReadError, Refusal};
use crate::rows::format::Format as _;
use crate::rows::intake::{FileSummary, Intake, ReadContext};
use crate::rows::position::RowPosition;
use crate::rows::sink::{CollectedRows, RowSink};
use crate::source::{FileFormat, Source};
use crate::xlsx::Xlsx;

/// Calls a function of the reader of a format.
macro_rules! by_format {
    ($format:expr, $call:ident($($argument:expr),*)) => {
        match $format {
            FileFormat::Csv => Csv.$call($($argument),*),
            FileFormat::JsonLines => JsonLines.$call($($argument),*),
            FileFormat::Parquet => Parquet.$call($($argument),*),
            FileFormat::Xlsx => Xlsx.$call($($argument),*),
        }
    };
}

/// Reads a file: its accepted and rejected rows go to the sink, what else it had is returned.
///
/// # Errors
///
/// Why the file is refused, or cannot be read on.
pub fn read<S: RowSink>(
    file: &ExtractFile,
    source: &Source,
    limits: &Limits,
    listener: &dyn Listener,
    sink: &mut S,
) -> Result<FileSummary, ReadError> {
    let mut read = || {
        let source = resolved_layout(file, source, limits)?;
        let text_above = |source: &Source| text_above_in(ReadContext { file, source, limits });
        let source = zone::resolved(&source, text_above)?;
        let source = above::resolved(source, text_above)?;
        let source = date_order::resolved(&source, file.written_on(&source), |texts, evidence| {
            read_rows(ReadContext { file, source: texts, limits }, &Silent, evidence).map(drop)
        })?;
        read_rows(ReadContext { file, source: &source, limits }, listener, sink)
    };
    read().map_err(|error| with_fitting_dialect(error, file, source, limits))
}

/// Adds to a refusal for columns that are not there how the file would have to be read to have them.
fn with_fitting_dialect(
    error: ReadError,
    file: &ExtractFile,
    source: &Source,
    limits: &Limits,
) -> ReadError {
    let ReadError::Refused(Refusal::MissingColumns(mut missing)) = error else { return error };
    let look = |source: &Source| undeclared_in(ReadContext { file, source, limits }).map(drop);
    missing.fitting =
        mending::dialect(source, look).or_else(|| mending::list(file, source, limits));
    Refusal::MissingColumns(missing).into()
}

/// The source with the one layout that the file has.
fn resolved_layout<'s>(
    file: &ExtractFile,
    source: &'s Source,
    limits: &Limits,
) -> Result<Cow<'s, Source>, ReadError> {
    layout::resolved(source, |source| undeclared_in(ReadContext { file, source, limits }).map(drop))
}

fn undeclared_in(context: ReadContext) -> Result<Vec<String>, ReadError> {
    by_format!(context.source.format(), undeclared(context))
}

fn text_above_in(context: ReadContext) -> Result<Option<String>, ReadError> {
    by_format!(context.source.format(), text_above(context))
}

fn read_rows<S: RowSink>(
    context: ReadContext,
    listener: &dyn Listener,
    sink: &mut S,
) -> Result<FileSummary, ReadError> {
    let mut intake = Intake::new(context, listener, sink);
    by_format!(context.source.format(), read(context, &mut intake))?;
    Ok(intake.finish())
}

/// Columns of a file that its source does not declare, as far as they are known before a row is read.
///
/// # Errors
///
/// Why the file is refused, or cannot be read.
pub fn undeclared_columns(
    file: &ExtractFile,
    source: &Source,
    limits: &Limits,
) -> Result<Vec<String>, ReadError> {
    let source = &resolved_layout(file, source, limits)?;
    undeclared_in(ReadContext { file, source, limits })
}

/// The rows at some positions, in ascending order, as text for a person; personal values are masked.
///
/// # Errors
///
/// Why the file is refused, or cannot be read.
pub fn show_rows(
    file: &ExtractFile,
    source: &Source,
    limits: &Limits,
    positions: &[RowPosition],
) -> Result<Vec<String>, ReadError> {
    let source = &resolved_layout(file, source, limits)?;
    by_format!(source.format(), show(ReadContext { file, source, limits }, positions))
}

/// What stands above the rows of a file, where rows are text; `None` where they are not.
///
/// # Errors
///
/// Why the file is refused, or cannot be read.
pub fn text_above(
    file: &ExtractFile,
    source: &Source,
    limits: &Limits,
) -> Result<Option<String>, ReadError> {
    let source = &resolved_layout(file, source, limits)?;
    text_above_in(ReadContext { file, source, limits })
}

/// Reads one file into memory, wherever it lies.
///
/// # Errors
///
/// Why the file is refused, or cannot be read.
pub(crate) fn collect(
    source: &Source,
    path: &Path,
    limits: &Limits,
) -> Result<(FileSummary, CollectedRows), ReadError> {
    let mut rows = CollectedRows::default();
    let file = folder::only(source, path, limits)?;
    let summary = read(&file, source, limits, &Silent, &mut rows)?;
    Ok((summary, rows))
}
