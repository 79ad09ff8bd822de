//! The limits of an extract and of a query, and what they are where nobody sets them.

/// Limits of an extract and of a query: `[limits]` of `scorewright.toml`. Whatever exceeds one is refused by its name.
///
/// ```
/// use scorewright_domain::{Limits, ProjectFile};
///
/// let limits: Limits = ProjectFile::new("limits.toml", "row_bytes = \"64 MiB\"").toml()?;
/// assert_eq!(limits, Limits { row_bytes: 64 << 20, ..Limits::default() });
/// # Ok::<(), scorewright_domain::Fault>(())
/// ```
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
    /// Bytes of one row, or line of JSON.
    pub row_bytes: usize,
    /// Bytes of one field; a longer one sends its row to quarantine.
    pub field_bytes: usize,
    /// Bytes of a key whose column has no `max_length`; a longer one sends its row to quarantine.
    pub key_bytes: usize,
    /// Columns of one file.
    pub columns: usize,
    /// JSON objects and arrays inside each other; deeper ones send their row to quarantine.
    pub json_depth: usize,
    /// Bytes of each part of a spreadsheet that is held in memory: shared texts, styles, the list of sheets.
    pub workbook_bytes: u64,
    /// Bytes of memory that decoding a Parquet file may take.
    pub parquet_memory: u64,
    /// Seconds of a processor that decoding a Parquet file may take; each MiB of the file adds one.
    pub parquet_seconds: u64,
    /// Cells of one sheet.
    pub sheet_cells: u64,
    /// Rows of one file that may go to quarantine, whatever share the source tolerates.
    pub quarantined_rows: usize,
    /// Bytes of the rows of one file that go to quarantine: they are held in memory.
    pub quarantined_bytes: u64,
    /// Segments of one dimension that a metric is stated for.
    pub segments: usize,
    /// Those of SQL.
    pub sql: SqlLimits,
}

/// Limits of one query: a model, a check, a question of a metric, `scorewright query`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlLimits {
    /// Bytes of memory that queries may hold together; `None` is a quarter of what the machine, or the control group of
    /// the process, has.
    pub memory: Option<u64>,
    /// Seconds that a query may run.
    pub query_seconds: u64,
    /// Bytes that a query may write into temporary files.
    pub temporary_bytes: u64,
    /// Bytes of the file of a model.
    pub table_bytes: u64,
}

impl Default for SqlLimits {
    fn default() -> Self {
        const GIB: u64 = 1 << 30;
        Self {
            memory: None,
            query_seconds: 3_600,
            temporary_bytes: 16 * GIB,
            table_bytes: 64 * GIB,
        }
    }
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
            row_bytes: 8 << 20,
            field_bytes: 64 << 10,
            key_bytes: 256, // longer ones are texts that slipped into another column
            columns: 2_000,
            json_depth: 64,
            workbook_bytes: 128 * MIB,
            parquet_memory: 4096 * MIB,
            parquet_seconds: 60,
            sheet_cells: 100_000_000,
            quarantined_rows: 1_000_000,
            quarantined_bytes: 256 * MIB,
            segments: 1_000,
            sql: SqlLimits::default(),
        }
    }
}
