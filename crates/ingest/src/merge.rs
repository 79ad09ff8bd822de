//! Rows of all files of a source brought together: what is there once, twice, or in conflict.
//!
//! It works on one part of a table at a time: rows of the same key are always in the same part.

pub(crate) mod compare;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::Int64Type;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::format::Place;
use crate::source::{Load, Source};

/// Rows of one file, in file order: the stored columns, then the line; just read, also byte and length.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) file: Arc<str>,
    pub(crate) rows: RecordBatch,
}

/// Which rows stay, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// For each piece, which of its rows stay; `None` when all do.
    pub(crate) keep: Vec<Option<BooleanArray>>,
    pub(crate) tallies: BTreeMap<Arc<str>, Tally>,
}

/// What became of rows of one file that do not stay.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) duplicates: u64,
    pub(crate) superseded: u64,
    /// Rows whose key another row with other values has, in the order of lines.
    pub(crate) conflicts: Vec<Place>,
}

impl Tally {
    /// Rows that do not stay.
    pub(crate) fn gone(&self) -> u64 {
        self.duplicates + self.superseded + self.conflicts.len() as u64
    }

    /// Adds what became of rows of the same file in another part of the table.
    pub(crate) fn add(&mut self, other: Self) {
        self.duplicates += other.duplicates;
        self.superseded += other.superseded;
        self.conflicts.extend(other.conflicts);
        self.conflicts.sort();
    }
}

/// A row: its piece and its number there.
type Row = (u32, u32);

enum Fate {
    Duplicate,
    Superseded,
    Conflict,
}

/// Decides for every row whether it stays.
///
/// Pieces come in the order of precedence: rows that are there already, then the new files by path.
/// - Without a key every row stays.
/// - `append`: the first row of a key stays; equal ones are duplicates, others conflicts.
/// - `upsert`: the newest row of a key stays, of equally new ones the one with the later file and line;
///   rows equal to it are duplicates, others superseded.
pub(crate) fn merge(source: &Source, pieces: &[Piece]) -> Merged {
    let merging = Merging::new(source, pieces);
    let mut gone: Vec<(Row, Fate)> = Vec::new();
    if !source.key.is_empty() {
        for group in merging.groups() {
            merging.decide(&group, &mut gone);
        }
    }
    merging.account(gone)
}

struct Merging<'a> {
    load: Load,
    pieces: &'a [Piece],
    key: Vec<usize>,
    stored: usize,
    updated_at: Option<usize>,
}

impl<'a> Merging<'a> {
    fn new(source: &Source, pieces: &'a [Piece]) -> Self {
        let place = |wanted: &str| source.stored().position(|(name, _)| name == wanted);
        Self {
            load: source.load,
            pieces,
            key: source.key.iter().filter_map(|key| place(key)).collect(),
            stored: source.stored().count(),
            updated_at: source.updated_at.as_deref().and_then(place),
        }
    }

    /// Rows of the same key, where there are several; in the order of precedence.
    fn groups(&self) -> Vec<Vec<Row>> {
        let rows = self.pieces.iter().map(|piece| piece.rows.num_rows()).sum();
        let mut first: HashTable<(u64, Row)> = HashTable::with_capacity(rows);
        let mut several: BTreeMap<Row, Vec<Row>> = BTreeMap::new();
        for (number, piece) in (0..).zip(self.pieces) {
            for (row, hash) in (0..).zip(compare::hashes(&piece.rows, &self.key)) {
                let row = (number, row);
                let is_same = |other: &(u64, Row)| other.0 == hash && self.are_equal(other.1, row, &self.key);
                match first.entry(hash, is_same, |other| other.0) {
                    Entry::Vacant(place) => drop(place.insert((hash, row))),
                    Entry::Occupied(there) => {
                        let there = there.get().1;
                        several.entry(there).or_insert_with(|| vec![there]).push(row);
                    }
                }
            }
        }
        several.into_values().collect()
    }

    fn decide(&self, group: &[Row], gone: &mut Vec<(Row, Fate)>) {
        let stays = match self.load {
            Load::Append | Load::Snapshot => group.first().copied(),
            Load::Upsert => group.iter().copied().max_by(|left, right| self.newer(*left, *right)),
        };
        let Some(stays) = stays else { return };
        let all: Vec<usize> = (0..self.stored).collect();
        for row in group.iter().filter(|row| **row != stays) {
            let fate = match self.load {
                _ if self.are_equal(stays, *row, &all) => Fate::Duplicate,
                Load::Append | Load::Snapshot => Fate::Conflict,
                Load::Upsert => Fate::Superseded,
            };
            gone.push((*row, fate));
        }
    }

    fn newer(&self, left: Row, right: Row) -> Ordering {
        let moment = |row: Row| {
            self.updated_at.and_then(|column| compare::moment(self.rows(row).column(column), row.1 as usize))
        };
        let place = |row: Row| (&self.pieces[row.0 as usize].file, self.line(row));
        moment(left).cmp(&moment(right)).then_with(|| place(left).cmp(&place(right)))
    }

    fn are_equal(&self, left: Row, right: Row, columns: &[usize]) -> bool {
        let (there, here) = (self.rows(left), self.rows(right));
        columns.iter().all(|column| {
            compare::are_equal(there.column(*column), left.1 as usize, here.column(*column), right.1 as usize)
        })
    }

    fn rows(&self, row: Row) -> &RecordBatch {
        &self.pieces[row.0 as usize].rows
    }

    fn number(&self, row: Row, column: usize) -> u64 {
        let rows = self.rows(row);
        let has_it = column < rows.num_columns();
        if has_it {
            rows.column(column).as_primitive::<Int64Type>().value(row.1 as usize).cast_unsigned()
        } else {
            0
        }
    }

    fn line(&self, row: Row) -> u64 {
        self.number(row, self.stored)
    }

    fn account(&self, gone: Vec<(Row, Fate)>) -> Merged {
        let mut masks: Vec<Option<Vec<bool>>> = vec![None; self.pieces.len()];
        let mut merged = Merged::default();
        for (row, fate) in gone {
            let piece = &self.pieces[row.0 as usize];
            let mask = masks[row.0 as usize].get_or_insert_with(|| vec![true; piece.rows.num_rows()]);
            mask[row.1 as usize] = false;
            let tally = merged.tallies.entry(Arc::clone(&piece.file)).or_default();
            match fate {
                Fate::Duplicate => tally.duplicates += 1,
                Fate::Superseded => tally.superseded += 1,
                Fate::Conflict => tally.conflicts.push(Place {
                    line: self.line(row),
                    byte: self.number(row, self.stored + 1),
                    length: self.number(row, self.stored + 2),
                }),
            }
        }
        merged.tallies.values_mut().for_each(|tally| tally.conflicts.sort());
        merged.keep = masks.into_iter().map(|mask| mask.map(BooleanArray::from)).collect();
        merged
    }
}
