//! Rows of all files of a source brought together: what is there once, twice, or in conflict.
//!
//! It works on one partition of a table at a time: rows of the same key are always in the same partition. Only hashes
//! are looked at, some of them at a time, so a partition may be far larger than memory.

pub(crate) mod merge_input;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use scorewright_extract::{Load, Repeats, RowPosition, Source};

use crate::error::BufferError;
use merge_input::{MergeInput, RowHashes};

/// Which rows stay, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// For each input, which of its rows stay; `None` when all that are wanted do.
    pub(crate) keep: Vec<Option<Vec<bool>>>,
    pub(crate) tallies: Tallies,
}

/// What became of the rows of each file that do not stay.
pub(crate) type Tallies = BTreeMap<Arc<str>, Tally>;

/// What became of rows of one file that do not stay.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) duplicates: u64,
    pub(crate) superseded: u64,
    /// Rows whose key another row with other values has, in the order of lines.
    pub(crate) conflicts: Vec<RowPosition>,
}

impl Tally {
    /// Rows that do not stay.
    pub(crate) fn gone(&self) -> u64 {
        self.duplicates + self.superseded + self.conflicts.len() as u64
    }

    /// Adds what became of rows of the same file in another partition of the table.
    pub(crate) fn add(&mut self, other: Self) {
        self.duplicates += other.duplicates;
        self.superseded += other.superseded;
        self.conflicts.extend(other.conflicts);
        self.conflicts.sort();
    }
}

/// Rows whose hashes are in memory at once.
const AT_ONCE: usize = 4 << 20;

/// A row: its input and its number there.
type RowId = (u32, u32);

/// A row whose key may be there several times.
struct Candidate<'a> {
    row: RowId,
    file: &'a Arc<str>,
    content: u64,
    moment: Option<i64>,
    position: RowPosition,
}

enum Outcome {
    Duplicate,
    Superseded,
    Conflict,
}

/// Decides for every row whether it stays.
///
/// Bundles come in the order of precedence: rows that are there already, then the new files by path.
/// - Without a key every row stays.
/// - `append`: the first row of a key stays; equal ones are duplicates, others conflicts.
/// - `upsert`: the newest row of a key stays, of equally new ones the one of the later file, and of these the one with
///   the later line, or with the earlier one where `repeats` says so. Of rows equal
///   to it the one with the first file and line stays, the rest are duplicates; others are superseded.
pub(crate) fn merge(source: &Source, inputs: &[MergeInput]) -> Result<Merged, BufferError> {
    let mut merged = Merged { keep: vec![None; inputs.len()], tallies: BTreeMap::new() };
    if source.key.is_empty() {
        return Ok(merged);
    }
    let rows: usize = inputs.iter().map(|input| input.rows).sum();
    let passes = rows.div_ceil(AT_ONCE).next_power_of_two() as u64;
    for pass in 0..passes {
        let several = several(source, inputs, |hash| hash % passes == pass)?;
        let row_hashes = row_hashes(source, inputs, &several)?;
        for rows in several {
            for candidates in same_key(inputs, &row_hashes, rows) {
                merged.decide(source, inputs, &candidates);
            }
        }
    }
    merged.tallies.values_mut().for_each(|tally| tally.conflicts.sort());
    Ok(merged)
}

/// Rows of the same hash of their key, where there are several; in the order of precedence.
fn several(
    source: &Source,
    inputs: &[MergeInput],
    is_wanted: impl Fn(u64) -> bool,
) -> Result<Vec<Vec<RowId>>, BufferError> {
    let mut found: Vec<(u64, RowId)> = Vec::new();
    for (number, input) in (0..).zip(inputs) {
        let keys = input.keys(source)?;
        for (_, range) in &input.files {
            let hashes = (0..).zip(keys.values()).skip(range.start).take(range.len());
            found.extend(
                hashes
                    .filter(|(_, hash)| is_wanted(**hash))
                    .map(|(row, hash)| (*hash, (number, row))),
            );
        }
    }
    found.sort_unstable();
    let groups = found.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1);
    Ok(groups.map(|group| group.iter().map(|(_, row)| *row).collect()).collect())
}

/// The marks of inputs that have rows among them.
fn row_hashes(
    source: &Source,
    inputs: &[MergeInput],
    several: &[Vec<RowId>],
) -> Result<HashMap<u32, RowHashes>, BufferError> {
    let numbers: BTreeSet<u32> = several.iter().flatten().map(|row| row.0).collect();
    numbers
        .into_iter()
        .map(|number| Ok((number, inputs[number as usize].row_hashes(source)?)))
        .collect()
}

/// Rows of the same hash told apart by their whole key.
fn same_key<'a>(
    inputs: &'a [MergeInput],
    row_hashes: &HashMap<u32, RowHashes>,
    rows: Vec<RowId>,
) -> impl Iterator<Item = Vec<Candidate<'a>>> {
    let mut keys: BTreeMap<(u64, u64), Vec<Candidate>> = BTreeMap::new();
    for row in rows {
        let (input, row_hashes, number) =
            (&inputs[row.0 as usize], &row_hashes[&row.0], row.1 as usize);
        keys.entry(row_hashes.key(number)).or_default().push(Candidate {
            row,
            file: input.file(number),
            content: row_hashes.content(number),
            moment: row_hashes.moment(number),
            position: row_hashes.position(number),
        });
    }
    let in_order = |mut candidates: Vec<Candidate<'a>>| {
        candidates.sort_by_key(|candidate| {
            (inputs[candidate.row.0 as usize].row_group, candidate.position.line)
        });
        candidates
    };
    keys.into_values().map(in_order)
}

/// The row of a key that stays.
fn staying<'a, 'b>(source: &Source, candidates: &'b [Candidate<'a>]) -> Option<&'b Candidate<'a>> {
    let origin = |candidate: &&Candidate<'a>| (candidate.file, candidate.position.line);
    let line = |candidate: &&Candidate<'a>| {
        let line = i128::from(candidate.position.line);
        if source.repeats == Repeats::First { -line } else { line }
    };
    match source.load {
        Load::Append | Load::Snapshot => candidates.first(),
        Load::Upsert => {
            let newest = candidates
                .iter()
                .max_by_key(|candidate| (candidate.moment, candidate.file, line(candidate)))?;
            candidates
                .iter()
                .filter(|candidate| candidate.content == newest.content)
                .min_by_key(origin)
        }
    }
}

impl Merged {
    fn decide(&mut self, source: &Source, inputs: &[MergeInput], candidates: &[Candidate]) {
        let Some(stays) = staying(source, candidates) else { return };
        let content = stays.content;
        for candidate in candidates.iter().filter(|candidate| candidate.row != stays.row) {
            let outcome = match source.load {
                _ if candidate.content == content => Outcome::Duplicate,
                Load::Append | Load::Snapshot => Outcome::Conflict,
                Load::Upsert => Outcome::Superseded,
            };
            self.remove(inputs, candidate, &outcome);
        }
    }

    fn remove(&mut self, inputs: &[MergeInput], candidate: &Candidate, outcome: &Outcome) {
        let (input, row) = (candidate.row.0 as usize, candidate.row.1 as usize);
        self.keep[input].get_or_insert_with(|| vec![true; inputs[input].rows])[row] = false;
        let tally = self.tallies.entry(Arc::clone(candidate.file)).or_default();
        match outcome {
            Outcome::Duplicate => tally.duplicates += 1,
            Outcome::Superseded => tally.superseded += 1,
            Outcome::Conflict => tally.conflicts.push(candidate.position),
        }
    }
}
