//! What an extract may be at most, so that no input fills the memory or runs for ever.

/// Limits of an extract. Whatever exceeds one is refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file as received.
    pub file_bytes: u64,
    /// Bytes of a file when expanded.
    pub expanded_bytes: u64,
    /// Expanded bytes for each byte received, looked at once `expanded_floor` is passed.
    pub expanded_ratio: u64,
    /// Expanded bytes below which any ratio is fine: small files of zeros are not bombs.
    pub expanded_floor: u64,
    /// Bytes of one field; a longer one sends its row to quarantine.
    pub field_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Columns of one file.
    pub columns: usize,
    /// Rows of one file that may go to quarantine, whatever share the source tolerates.
    pub quarantined_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            file_bytes: 4096 * MIB,
            expanded_bytes: 16_384 * MIB,
            expanded_ratio: 200,
            expanded_floor: 64 * MIB,
            field_bytes: 64 << 10,
            row_bytes: 8 << 20,
            columns: 2_000,
            quarantined_rows: 1_000_000,
        }
    }
}
