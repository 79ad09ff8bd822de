//! Rows of all files of a source brought together: what is there once, twice, or in conflict.
//!
//! It works on one partition of a table at a time: rows of the same key are always in the same partition. Only hashes
//! are looked at, some of them at a time, so a partition may be far larger than memory.

pub(crate) mod delivery_order;
pub(crate) mod merge_input;
pub(crate) mod versions;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use scorewright_extract::{Load, Repeats, RowPosition, Source};

use crate::error::BufferError;
use delivery_order::DeliveryOrder;
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
    /// Rows that were superseded before and are so no longer: of the others, they are among those that stay or do not.
    pub(crate) returned: u64,
    /// Rows whose key another row with other values has, in the order of lines.
    pub(crate) conflicts: Vec<RowPosition>,
    /// Money of rows in conflict, without signs, where the source names a column of it.
    pub(crate) conflict_amount: u128,
    /// The first row of which nothing says whether it or one of another file is the newest of its key.
    pub(crate) rival: Option<Rival>,
}

/// A row that is as new as one of another file, and differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rival {
    pub(crate) line: u64,
    pub(crate) other: Arc<str>,
    pub(crate) other_line: u64,
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
        self.returned += other.returned;
        self.conflicts.extend(other.conflicts);
        self.conflict_amount += other.conflict_amount;
        self.conflicts.sort();
        self.note(other.rival);
    }

    fn note(&mut self, rival: Option<Rival>) {
        self.rival = self.rival.take().into_iter().chain(rival).min();
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
    /// From when it holds, where its source keeps versions.
    held_from: Option<i64>,
    moment: Option<i64>,
    delivered: Option<i64>,
    amount: Option<i128>,
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
/// - `append`: the row of a key that a run saw first stays, so that none which has landed goes; equal ones are duplicates, others conflicts.
/// - `upsert`: the newest row of a key stays, of equally new ones the one that was delivered later, and of these the one
///   with the later line, or with the earlier one where `repeats` says so. Of rows equal
///   to it the one with the first file and line stays, the rest are duplicates; others are superseded. Where rows of two
///   files are equally new and late, and differ, each file has a [`Rival`].
pub(crate) fn merge(
    source: &Source,
    inputs: &[MergeInput],
    order: &DeliveryOrder,
) -> Result<Merged, BufferError> {
    let mut merged = Merged { keep: vec![None; inputs.len()], tallies: BTreeMap::new() };
    if source.key.is_empty() {
        return Ok(merged);
    }
    each_key(source, inputs, order, |candidates, _| {
        merged.decide(source, inputs, candidates, order);
    })?;
    merged.tallies.values_mut().for_each(|tally| tally.conflicts.sort());
    Ok(merged)
}

/// Hands on the rows of each key of which something has to be decided, in the order of precedence.
fn each_key<'a>(
    source: &Source,
    inputs: &'a [MergeInput],
    order: &DeliveryOrder,
    mut decide: impl FnMut(&[Candidate<'a>], &HashMap<u32, RowHashes>),
) -> Result<(), BufferError> {
    let rows: usize = inputs.iter().map(|input| input.rows).sum();
    let passes = rows.div_ceil(AT_ONCE).next_power_of_two() as u64;
    for pass in 0..passes {
        let several = several(source, inputs, |hash| hash % passes == pass)?;
        let row_hashes = row_hashes(source, inputs, &several)?;
        for rows in several {
            for candidates in same_key(inputs, &row_hashes, order, rows) {
                decide(&candidates, &row_hashes);
            }
        }
    }
    Ok(())
}

/// Rows of the same hash of their key, where there are several or one that is undecided; in the order of precedence.
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
    let is_undecided = |(_, row): &(u64, RowId)| inputs[row.0 as usize].is_undecided;
    let groups = found
        .chunk_by(|left, right| left.0 == right.0)
        .filter(|group| group.len() > 1 || group.iter().any(is_undecided));
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
    order: &DeliveryOrder,
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
            held_from: row_hashes.held_from(number).or_else(|| order.moment(input.file(number))),
            moment: row_hashes.moment(number),
            delivered: row_hashes.delivered(number),
            amount: row_hashes.amount(number),
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

impl<'a> Candidate<'a> {
    /// Compares how new and how late rows of a key are; those of one file are equally late.
    fn compare(&self, other: &Self, order: &DeliveryOrder) -> Ordering {
        let moments = (self.moment, self.delivered).cmp(&(other.moment, other.delivered));
        moments.then_with(|| order.compare(self.file, other.file))
    }

    /// Where it stands among equally new rows of its file: the last of them stays.
    fn rank(&self, source: &Source) -> i128 {
        let line = i128::from(self.position.line);
        if source.repeats == Repeats::First { -line } else { line }
    }

    fn origin(&self) -> (&'a Arc<str>, u64) {
        (self.file, self.position.line)
    }
}

/// The newest row of a key; of equally new and late ones, which are told as rivals where they differ, any one.
fn newest<'a: 'b, 'b>(
    source: &Source,
    candidates: impl IntoIterator<Item = &'b Candidate<'a>>,
    order: &DeliveryOrder,
) -> Option<&'b Candidate<'a>> {
    let place = |candidate: &Candidate<'a>| (candidate.file, candidate.rank(source));
    candidates.into_iter().max_by(|left, right| {
        left.compare(right, order).then_with(|| place(left).cmp(&place(right)))
    })
}

/// The row of a key that stays.
fn staying<'a, 'b>(
    source: &Source,
    candidates: &'b [Candidate<'a>],
    order: &DeliveryOrder,
) -> Option<&'b Candidate<'a>> {
    if source.load != Load::Upsert {
        return candidates.iter().min_by_key(|candidate| order.first_seen(candidate.file));
    }
    let newest = newest(source, candidates, order)?;
    let equal = candidates.iter().filter(|candidate| candidate.content == newest.content);
    equal.min_by_key(|candidate| candidate.origin())
}

