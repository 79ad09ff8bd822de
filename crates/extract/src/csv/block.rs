//! Whole records of a file.

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
