//! The rows of one part while their file is read.

use arrow::array::RecordBatch;
use scorewright_warehouse::ParquetBytes;

use crate::group;

/// Rows of one part: packed, loose, and set aside, and how much of them makes the next group.
#[derive(Default)]
pub(super) struct Sheaf {
    pub(super) packed: Vec<Held>,
    pub(super) loose: Vec<RecordBatch>,
    /// Memory of loose rows.
    pub(super) bytes: usize,
    /// Rows whose key was there before, each with the cut it belongs to.
    pub(super) aside: Vec<(usize, RecordBatch)>,
    pub(super) bytes_aside: usize,
    /// Cuts made so far.
    pub(super) cut: usize,
    /// Rows and bytes since the last cut, packed or loose.
    pub(super) rows_uncut: usize,
    bytes_uncut: usize,
    /// Rows of the file that were seen when it was last added to.
    pub(super) touched: usize,
    pub(super) rows: usize,
    pub(super) bytes_in_all: usize,
}

/// RowGroupReader rows.
pub(super) struct Held {
    pub(super) cut: usize,
    pub(super) bytes: ParquetBytes,
}

impl Sheaf {
    /// Adds loose rows when the file has come to row `seen`; `bytes` is their memory.
    pub(super) fn add(&mut self, rows: RecordBatch, weight: usize, bytes: usize, seen: usize) {
        self.count(&rows, weight, seen);
        self.bytes += bytes;
        self.bytes_in_all += weight;
        self.loose.push(rows);
    }

    /// Adds rows whose key was there before; `bytes` is their memory.
    pub(super) fn set_aside(
        &mut self,
        rows: RecordBatch,
        weight: usize,
        bytes: usize,
        seen: usize,
    ) {
        self.count(&rows, weight, seen);
        self.bytes_aside += bytes;
        self.aside.push((self.cut, rows));
    }

    fn count(&mut self, rows: &RecordBatch, weight: usize, seen: usize) {
        self.touched = seen;
        self.bytes_uncut += weight;
        self.rows += rows.num_rows();
        self.rows_uncut += rows.num_rows();
    }

    /// Whether what came since the last cut is enough for a group.
    pub(super) fn is_enough(&self) -> bool {
        group::is_enough(self.rows_uncut, self.bytes_uncut)
    }

    /// Whether the file, now at row `seen`, has gone on to other parts.
    pub(super) fn is_left(&self, seen: usize) -> bool {
        !self.loose.is_empty() && seen - self.touched > group::LEFT
    }

    /// Ends a group.
    pub(super) fn cut(&mut self) {
        (self.rows_uncut, self.bytes_uncut) = (0, 0);
        self.cut += 1;
    }
}
