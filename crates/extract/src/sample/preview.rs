//! What a source makes of a file, without landing it.

use std::fs;
use std::path::Path;

use arrow::array::Array;
use arrow::util::display::array_value_to_string;
use scorewright_domain::{Limits, QuarantinedRow, Reason};

use super::bad_sample::BadSample;
use super::head::Head;
use crate::read::collect;
use crate::refusal::ReadError;
use crate::rows::intake::FileSummary;
use crate::rows::sink::{CollectedRows, TypedRows};
use crate::source::{FileFormat, Source};

/// The first rows of a file as a source types them, and what it would set aside.
#[derive(Debug)]
pub struct Preview {
    /// Names of the stored columns.
    pub columns: Vec<String>,
    /// Good rows in file order, their values as text; empty where there is none.
    pub rows: Vec<Vec<String>>,
    /// Rows read.
    pub read: u64,
    /// Rows that would go to quarantine, in file order.
    pub quarantined: Vec<QuarantinedRow>,
    /// Whether that is more than the source tolerates, so that the file would be refused whole.
    pub is_refused: bool,
}

/// Reads a file, or what a sample of it holds, as a run would, and keeps at most `most` rows to show.
///
/// # Errors
///
/// [`BadSample`] when the source cannot read the file at all.
pub fn preview(
    source: &Source,
    file: &Path,
    most: usize,
    limits: &Limits,
) -> Result<Preview, BadSample> {
    typed(source, file, limits)
        .map(|found| preview_of(source, found, most))
        .map_err(|why| BadSample::new(file, why))
}

pub(super) fn typed(source: &Source, file: &Path, limits: &Limits) -> Result<Collected, ReadError> {
    let is_text = matches!(source.format(), FileFormat::Csv | FileFormat::JsonLines);
    let head = if is_text { Some(Head::read(file)?) } else { None };
    match head {
        Some(head) if !head.is_whole => {
            let folder = tempfile::tempdir().map_err(ReadError::Aborted)?;
            let sample = folder.path().join("sample");
            fs::write(&sample, &head.bytes).map_err(ReadError::Aborted)?;
            collect(source, &sample, limits)
        }
        _ => collect(source, file, limits),
    }
}

pub(super) type Collected = (FileSummary, CollectedRows);

#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn preview_of(source: &Source, (found, rows): Collected, most: usize) -> Preview {
    let texts = rows
        .accepted
        .iter()
        .flat_map(|block| (0..block.positions.len()).map(|row| texts(block, row)));
    Preview {
        columns: source.stored().map(|(name, _)| name.to_owned()).collect(),
        rows: texts.take(most).collect(),
        read: found.read - found.not_data(),
        is_refused: found.bad() as f64 > found.read as f64 * source.tolerate,
        quarantined: rows.rejected.into_iter().filter(is_bad).collect(),
    }
}

/// Whether a rejected row is one of data.
fn is_bad(row: &QuarantinedRow) -> bool {
    row.reason != Reason::NotData.code()
}

fn texts(block: &TypedRows, row: usize) -> Vec<String> {
    let text = |column: &dyn Array| {
        if column.is_null(row) {
            String::new()
        } else {
            array_value_to_string(column, row).unwrap_or_default()
        }
    };
    block.columns.iter().map(|column| text(column)).collect()
}
