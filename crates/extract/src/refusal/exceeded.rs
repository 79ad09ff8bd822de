//! What exceeds a limit, and which one.

use std::fmt;

use scorewright_domain::{LimitUnit, Limits, is_limit};

/// An extract exceeds a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    /// What is too much, with the figure of the limit.
    what: String,
    /// The limit's key in `[limits]`.
    pub key: &'static str,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (limit `{}`)", self.what, self.key)
    }
}

impl std::error::Error for Exceeded {}

impl Exceeded {
    pub(crate) fn new(key: &'static str, what: impl Into<String>) -> Self {
        debug_assert!(is_limit(key), "{key}");
        Self { what: what.into(), key }
    }

    /// How to let the extract pass.
    pub(crate) fn help(&self) -> String {
        format!(
            "ask the sender for smaller files, or raise `{}` in `[limits]` of `scorewright.toml`: the limits protect \
             this machine from broken and hostile files",
            self.key
        )
    }
}

fn size(bytes: impl TryInto<u64>) -> String {
    LimitUnit::Bytes.in_words(bytes.try_into().unwrap_or(u64::MAX))
}

fn count(number: impl TryInto<u64>) -> String {
    LimitUnit::Count.in_words(number.try_into().unwrap_or(u64::MAX))
}

/// What of an extract is let in by the limits.
pub(crate) trait AdmitExtract {
    /// Refuses a file of too many bytes.
    fn admit_file(&self, bytes: u64) -> Result<(), Exceeded>;

    /// Refuses a file of too many columns.
    fn admit_columns(&self, columns: usize) -> Result<(), Exceeded>;

    /// Refuses bad rows that would fill the memory: so many, with so many bytes of text.
    fn admit_quarantined(&self, rows: usize, bytes: u64) -> Result<(), Exceeded>;

    /// Refuses what expands too far: a file, or the part of one that is called so.
    fn admit_expanded(&self, of: &str, received: u64, expanded: u64) -> Result<(), Exceeded>;

    /// A zstd file that refers back too far.
    fn window_too_large(&self) -> Exceeded;

    /// The last rows of a file that cannot be held back.
    fn footer_too_long(&self, rows: usize, line: u64) -> Exceeded;

    /// Refuses a row of too many bytes.
    fn admit_row(&self, bytes: usize, line: u64) -> Result<(), Exceeded>;

    /// Refuses a line whose values are repeated in so many rows that they are longer than a row may be.
    fn admit_repeated(&self, bytes: usize, rows: usize, line: u64) -> Result<(), Exceeded>;

    /// A line without end.
    fn line_too_long(&self, line: u64) -> Exceeded;

    /// A part of a spreadsheet with a token without end.
    fn value_too_long(&self, part: &str) -> Exceeded;

    /// A part of a spreadsheet that does not fit into memory.
    fn part_too_large(&self, part: &str) -> Exceeded;

    /// A Parquet file that cannot be decoded within the memory it may take.
    fn memory_exceeded(&self) -> Exceeded;

    /// A Parquet file that cannot be decoded within the time it may take.
    fn time_exceeded(&self) -> Exceeded;

    /// A sheet of too many cells.
    fn too_many_cells(&self) -> Exceeded;
}

impl AdmitExtract for Limits {
    fn admit_file(&self, bytes: u64) -> Result<(), Exceeded> {
        let (limit, key) = (self.file_bytes, "file_bytes");
        let what = || format!("it has {}, more than {}", size(bytes), size(limit));
        if bytes <= limit { Ok(()) } else { Err(Exceeded::new(key, what())) }
    }

    fn admit_columns(&self, columns: usize) -> Result<(), Exceeded> {
        let (limit, key) = (self.columns, "columns");
        let what = || format!("it has {} columns, more than {}", count(columns), count(limit));
        if columns <= limit { Ok(()) } else { Err(Exceeded::new(key, what())) }
    }

    fn admit_quarantined(&self, rows: usize, bytes: u64) -> Result<(), Exceeded> {
        if rows > self.quarantined_rows {
            let what = format!("more than {} of its rows are bad", count(self.quarantined_rows));
            return Err(Exceeded::new("quarantined_rows", what));
        }
        if bytes > self.quarantined_bytes {
            let what = format!("its bad rows have more than {}", size(self.quarantined_bytes));
            return Err(Exceeded::new("quarantined_bytes", what));
        }
        Ok(())
    }

    fn admit_expanded(&self, of: &str, received: u64, expanded: u64) -> Result<(), Exceeded> {
        if expanded > self.expanded_bytes {
            let what = format!("{of} expands to more than {}", size(self.expanded_bytes));
            return Err(Exceeded::new("expanded_bytes", what));
        }
        if expanded > self.expanded_floor && expanded / received.max(1) > self.expanded_ratio {
            let what =
                format!("{of} expands to more than {} times its size", count(self.expanded_ratio));
            return Err(Exceeded::new("expanded_ratio", what));
        }
        Ok(())
    }

    fn window_too_large(&self) -> Exceeded {
        let what =
            format!("expanding it takes a zstd window of more than {}", size(self.zstd_window));
        Exceeded::new("zstd_window", what)
    }

    fn footer_too_long(&self, rows: usize, line: u64) -> Exceeded {
        let limit = size(self.row_bytes);
        let what = format!(
            "the {rows} rows from its line {line}, held back as a footer, are longer than {limit}"
        );
        Exceeded::new("row_bytes", what)
    }

    fn admit_row(&self, bytes: usize, line: u64) -> Result<(), Exceeded> {
        if bytes <= self.row_bytes { Ok(()) } else { Err(self.line_too_long(line)) }
    }

    fn admit_repeated(&self, bytes: usize, rows: usize, line: u64) -> Result<(), Exceeded> {
        if bytes.saturating_mul(rows) <= self.row_bytes {
            return Ok(());
        }
        let (bytes, rows, limit) = (size(bytes), count(rows), size(self.row_bytes));
        let what = format!(
            "its line {line} repeats {bytes} in each of {rows} rows, together more than {limit}"
        );
        Err(Exceeded::new("row_bytes", what))
    }

    fn line_too_long(&self, line: u64) -> Exceeded {
        let what = format!("its line {line} is longer than {}", size(self.row_bytes));
        Exceeded::new("row_bytes", what)
    }

    fn value_too_long(&self, part: &str) -> Exceeded {
        let what = format!("its part `{part}` has a value of more than {}", size(self.row_bytes));
        Exceeded::new("row_bytes", what)
    }

    fn part_too_large(&self, part: &str) -> Exceeded {
        let what = format!("its part `{part}` expands to more than {}", size(self.workbook_bytes));
        Exceeded::new("workbook_bytes", what)
    }

    fn memory_exceeded(&self) -> Exceeded {
        let what = format!("decoding it takes more than {} of memory", size(self.parquet_memory));
        Exceeded::new("parquet_memory", what)
    }

    fn time_exceeded(&self) -> Exceeded {
        let limit = count(self.parquet_seconds);
        let what =
            format!("decoding it takes more than {limit} seconds, and one more for each MiB");
        Exceeded::new("parquet_seconds", what)
    }

    fn too_many_cells(&self) -> Exceeded {
        let what = format!("its sheet has more than {} cells", count(self.sheet_cells));
        Exceeded::new("sheet_cells", what)
    }
}
