//! Which part of a spreadsheet is read.

use serde::Deserialize;

/// The `[xlsx]` part of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Worksheet {
    /// Name of the sheet; the first that is shown when absent.
    pub sheet: Option<String>,
    /// Rows of the sheet above the header, whatever they hold.
    pub skip_rows: u64,
    /// Header rows in all; the first holds the names. Rows without any cell do not count.
    pub header_rows: usize,
}

impl Default for Worksheet {
    fn default() -> Self {
        Self { sheet: None, skip_rows: 0, header_rows: 1 }
    }
}
