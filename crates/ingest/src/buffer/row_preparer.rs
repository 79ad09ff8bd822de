//! Rows as buffers take them: with what tells them apart, and by partition.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use scorewright_extract::{PrepareRows, RowPosition, Source, TypedRows};

use crate::error::BufferError;
use crate::rows::partition::{Partition, Partitioner};
use crate::rows::row_hashes::{self, column_values, has_row_hashes};
use crate::rows::row_sample::{RowSample, has_row_sample};
use crate::rows::table::{may_conflict, read_schema};

/// Prepares the rows of one source, by whichever thread has typed them.
pub(crate) struct RowPreparer<'a> {
    source: &'a Source,
    schema: SchemaRef,
    partitioner: Partitioner,
    sample: Arc<Mutex<RowSample>>,
}

impl<'a> RowPreparer<'a> {
    pub(crate) fn new(source: &'a Source, file: &str, sample: Arc<Mutex<RowSample>>) -> Self {
        let (schema, partitioner) = (read_schema(source), Partitioner::of(source, file));
        Self { source, schema, partitioner, sample }
    }

    fn batch(&self, rows: TypedRows) -> Result<RecordBatch, ArrowError> {
        let TypedRows { mut columns, positions } = rows;
        let stored = columns.len();
        if has_row_sample(self.source) {
            let hashes = column_values::hashes(&columns, 0);
            self.sample.lock().unwrap_or_else(PoisonError::into_inner).add(&hashes);
        }
        let numbers = |of: fn(&RowPosition) -> u64| -> ArrayRef {
            let numbers = positions.iter().map(|position| of(position).cast_signed());
            Arc::new(Int64Array::from_iter_values(numbers))
        };
        columns.push(numbers(|position| position.line));
        if may_conflict(self.source) {
            columns
                .extend([numbers(|position| position.byte), numbers(|position| position.length)]);
        }
        if has_row_hashes(self.source) {
            columns.extend(row_hashes::of(self.source, &columns[..stored]));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    /// Rows that are a batch already, by partition.
    pub(crate) fn split(
        &self,
        rows: &RecordBatch,
    ) -> Result<Vec<(Partition, RecordBatch)>, ArrowError> {
        self.partitioner.split(rows)
    }
}

impl PrepareRows for RowPreparer<'_> {
    type Prepared = Vec<(Partition, RecordBatch)>;

    fn prepare(&self, rows: TypedRows) -> io::Result<Self::Prepared> {
        let prepared = self.batch(rows).and_then(|rows| self.split(&rows));
        prepared.map_err(|error| BufferError::from(error).into())
    }
}
