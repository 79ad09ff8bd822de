//! Whole records of a file.

use std::sync::Arc;

use super::split::Offsets;
use crate::bytes::stream::Bytes;

/// Whole records, and where they lie.
pub(crate) struct CsvBlock {
    pub(crate) bytes: Bytes,
    /// Place of its first byte in the expanded file.
    pub(crate) base: u64,
    pub(crate) offsets: Offsets,
    /// Bytes of the file itself that it came from.
    pub(crate) received: u64,
}

/// Whole records, of each of which one row is taken: all that it makes, or the row of one column.
pub(crate) struct CsvTurn {
    pub(crate) block: Arc<CsvBlock>,
    /// Which of the rows that a record makes.
    pub(crate) row: usize,
}

impl CsvTurn {
    /// Whether no row of these records was taken before.
    pub(crate) fn is_first(&self) -> bool {
        self.row == 0
    }
}
