//! What a file format has to know: one file of this crate for each, behind one trait.

use crate::csv::Csv;
use crate::json_lines::JsonLines;
use crate::limits::Limits;
use crate::parquet::Parquet;
use crate::present::Present;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::source::{FileFormat, Source};
use crate::xlsx::Xlsx;

/// A way to read the rows of a file.
pub(crate) trait Format: Sync {
    /// Hands every row of the file to `rows`, good and bad.
    fn read(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        rows: &mut Rows,
    ) -> Result<(), Refusal>;

    /// Columns that the source does not declare, as far as they are known before a row is read.
    ///
    /// A column that is found later costs a second reading of the file, where columns evolve.
    fn undeclared(&self, _file: &Present, _source: &Source, _limits: &Limits) -> Vec<String> {
        Vec::new()
    }

    /// The rows at some places, in ascending order, as text for a person.
    fn show(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        places: &[Place],
    ) -> Result<Vec<String>, Refusal>;
}

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: u64,
    /// First byte in the expanded file; 0 where the format has no rows of bytes.
    pub(crate) byte: u64,
    pub(crate) length: u64,
}

/// What stands in quarantine for a row whose personal values cannot be told from the rest.
pub(crate) const WITHHELD: &str = "(not kept: the source has personal columns)";

/// What stands in quarantine for a personal value.
pub(crate) const MASK: &str = "***";

/// The reader of a format.
pub(crate) fn of(format: FileFormat) -> &'static dyn Format {
    match format {
        FileFormat::Csv => &Csv,
        FileFormat::JsonLines => &JsonLines,
        FileFormat::Parquet => &Parquet,
        FileFormat::Xlsx => &Xlsx,
    }
}

/// Refuses a text file that plainly is no text, with a word on what it is.
pub(crate) fn recognize(bytes: &[u8]) -> Result<(), Refusal> {
    let (what, help) = match bytes {
        [] => return Err(Refusal::Empty),
        [0x1F, 0x8B, ..] => ("gzip", "give it a name that ends in `.gz`"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ("zstd", "give it a name that ends in `.zst`"),
        [b'P', b'K', 3, 4, ..] => (
            "a zip archive or a spreadsheet",
            "unpack it, or set `format = \"xlsx\"` in the source file",
        ),
        [b'P', b'A', b'R', b'1', ..] => {
            ("Parquet", "set `format = \"parquet\"` in the source file")
        }
        _ => return Ok(()),
    };
    Err(Refusal::OtherFormat(what, help))
}
