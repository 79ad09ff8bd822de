//! Rows whose key their file had before, found while it is read, so that rows that are packed need no second look.
//!
//! Finding them is a help, not a promise: what is overlooked here is found when the rows of all files are merged.

use std::ops::Range;

use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::error::ArrowError;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::marks;

/// Keys that a part of a file has had so far.
#[derive(Default)]
pub(crate) struct Seen {
    keys: HashTable<u64>,
}

/// Rows of a batch told apart: stretches of new keys, and the rows between them.
pub(crate) struct Told {
    pub(crate) fresh: Vec<Range<usize>>,
    pub(crate) repeats: Vec<u32>,
}

/// Of so many rows one may be a repeat: with more of them, rows are better left together.
const ONE_IN: usize = 16;

impl Seen {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Adds the keys of rows; rows without marks are all fresh.
    pub(crate) fn tell(&mut self, rows: &RecordBatch) -> Told {
        let mut repeats: Vec<u32> = Vec::new();
        if let Some(keys) = rows.column_by_name(marks::KEY) {
            let keys = (0..).zip(keys.as_primitive::<UInt64Type>().values());
            repeats.extend(keys.filter(|(_, key)| !self.add(**key)).map(|(row, _)| row));
        }
        if repeats.len() * ONE_IN > rows.num_rows().max(ONE_IN) {
            repeats.clear();
        }
        let mut told = Told { fresh: Vec::new(), repeats };
        let mut start = 0;
        for end in told.repeats.iter().map(|row| *row as usize).chain([rows.num_rows()]) {
            if end > start {
                told.fresh.push(start..end);
            }
            start = end + 1;
        }
        told
    }

    /// Whether a key is new.
    fn add(&mut self, key: u64) -> bool {
        match self.keys.entry(key, |other| *other == key, |key| *key) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(key);
                true
            }
        }
    }
}

impl Told {
    /// The repeats, in memory of their own.
    pub(crate) fn aside(&self, rows: &RecordBatch) -> Result<Option<RecordBatch>, ArrowError> {
        if self.repeats.is_empty() {
            return Ok(None);
        }
        take_record_batch(rows, &UInt32Array::from(self.repeats.clone())).map(Some)
    }
}
