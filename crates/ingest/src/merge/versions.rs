//! Rows of a source that keeps every version of a key: which of them are versions, and from when until when each holds.
//!
//! What is left depends on the rows alone and not on the order in which they came: a version that is delivered late goes
//! in between, and ends the one before it.

use std::collections::BTreeMap;
use std::sync::Arc;

use scorewright_extract::Source;

use super::delivery_order::DeliveryOrder;
use super::merge_input::{MergeInput, PriorState};
use super::{Candidate, Tallies, each_key, newest, note_rivals};
use crate::error::BufferError;

/// What becomes of all rows, and of the books of their files.
#[derive(Debug, Default)]
pub(crate) struct MergedVersions {
    /// For each input, what its rows are; `None` when all that are wanted stay what they are.
    pub(crate) outcomes: Vec<Option<Vec<VersionOutcome>>>,
    pub(crate) tallies: Tallies,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionOutcome {
    /// It is what it was; a new row is the only one of its key.
    Same,
    /// It holds until a moment, or is the newest of its key.
    Version { to: Option<i64>, is_first: bool },
    /// It does not stay.
    Gone,
}

/// What a row is among those of its key.
enum KeyRow<'b, 'a> {
    Version {
        row: &'b Candidate<'a>,
        to: Option<i64>,
        is_first: bool,
    },
    /// It says what another says of the same time.
    Duplicate(&'b Candidate<'a>),
    /// Another that came later says something else from the same moment on: it never held.
    Replaced(&'b Candidate<'a>),
}

/// Decides for every row whether it is a version, and until when it holds.
///
/// - Of rows of the same moment the one that was delivered later counts, of these the one with the later line, or with
///   the earlier one where `repeats` says so.
/// - A version that says what the one before it says is none.
/// - Rows without a moment hold before all others.
/// - Only where rows are equally new as the newest one, and differ, has each file a [`Rival`](super::Rival): of older
///   ones that are alike in this way the one of the file with the later name counts.
pub(crate) fn merge_versions(
    source: &Source,
    inputs: &[MergeInput],
    order: &DeliveryOrder,
) -> Result<MergedVersions, BufferError> {
    let outcomes = vec![None; inputs.len()];
    let mut merged = MergedVersions { outcomes, tallies: Tallies::new() };
    each_key(source, inputs, order, |candidates, row_hashes| {
        for kind in key_rows(source, candidates, order) {
            let before = |row: &Candidate| row_hashes[&row.row.0].held(row.row.1 as usize);
            merged.put(inputs, &kind, before);
        }
        note_rivals(source, candidates, order, &mut merged.tallies);
    })?;
    Ok(merged)
}

/// What each row of a key is.
fn key_rows<'b, 'a: 'b>(
    source: &Source,
    candidates: &'b [Candidate<'a>],
    order: &DeliveryOrder,
) -> Vec<KeyRow<'b, 'a>> {
    let mut moments: BTreeMap<Option<i64>, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        moments.entry(candidate.held_from).or_default().push(candidate);
    }
    let (mut found, mut versions): (Vec<KeyRow>, Vec<&Candidate>) = (Vec::new(), Vec::new());
    for rows in moments.into_values() {
        let Some(newest) = newest(source, rows.iter().copied(), order) else { continue };
        let equal = rows.iter().filter(|row| row.content == newest.content);
        let stays = equal.min_by_key(|row| row.origin()).map_or(newest, |stays| *stays);
        let others = rows.iter().filter(|row| row.row != stays.row);
        found.extend(others.map(|row| {
            let is_equal = row.content == stays.content;
            if is_equal { KeyRow::Duplicate(row) } else { KeyRow::Replaced(row) }
        }));
        match versions.last() {
            Some(before) if before.content == stays.content => found.push(KeyRow::Duplicate(stays)),
            _ => versions.push(stays),
        }
    }
    let ends = versions.iter().skip(1).map(|next| next.held_from).chain([None]);
    found.extend(versions.iter().zip(ends).enumerate().map(|(place, (row, to))| KeyRow::Version {
        row,
        to,
        is_first: place == 0,
    }));
    found
}

impl MergedVersions {
    /// Records what a row is; `before` says what it was in the table.
    fn put(
        &mut self,
        inputs: &[MergeInput],
        kind: &KeyRow,
        before: impl Fn(&Candidate) -> (Option<i64>, bool),
    ) {
        let (row, outcome) = match kind {
            KeyRow::Version { row, to, is_first } if before(row) == (*to, *is_first) => {
                (*row, VersionOutcome::Same)
            }
            KeyRow::Version { row, to, is_first } => {
                (*row, VersionOutcome::Version { to: *to, is_first: *is_first })
            }
            KeyRow::Duplicate(row) | KeyRow::Replaced(row) => (*row, VersionOutcome::Gone),
        };
        self.count(inputs[row.row.0 as usize].prior, row, kind);
        if outcome != VersionOutcome::Same {
            let (input, number) = (row.row.0 as usize, row.row.1 as usize);
            let same = || vec![VersionOutcome::Same; inputs[input].rows];
            self.outcomes[input].get_or_insert_with(same)[number] = outcome;
        }
    }

    /// The books count a row once: among those that are there, the equal ones, or the superseded ones.
    fn count(&mut self, prior: PriorState, row: &Candidate, kind: &KeyRow) {
        let is_superseded = match kind {
            KeyRow::Version { to, .. } => to.is_some(),
            KeyRow::Replaced(_) => true,
            KeyRow::Duplicate(_) => false,
        };
        let was_superseded = prior == PriorState::Superseded;
        let is_duplicate = matches!(kind, KeyRow::Duplicate(_));
        if is_superseded == was_superseded && !is_duplicate {
            return;
        }
        let tally = self.tallies.entry(Arc::clone(row.file)).or_default();
        tally.returned += u64::from(was_superseded);
        tally.superseded += u64::from(is_superseded);
        tally.duplicates += u64::from(is_duplicate);
    }
}
