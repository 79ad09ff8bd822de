//! Rows of a sorted answer that share their key with the row before.

use arrow::array::ArrayRef;
use arrow::compute::{concat, partition};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

/// Counts, batch by batch of rows that are sorted by a key, those that repeat the key of the row before; no value is one
/// value.
pub(super) struct RepeatedKeys<'a> {
    columns: &'a [String],
    /// The key of the last row so far, in arrays of one row.
    last: Option<Vec<ArrayRef>>,
    repeats: u64,
}

impl<'a> RepeatedKeys<'a> {
    pub(super) fn of(columns: &'a [String]) -> Self {
        Self { columns, last: None, repeats: 0 }
    }

    /// Adds the next rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        if batch.num_rows() == 0 || self.columns.is_empty() {
            return Ok(());
        }
        let key = self.columns.iter().map(|name| {
            let found = batch.column_by_name(name).cloned();
            found.ok_or_else(|| ArrowError::SchemaError(format!("there is no column `{name}`")))
        });
        let key = key.collect::<Result<Vec<_>, _>>()?;
        self.repeats += repeats_in(&key, batch.num_rows())?;
        if let Some(last) = self.last.take() {
            let neighbours =
                last.iter().zip(&key).map(|(last, next)| concat(&[last, &next.slice(0, 1)]));
            self.repeats += repeats_in(&neighbours.collect::<Result<Vec<_>, _>>()?, 2)?;
        }
        self.last = Some(key.iter().map(|column| column.slice(batch.num_rows() - 1, 1)).collect());
        Ok(())
    }

    /// How many rows repeat a key.
    pub(super) fn count(&self) -> u64 {
        self.repeats
    }
}

/// Rows that are equal to the one before.
fn repeats_in(key: &[ArrayRef], rows: usize) -> Result<u64, ArrowError> {
    Ok((rows - partition(key)?.len()) as u64)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};

    use super::*;

    fn batch(keys: &[(Option<&str>, i64)]) -> RecordBatch {
        let texts: StringArray = keys.iter().map(|(text, _)| *text).collect();
        let numbers: Int64Array = keys.iter().map(|(_, number)| Some(*number)).collect();
        let columns: [(&str, ArrayRef); 2] =
            [("text", Arc::new(texts)), ("number", Arc::new(numbers))];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn repeats(keys: &[(Option<&str>, i64)], length: usize) -> u64 {
        let columns = ["text".to_owned(), "number".to_owned()];
        let mut repeated = RepeatedKeys::of(&columns);
        keys.chunks(length).for_each(|rows| repeated.add(&batch(rows)).unwrap());
        repeated.count()
    }

    #[test]
    fn rows_that_repeat_a_key_are_counted_across_batches() {
        let keys = [
            (Some("a"), 1),
            (Some("a"), 2),
            (Some("a"), 2),
            (Some("a"), 2),
            (Some("b"), 2),
            (None, 2),
            (None, 2),
        ];
        for length in 1..=keys.len() {
            assert_eq!(repeats(&keys, length), 3, "batches of {length} rows");
        }
        assert_eq!(repeats(&keys[4..6], 1), 0);
    }
}
