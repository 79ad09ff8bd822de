//! What an extract may be at most, so that no input fills the memory or runs for ever.

use crate::refusal::Refusal;

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
    /// Bytes of text that a zstd file may refer back to; a power of two.
    pub zstd_window: u64,
    /// Bytes of one field; a longer one sends its row to quarantine.
    pub field_bytes: usize,
    /// Bytes of one row, or line of JSON.
    pub row_bytes: usize,
    /// JSON objects and arrays inside each other; deeper ones send their row to quarantine.
    pub json_depth: usize,
    /// Bytes of each part of a spreadsheet that is held in memory: shared texts, styles, the list of sheets.
    pub workbook_bytes: u64,
    /// Cells of one sheet.
    pub sheet_cells: u64,
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
            zstd_window: 8 * MIB, // what RFC 8878 asks of every reader
            field_bytes: 64 << 10,
            row_bytes: 8 << 20,
            json_depth: 64,
            workbook_bytes: 128 * MIB,
            sheet_cells: 100_000_000,
            columns: 2_000,
            quarantined_rows: 1_000_000,
        }
    }
}

impl Limits {
    /// Refuses a file of too many columns.
    pub(crate) fn admit_columns(&self, columns: usize) -> Result<(), Refusal> {
        if columns <= self.columns {
            return Ok(());
        }
        let limit = self.columns;
        Err(Refusal::TooLarge(format!("it has {columns} columns, more than the limit of {limit}")))
    }

    /// The refusal of a file whose last rows cannot be held back.
    pub(crate) fn footer_too_long(&self, rows: usize, line: u64) -> Refusal {
        let limit = self.row_bytes;
        let what = format!(
            "the {rows} rows from its line {line}, held back as a footer, are longer than {limit} bytes"
        );
        Refusal::TooLarge(what)
    }

    /// The refusal of a file that has a line without end.
    pub(crate) fn line_too_long(&self, line: u64) -> Refusal {
        let limit = self.row_bytes;
        Refusal::TooLarge(format!("its line {line} is longer than {limit} bytes"))
    }
}
