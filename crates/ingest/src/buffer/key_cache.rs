//! Rows whose key their file had before, found while it is read, so that rows that are encoded need no second look.
//!
//! Finding them is a help, not a promise: what is overlooked here is found when the rows of all files are merged, and
//! what is taken for one by chance is then found to be none.

use std::ops::Range;

use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::error::ArrowError;

use crate::rows::row_hashes;

/// Keys that a file had lately. Where two want the same place the newer one has it.
///
/// It is small enough to stay near the processor, because it is asked for every row.
#[derive(Default)]
pub(crate) struct KeyCache {
    /// What is left of a hash beside its place.
    places: Vec<u32>,
}

const PLACES: usize = 1 << 18;

/// An empty place is zero.
const IS_THERE: u32 = 1;

/// Rows of a batch: ranges of new keys, and the rows between them whose key was there before.
pub(crate) struct FreshAndRepeated {
    pub(crate) fresh: Vec<Range<usize>>,
    pub(crate) repeats: Vec<u32>,
}

/// Of so many rows one may be a repeat: with more of them, rows are better left together.
const ONE_IN: usize = 16;

impl KeyCache {
    /// Adds the keys of rows; rows without hashes are all fresh.
    pub(crate) fn split(&mut self, rows: &RecordBatch) -> FreshAndRepeated {
        let mut repeats: Vec<u32> = Vec::new();
        if let Some(keys) = rows.column_by_name(row_hashes::KEY) {
            self.places.resize(PLACES, 0);
            let keys = (0..).zip(keys.as_primitive::<UInt64Type>().values());
            repeats.extend(keys.filter(|(_, key)| !self.add(**key)).map(|(row, _)| row));
        }
        if repeats.len() * ONE_IN > rows.num_rows().max(ONE_IN) {
            repeats.clear();
        }
        let mut split = FreshAndRepeated { fresh: Vec::new(), repeats };
        let mut start = 0;
        for end in split.repeats.iter().map(|row| *row as usize).chain([rows.num_rows()]) {
            if end > start {
                split.fresh.push(start..end);
            }
            start = end + 1;
        }
        split
    }

    /// Whether a key is new.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
    fn add(&mut self, key: u64) -> bool {
        let (place, rest) = (key as usize % PLACES, (key >> 32) as u32 | IS_THERE);
        std::mem::replace(&mut self.places[place], rest) != rest
    }
}

impl FreshAndRepeated {
    /// Rows of a batch as if all of their keys were new.
    pub(crate) fn all_fresh(rows: &RecordBatch) -> Self {
        Self { fresh: std::iter::once(0..rows.num_rows()).collect(), repeats: Vec::new() }
    }

    /// The repeats, in memory of their own.
    pub(crate) fn repeated(&self, rows: &RecordBatch) -> Result<Option<RecordBatch>, ArrowError> {
        if self.repeats.is_empty() {
            return Ok(None);
        }
        take_record_batch(rows, &UInt32Array::from(self.repeats.clone())).map(Some)
    }
}
