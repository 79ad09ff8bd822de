//! Bad rows of a file that is refused because of them: kept to be looked at, without landing.

use scorewright_domain::{QuarantinedRow, Reason};
use scorewright_extract::{Refusal, Source};
use scorewright_warehouse::{RefusedRows, Warehouse};

use super::context::LoadContext;
use crate::error::BufferError;

/// Keeps the bad rows of a file, where they are why it is refused.
///
/// - `unshown`: bad rows that are not among `rows`.
pub(super) fn keep<'r>(
    why: &Refusal,
    (source, file): (&Source, &str),
    rows: impl Iterator<Item = &'r QuarantinedRow>,
    unshown: usize,
    context: LoadContext,
) -> Result<(), BufferError> {
    if !why.is_for_bad_rows() {
        return Ok(());
    }
    let mut kept = RefusedRows::first_of(&source.name, file, rows.filter(|row| is_bad(row)));
    kept.bad += unshown as u64;
    Ok(Warehouse::at(context.transaction.root()).keep_refused_rows(&kept)?)
}

/// Whether a row counts against what a source tolerates.
fn is_bad(row: &QuarantinedRow) -> bool {
    ![Reason::NotData, Reason::PlaceholderDate].iter().any(|reason| reason.code() == row.reason)
}
