//! What a source makes of a file, without landing it.

use std::fs;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use scorewright_domain::{QuarantinedRow, Silent};

use super::BadSample;
use super::head::Head;
use crate::discover::alone;
use crate::format;
use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::rows::{FileRows, Rows};
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
        .map(|found| shown(source, &found, most))
        .map_err(|why| BadSample::new(file, why))
}

fn typed(source: &Source, file: &Path, limits: &Limits) -> Result<FileRows, Refusal> {
    let is_text = matches!(source.format, FileFormat::Csv | FileFormat::JsonLines);
    let head = if is_text { Some(Head::read(file)?) } else { None };
    match head {
        Some(head) if !head.is_whole => {
            let folder = tempfile::tempdir().map_err(Refusal::Unreadable)?;
            let sample = folder.path().join("sample");
            fs::write(&sample, &head.bytes).map_err(Refusal::Unreadable)?;
            read(source, &sample, limits)
        }
        _ => read(source, file, limits),
    }
}

fn read(source: &Source, file: &Path, limits: &Limits) -> Result<FileRows, Refusal> {
    let file = alone(source, file, limits)?;
    let mut rows = Rows::new(source, &file.name(), limits, &Silent);
    format::of(source.format).read(&file, source, limits, &mut rows)?;
    rows.finish()
}

#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn shown(source: &Source, found: &FileRows, most: usize) -> Preview {
    let columns: Vec<String> = source.stored().map(|(name, _)| name.to_owned()).collect();
    let rows = found
        .batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(|row| texts(batch, row, columns.len())));
    Preview {
        rows: rows.take(most).collect(),
        read: found.read,
        is_refused: found.quarantined.len() as f64 > found.read as f64 * source.tolerate,
        quarantined: found.quarantined.clone(),
        columns,
    }
}

fn texts(batch: &RecordBatch, row: usize, columns: usize) -> Vec<String> {
    let text = |column: &dyn arrow::array::Array| {
        if column.is_null(row) {
            String::new()
        } else {
            array_value_to_string(column, row).unwrap_or_default()
        }
    };
    batch.columns()[..columns].iter().map(|column| text(column)).collect()
}
