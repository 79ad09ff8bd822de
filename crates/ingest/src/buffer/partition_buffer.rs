//! The rows of one partition while their file is read.

use arrow::array::RecordBatch;
use scorewright_warehouse::ParquetBytes;

use crate::rows::row_group;

/// Rows of one partition: encoded, in memory, and deferred; and how much of them makes the next row group.
///
/// Rows that make a row group together have the same row-group index.
#[derive(Default)]
pub(super) struct PartitionBuffer {
    pub(super) encoded: Vec<EncodedRows>,
    pub(super) in_memory: Vec<RecordBatch>,
    /// Memory of the rows in memory.
    pub(super) bytes: usize,
    /// Rows whose key was there before, each with the row group it belongs to: they are looked at when rows are merged.
    pub(super) deferred: Vec<(usize, RecordBatch)>,
    pub(super) bytes_deferred: usize,
    /// Index of the row group that is being filled.
    pub(super) row_group: usize,
    /// Rows and bytes of that row group so far, encoded or in memory.
    pub(super) rows_in_group: usize,
    bytes_in_group: usize,
    /// Rows of the file that had been added when it was last added to.
    last_added: usize,
    pub(super) rows: usize,
    pub(super) bytes_in_all: usize,
}

/// Rows encoded as one row group, or as a piece of one.
pub(super) struct EncodedRows {
    pub(super) row_group: usize,
    pub(super) bytes: ParquetBytes,
}

impl PartitionBuffer {
    /// Adds rows when `added` rows of the file have been added; `bytes` is their memory.
    pub(super) fn add(&mut self, rows: RecordBatch, weight: usize, bytes: usize, added: usize) {
        self.count(&rows, weight, added);
        self.bytes += bytes;
        self.bytes_in_all += weight;
        self.in_memory.push(rows);
    }

    /// Adds rows whose key was there before; `bytes` is their memory.
    pub(super) fn defer(&mut self, rows: RecordBatch, weight: usize, bytes: usize, added: usize) {
        self.count(&rows, weight, added);
        self.bytes_deferred += bytes;
        self.deferred.push((self.row_group, rows));
    }

    fn count(&mut self, rows: &RecordBatch, weight: usize, added: usize) {
        self.last_added = added;
        self.bytes_in_group += weight;
        self.rows += rows.num_rows();
        self.rows_in_group += rows.num_rows();
    }

    /// Whether the row group has rows enough.
    pub(super) fn is_enough(&self) -> bool {
        row_group::is_enough(self.rows_in_group, self.bytes_in_group)
    }

    /// Whether the file, of which `added` rows have been added, has gone on to other partitions.
    pub(super) fn is_left(&self, added: usize) -> bool {
        !self.in_memory.is_empty() && added - self.last_added > row_group::LEFT
    }

    /// Ends the row group.
    pub(super) fn end_row_group(&mut self) {
        (self.rows_in_group, self.bytes_in_group) = (0, 0);
        self.row_group += 1;
    }
}
