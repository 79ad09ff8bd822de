//! The keys of `[limits]`: what each counts, and within which bounds it may be set.

use super::limit_values::Limits;
use crate::text::digit_groups::group_digits;

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitUnit {
    /// Bytes, written as `"8 MiB"` or as a number.
    Bytes,
    /// Things, written as a number.
    Count,
}

/// One limit as it is set, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitEntry {
    /// Its key in `[limits]`.
    pub key: &'static str,
    /// What it is a limit of, in the reader's words.
    pub says: &'static str,
    /// What it counts.
    pub unit: LimitUnit,
    /// As it is set.
    pub value: u64,
    /// What it is where nobody sets it.
    pub default: u64,
    /// The least it may be set to.
    pub least: u64,
    /// The most it may be set to.
    pub most: u64,
}

/// A key of `[limits]`.
pub(super) struct LimitKey {
    pub(super) name: &'static str,
    says: &'static str,
    pub(super) unit: LimitUnit,
    pub(super) least: u64,
    pub(super) most: u64,
    field: fn(&mut Limits) -> Field<'_>,
}

/// A field of the structure.
enum Field<'a> {
    Wide(&'a mut u64),
    Plain(&'a mut usize),
    /// What the machine gives a share of, where nobody sets it.
    Share(&'a mut Option<u64>),
}

use Field::{Plain, Share, Wide};
use LimitUnit::{Bytes, Count};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// The upper bounds are what the program holds: texts of a batch stay below the 2 GiB that Arrow counts with 31 bits, and
/// values inside each other within the stack.
pub(super) const KEYS: [LimitKey; 21] = [
    key("file_bytes", "a file as received", Bytes, KIB, TIB, |limits| Wide(&mut limits.file_bytes)),
    key("expanded_bytes", "a file when expanded", Bytes, KIB, 16 * TIB, |limits| {
        Wide(&mut limits.expanded_bytes)
    }),
    key(
        "expanded_ratio",
        "times that expanding makes a file larger",
        Count,
        1,
        1_000_000,
        |limits| Wide(&mut limits.expanded_ratio),
    ),
    key("expanded_floor", "expanded size below which any ratio is fine", Bytes, 0, TIB, |limits| {
        Wide(&mut limits.expanded_floor)
    }),
    key("zstd_window", "what zstd may refer back to", Bytes, KIB, 2 * GIB, |limits| {
        Wide(&mut limits.zstd_window)
    }),
    key("row_bytes", "a row, or a line of JSON", Bytes, KIB, GIB, |limits| {
        Plain(&mut limits.row_bytes)
    }),
    key("field_bytes", "a field; a longer one sets its row aside", Bytes, 1, 256 * MIB, |limits| {
        Plain(&mut limits.field_bytes)
    }),
    key(
        "key_bytes",
        "a key without `max_length`; a longer one sets its row aside",
        Bytes,
        1,
        MIB,
        |limits| Plain(&mut limits.key_bytes),
    ),
    key("columns", "columns of a file", Count, 1, 100_000, |limits| Plain(&mut limits.columns)),
    key("json_depth", "JSON inside JSON; deeper sets the row aside", Count, 1, 1_000, |limits| {
        Plain(&mut limits.json_depth)
    }),
    key(
        "workbook_bytes",
        "shared texts, styles and sheet list of a spreadsheet, each",
        Bytes,
        64 * KIB,
        2 * GIB,
        |limits| Wide(&mut limits.workbook_bytes),
    ),
    key(
        "parquet_memory",
        "memory that decoding a Parquet file may take",
        Bytes,
        512 * MIB,
        TIB,
        |limits| Wide(&mut limits.parquet_memory),
    ),
    key(
        "parquet_seconds",
        "processor seconds for a Parquet file, and one more for each MiB",
        Count,
        1,
        86_400,
        |limits| Wide(&mut limits.parquet_seconds),
    ),
    key("sheet_cells", "cells of a sheet", Count, 1, 1 << 34, |limits| {
        Wide(&mut limits.sheet_cells)
    }),
    key(
        "quarantined_rows",
        "bad rows of a file, whatever `tolerate` says",
        Count,
        0,
        100_000_000,
        |limits| Plain(&mut limits.quarantined_rows),
    ),
    key("quarantined_bytes", "bad rows of a file, as text", Bytes, 64 * KIB, 64 * GIB, |limits| {
        Wide(&mut limits.quarantined_bytes)
    }),
    key("segments", "segments of one dimension of a metric", Count, 1, 100_000, |limits| {
        Plain(&mut limits.segments)
    }),
    key("memory", "memory of all queries together", Bytes, 256 * MIB, 16 * TIB, |limits| {
        Share(&mut limits.sql.memory)
    }),
    key("query_seconds", "seconds that a query may run", Count, 1, 604_800, |limits| {
        Wide(&mut limits.sql.query_seconds)
    }),
    key("temporary_bytes", "temporary files of a query", Bytes, MIB, 16 * TIB, |limits| {
        Wide(&mut limits.sql.temporary_bytes)
    }),
    key("table_bytes", "the file of a model", Bytes, KIB, 16 * TIB, |limits| {
        Wide(&mut limits.sql.table_bytes)
    }),
];

const fn key(
    name: &'static str,
    says: &'static str,
    unit: LimitUnit,
    least: u64,
    most: u64,
    field: fn(&mut Limits) -> Field<'_>,
) -> LimitKey {
    LimitKey { name, says, unit, least, most, field }
}

/// Whether `[limits]` has a key.
pub fn is_limit(key: &str) -> bool {
    KEYS.iter().any(|known| known.name == key)
}

impl LimitKey {
    /// - `share`: of the machine, where nobody sets it.
    fn get(&self, mut limits: Limits, share: u64) -> u64 {
        match (self.field)(&mut limits) {
            Wide(number) => *number,
            Plain(number) => *number as u64,
            Share(number) => number.unwrap_or(share),
        }
    }

    pub(super) fn set(&self, limits: &mut Limits, value: u64) {
        match (self.field)(limits) {
            Wide(number) => *number = value,
            Plain(number) => *number = usize::try_from(value).unwrap_or(usize::MAX),
            Share(number) => *number = Some(value),
        }
    }
}

impl Limits {
    /// All limits as they are set, in the order of the reference.
    ///
    /// - `share`: bytes of memory that this machine gives to queries, where nobody sets them.
    pub fn listed(&self, share: u64) -> Vec<LimitEntry> {
        let listed = |key: &LimitKey| LimitEntry {
            key: key.name,
            says: key.says,
            unit: key.unit,
            value: key.get(*self, share),
            default: key.get(Self::default(), share),
            least: key.least,
            most: key.most,
        };
        KEYS.iter().map(listed).collect()
    }
}

impl LimitUnit {
    /// A number of it for people: `8 MiB`, `2,000`.
    ///
    /// ```
    /// use scorewright_domain::LimitUnit;
    ///
    /// assert_eq!(LimitUnit::Bytes.in_words(8 << 20), "8 MiB");
    /// assert_eq!(LimitUnit::Count.in_words(100_001), "100,001");
    /// ```
    pub fn in_words(self, number: u64) -> String {
        const SIZES: [(u64, &str); 4] = [(TIB, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")];
        let size = SIZES.iter().find(|(size, _)| number >= *size && number.is_multiple_of(*size));
        match (self, size) {
            (Self::Bytes, Some((size, name))) => format!("{} {name}", number / size),
            (Self::Bytes, None) if number == 1 => "1 byte".into(),
            (Self::Bytes, None) => format!("{} bytes", group_digits(&number.to_string())),
            (Self::Count, _) => group_digits(&number.to_string()),
        }
    }
}
