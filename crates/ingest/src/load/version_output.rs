//! The two files of a partition whose table keeps versions: the newest row of each key, and those it superseded.
//!
//! `raw.<source>` has the first of them, `history.<source>` both.

use arrow::array::RecordBatch;
use jiff::Timestamp;
use scorewright_extract::{Source, VALID_FROM, VALID_TO};
use scorewright_warehouse::{FileVersions, StoredFile, Transaction};

use super::row_output::RowOutput;
use crate::error::BufferError;
use crate::merge::merge_input::{MergeInput, PriorState};
use crate::merge::versions::VersionOutcome;

/// Takes rows that are current and rows that are superseded.
pub(crate) struct VersionOutput<'a> {
    transaction: &'a Transaction,
    current: RowOutput<'a>,
    superseded: RowOutput<'a>,
}

impl<'a> VersionOutput<'a> {
    pub(crate) fn new(transaction: &'a Transaction, source: &'a Source) -> Self {
        let output = || RowOutput::new(transaction, source);
        Self { transaction, current: output(), superseded: output() }
    }

    /// Adds the rows of inputs, as what they have become: current ones in the order of files, the others in the order of
    /// inputs, so that those which were superseded before are put in as they are.
    pub(crate) fn add_merged(
        &mut self,
        inputs: &[MergeInput],
        outcomes: &[Option<Vec<VersionOutcome>>],
    ) -> Result<(), BufferError> {
        let each = || inputs.iter().zip(outcomes);
        let current: Vec<Option<Vec<bool>>> =
            each().map(|(input, outcomes)| current(input, outcomes.as_deref())).collect();
        self.current.add_versions(inputs, &current, outcomes)?;
        let superseded: Vec<Vec<bool>> =
            each().map(|(input, outcomes)| superseded(input, outcomes.as_deref())).collect();
        self.superseded.add_in_order(inputs, &superseded, outcomes)
    }

    /// Adds rows of the table.
    pub(crate) fn add(&mut self, rows: RecordBatch, is_current: bool) -> Result<(), BufferError> {
        if is_current { self.current.add(rows) } else { self.superseded.add(rows) }
    }

    /// Ends the files; there is none without rows.
    pub(crate) fn finish(self) -> Result<Vec<StoredFile>, BufferError> {
        let mut files = Vec::new();
        for (output, is_current) in [(self.current, true), (self.superseded, false)] {
            if let Some(file) = output.finish()? {
                let versions = versions(self.transaction, &file, is_current)?;
                files.push(file.with_versions(versions));
            }
        }
        Ok(files)
    }
}

/// Which rows of an input are current; `None` when all that are wanted are.
fn current(input: &MergeInput, outcomes: Option<&[VersionOutcome]>) -> Option<Vec<bool>> {
    let is_kept = is_kept_superseded(input);
    let Some(outcomes) = outcomes else {
        return is_kept.then(|| vec![false; input.rows]);
    };
    let is_current = |outcome: &VersionOutcome| match outcome {
        VersionOutcome::Same => !is_kept,
        VersionOutcome::Version { to, .. } => to.is_none(),
        VersionOutcome::Gone => false,
    };
    Some(outcomes.iter().map(is_current).collect())
}

/// Which rows of an input are superseded and wanted.
fn superseded(input: &MergeInput, outcomes: Option<&[VersionOutcome]>) -> Vec<bool> {
    let is_kept = is_kept_superseded(input);
    let mut found = vec![false; input.rows];
    for row in input.files.iter().flat_map(|(_, rows)| rows.clone()) {
        found[row] = match outcomes.map_or(VersionOutcome::Same, |outcomes| outcomes[row]) {
            VersionOutcome::Same => is_kept,
            VersionOutcome::Version { to, .. } => to.is_some(),
            VersionOutcome::Gone => false,
        };
    }
    found
}

/// Whether rows of which nothing was decided are superseded: those of a file of such rows. Any others are current.
fn is_kept_superseded(input: &MergeInput) -> bool {
    input.is_stored() && input.prior == PriorState::Superseded
}

/// Which versions a file holds, by its own statistics.
fn versions(
    transaction: &Transaction,
    file: &StoredFile,
    is_current: bool,
) -> Result<FileVersions, BufferError> {
    let reader = transaction.open_file(file)?;
    let (newest_start, without_moment) = reader.newest(VALID_FROM);
    let (newest_end, _) = reader.newest(VALID_TO);
    let newest = newest_start.max(newest_end);
    let newest_at = newest.and_then(|newest| Timestamp::from_microsecond(newest).ok());
    Ok(FileVersions { is_current, newest_at, without_moment })
}
