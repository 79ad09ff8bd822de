//! Where a row stands in its file.

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPosition {
    /// Line it starts on, from 1; its number where the format has no lines.
    pub line: u64,
    /// First byte in the expanded file; 0 where the format has no rows of bytes.
    pub byte: u64,
    /// How many bytes it has.
    pub length: u64,
}
