//! Rows in conflict of a file that is refused because of them, among its other bad rows.

use scorewright_domain::QuarantinedRow;
use scorewright_extract::{ReadError, Refusal, RowPosition, show_rows};
use scorewright_warehouse::RefusedRows;

use super::attempt::MergeAttempt;
use super::bad_rows::keep;
use super::quarantine_files::conflict;
use super::read_files::ReadFile;
use crate::error::{BufferError, IngestError};

impl MergeAttempt<'_> {
    /// Keeps the bad rows of a file that is refused because of them, its rows in conflict among them.
    pub(super) fn keep_bad_rows(
        &self,
        file: &ReadFile,
        conflicts: &[RowPosition],
        why: &Refusal,
    ) -> Result<(), IngestError> {
        if !why.is_for_bad_rows() {
            return Ok(());
        }
        let (source, limits) = (self.plan.source, self.context.limits);
        let shown = &conflicts[..conflicts.len().min(RefusedRows::MOST)];
        let texts = match show_rows(file.file, source, limits, shown) {
            Ok(texts) => texts,
            // It is refused already, and changed since it was read.
            Err(ReadError::Refused(_)) => return Ok(()),
            Err(ReadError::Aborted(error)) => {
                return Err(BufferError::of(source)(error.into()));
            }
        };
        let shown = shown.iter().zip(&texts);
        let rows = shown.map(|(position, raw)| conflict(&file.name, *position, raw));
        let mut rows: Vec<QuarantinedRow> =
            file.buffer.rejected.iter().cloned().chain(rows).collect();
        rows.sort_by_key(|row| row.line);
        let unshown = conflicts.len() - texts.len();
        keep(why, (source, &file.name), rows.iter(), unshown, self.context)
            .map_err(BufferError::of(source))
    }
}
