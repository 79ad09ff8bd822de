//! Rows as buffers take them: with what tells them apart, and by partition.

use std::io;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use scorewright_extract::{PrepareRows, RowPosition, Source, TypedRows};

use crate::error::BufferError;
use crate::rows::partition::{Partition, Partitioner};
use crate::rows::row_hashes::{self, has_row_hashes};
use crate::rows::table::{may_conflict, read_schema};

/// Prepares the rows of one source, by whichever thread has typed them.
pub(crate) struct RowPreparer<'a> {
    source: &'a Source,
    schema: SchemaRef,
    partitioner: Partitioner,
}

impl<'a> RowPreparer<'a> {
    pub(crate) fn new(source: &'a Source, file: &str) -> Self {
        Self { source, schema: read_schema(source), partitioner: Partitioner::of(source, file) }
    }

    fn batch(&self, rows: TypedRows) -> Result<RecordBatch, ArrowError> {
        let TypedRows { mut columns, positions } = rows;
        let stored = columns.len();
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