/// The row of another file that is as new and as late as the newest, and differs.
fn rival<'a, 'b>(
    source: &Source,
    candidates: &'b [Candidate<'a>],
    newest: &Candidate,
    order: &DeliveryOrder,
) -> Option<&'b Candidate<'a>> {
    let is_even = |candidate: &&Candidate<'a>| {
        candidate.file != newest.file && candidate.compare(newest, order).is_eq()
    };
    let mut by_file: BTreeMap<&Arc<str>, &Candidate> = BTreeMap::new();
    for candidate in candidates.iter().filter(is_even) {
        let last = by_file.entry(candidate.file).or_insert(candidate);
        if last.rank(source) < candidate.rank(source) {
            *last = candidate;
        }
    }
    by_file.into_values().find(|candidate| candidate.content != newest.content)
}

/// Notes that nothing says which of two rows is the newest of their key.
fn note_rivals(
    source: &Source,
    candidates: &[Candidate],
    order: &DeliveryOrder,
    tallies: &mut Tallies,
) {
    let Some(newest) = newest(source, candidates, order) else { return };
    let Some(rival) = rival(source, candidates, newest, order) else { return };
    for (one, other) in [(newest, rival), (rival, newest)] {
        let (other, other_line) = (Arc::clone(other.file), other.position.line);
        let rival = Rival { line: one.position.line, other, other_line };
        tallies.entry(Arc::clone(one.file)).or_default().note(Some(rival));
    }
}

impl Merged {
    fn decide(
        &mut self,
        source: &Source,
        inputs: &[MergeInput],
        candidates: &[Candidate],
        order: &DeliveryOrder,
    ) {
        let Some(stays) = staying(source, candidates, order) else { return };
        let content = stays.content;
        for candidate in candidates.iter().filter(|candidate| candidate.row != stays.row) {
            let outcome = match source.load {
                _ if candidate.content == content => Outcome::Duplicate,
                Load::Append | Load::Snapshot => Outcome::Conflict,
                Load::Upsert => Outcome::Superseded,
            };
            self.remove(inputs, candidate, &outcome);
        }
        if source.load == Load::Upsert {
            note_rivals(source, candidates, order, &mut self.tallies);
        }
    }

    fn remove(&mut self, inputs: &[MergeInput], candidate: &Candidate, outcome: &Outcome) {
        let (input, row) = (candidate.row.0 as usize, candidate.row.1 as usize);
        self.keep[input].get_or_insert_with(|| vec![true; inputs[input].rows])[row] = false;
        let tally = self.tallies.entry(Arc::clone(candidate.file)).or_default();
        match outcome {
            Outcome::Duplicate => tally.duplicates += 1,
            Outcome::Superseded => tally.superseded += 1,
            Outcome::Conflict => {
                tally.conflicts.push(candidate.position);
                tally.conflict_amount += candidate.amount.map_or(0, i128::unsigned_abs);
            }
        }
    }
}
