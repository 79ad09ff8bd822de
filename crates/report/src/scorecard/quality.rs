//! What the figures rest on: sources, their books, and what is wrong with them.

use serde::{Deserialize, Serialize};

/// What the figures rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataQuality {
    /// `All 6 sources arrived; 312 of 164,021 rows are set aside (0.2 %).` Arrived is a source that reaches the end of
    /// the period.
    pub sentence: String,
    /// What a reader must know before reading on; `null` when nothing.
    pub banner: Option<String>,
    /// Whether a figure of the page is not delivered to the end of its period.
    pub is_partial: bool,
    /// Every declared source.
    pub sources: Vec<SourceQuality>,
    /// Checks that failed and stop nothing.
    pub warnings: Vec<QualityWarning>,
}

/// The books of one source.
///
/// `read = accepted + quarantined + duplicates + superseded + not_data`, always; of a sample and `not_sampled`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceQuality {
    /// Name of the source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub state: QualityState,
    /// Extracts that landed.
    pub files: u64,
    /// Rows read.
    pub read: u64,
    /// Rows used.
    pub accepted: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// Rows repeated exactly.
    pub duplicates: u64,
    /// Rows replaced by a later version.
    pub superseded: u64,
    /// Rows that are no data: totals, remarks.
    pub not_data: u64,
    /// Rows that a sample leaves out; absent where there is no sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_sampled: Option<u64>,
    /// Rows in quarantine by reason, most first.
    pub reasons: Vec<QuarantineReason>,
    /// Newest moment delivered, in RFC 3339.
    pub watermark: Option<String>,
    /// Everything before this moment was delivered, in RFC 3339; `null` where the source does not say.
    pub reach: Option<String>,
    /// Whether it ends before the period does, or before what is expected of it.
    pub is_late: bool,
    /// Whether it ends before what is expected of it.
    pub is_overdue: bool,
    /// Extracts refused whole, each with its reason.
    pub refused: Vec<String>,
    /// Titles of the lines made from it.
    pub affects: Vec<String>,
    /// Rows that belong to no known customer; `null` where its rows are not matched to customers.
    pub unmatched: Option<Unmatched>,
    /// How it is shown.
    pub display: QualityDisplay,
}

/// Rows that belong to no known customer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmatched {
    /// Rows that belong to none.
    pub rows: u64,
    /// Rows looked at: those that count, as they are in the tables now.
    pub looked_at: u64,
    /// Their share, from 0 to 1; `null` when no row was looked at.
    pub share: Option<f64>,
    /// Whether they are more than is tolerated.
    pub is_warning: bool,
}

/// How a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityState {
    /// Every row is used, or known before.
    Complete,
    /// Some rows are in quarantine.
    RowsSetAside,
    /// An extract was refused whole.
    Refused,
    /// It ends before the period does, or before what is expected of it.
    Late,
    /// Nothing has come yet, and nothing was expected.
    Empty,
}

/// Rows in quarantine for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuarantineReason {
    /// Reason code: `not_a_date`.
    pub reason: String,
    /// Rows.
    pub rows: u64,
    /// `12 not a date`.
    pub display: String,
}

/// How the books of a source are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityDisplay {
    /// `312 rows set aside`.
    pub state: String,
    /// Rows read.
    pub read: String,
    /// Rows used.
    pub accepted: String,
    /// Rows in quarantine.
    pub quarantined: String,
    /// Share in quarantine: `0.2 %`.
    pub share: String,
    /// Rows repeated exactly.
    pub duplicates: String,
    /// Rows replaced by a later version.
    pub superseded: String,
    /// `22 Nov 2026, 21:14 UTC`.
    pub watermark: Option<String>,
    /// `complete until Sunday 22 November`; `null` where the source does not say.
    pub reach: Option<String>,
    /// `ends on Sunday 22 November`; `null` where the source is not late.
    pub ends: Option<String>,
    /// `0.4 % of rows belong to no known customer`; `null` when all do, or they are not matched to customers.
    pub unmatched: Option<String>,
}

/// A check that failed and stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityWarning {
    /// The table.
    pub table: String,
    /// The check.
    pub check: String,
    /// Rows that offend.
    pub offending: u64,
    /// Rows looked at; `null` for a check of the project's own, which answers with its offenders alone.
    pub looked_at: Option<u64>,
    /// In one sentence.
    pub sentence: String,
}

/// An extract the figures were made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Its source.
    pub source: String,
    /// Path below the extracts folder.
    pub file: String,
    /// Rows read from it.
    pub rows: u64,
    /// Bytes as received.
    pub bytes: u64,
    /// SHA-256 of its bytes as received.
    pub sha256: String,
    /// Newest moment in it, in RFC 3339.
    pub watermark: Option<String>,
    /// How it is shown.
    pub display: InputDisplay,
}

/// How an extract is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputDisplay {
    /// Rows read.
    pub rows: String,
    /// The first twelve digits of its fingerprint.
    pub sha256: String,
}
