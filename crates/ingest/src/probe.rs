//! Doors for tests that stand outside: one file, or one value, without project and warehouse.
//!
//! The fuzz targets in `fuzz/` and the corpus test go through them. Nothing is landed.

use std::path::Path;

use arrow::array::RecordBatch;
use scorewright_domain::{Books, Silent};

use crate::discover::alone;
use crate::format;
use crate::limits::Limits;
use crate::quarantine::Reason;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::source::{Column, Source};
use crate::typed::TypedColumn;

/// Reads a file as `land` reads it, up to where rows of several files are compared; says what became of its rows.
///
/// # Errors
///
/// Why the file is refused.
pub fn file(source: &Source, path: &Path) -> Result<Books, Refusal> {
    let limits = Limits::default();
    let present = alone(source, path, &limits)?;
    let mut rows = Rows::new(source, &present.name(), &limits, &Silent);
    format::of(source.format).read(&present, source, &limits, &mut rows)?;
    let found = rows.finish()?;
    let accepted: usize = found.batches.iter().map(RecordBatch::num_rows).sum();
    Ok(Books {
        read: found.read,
        accepted: accepted as u64,
        quarantined: found.quarantined.len() as u64,
        reasons: found.reasons.into_iter().map(|(reason, seen)| (reason.to_owned(), seen.rows)).collect(),
        ..Books::default()
    })
}

/// Judges one value of a column.
///
/// # Errors
///
/// The reason why its row would be set aside.
pub fn value(column: &Column, text: &[u8]) -> Result<(), &'static str> {
    TypedColumn::new(column, false, false).push_text(text).map_err(Reason::code)
}
