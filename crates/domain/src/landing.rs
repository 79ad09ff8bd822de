//! An extract, and what became of every row of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::fingerprint::Fingerprint;

/// One file received from a source system, never changed by us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// Name of the source; the stem of its file.
    pub source: String,
    /// Path below the extracts folder.
    pub file: PathBuf,
    /// SHA-256 of its bytes as received, in hexadecimal.
    pub fingerprint: Fingerprint,
    /// Bytes as received.
    pub bytes: u64,
}

/// What became of the rows of one extract.
///
/// `read = accepted + quarantined + duplicates + superseded + not_data + not_sampled`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// Rows found, without header rows.
    pub read: u64,
    /// Rows that are now in the raw table.
    pub accepted: u64,
    /// Rows in quarantine, each with a reason.
    pub quarantined: u64,
    /// Rows equal in every column to an accepted one.
    pub duplicates: u64,
    /// Rows replaced by a later version with the same key.
    pub superseded: u64,
    /// Rows that are no data: totals, remarks and lines of separators alone, kept beside those in quarantine.
    #[serde(default, skip_serializing_if = "is_none")]
    pub not_data: u64,
    /// Rows that a sample leaves out, good or bad.
    #[serde(default, skip_serializing_if = "is_none")]
    pub not_sampled: u64,
    /// Quarantined rows by reason code.
    pub reasons: BTreeMap<String, u64>,
}

impl Books {
    /// Whether every row read is accounted for.
    pub fn is_balanced(&self) -> bool {
        let kept = self.accepted + self.quarantined + self.duplicates + self.superseded;
        let left_out = self.not_data + self.not_sampled;
        self.read == kept + left_out && self.quarantined == self.reasons.values().sum::<u64>()
    }

    /// Adds the books of another extract.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.quarantined += other.quarantined;
        self.duplicates += other.duplicates;
        self.superseded += other.superseded;
        self.not_data += other.not_data;
        self.not_sampled += other.not_sampled;
        for (reason, rows) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += rows;
        }
    }
}

/// An extract typed and written: part of `raw.<source>` and `quarantine.<source>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// The extract.
    pub extract: Extract,
    /// What became of its rows.
    pub books: Books,
    /// Newest moment of the watermark column, in RFC 3339; `None` without such a column.
    pub watermark: Option<String>,
    /// When its marker was written, where its source has markers: by then all of it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked_at: Option<Timestamp>,
    /// Optional columns that the file does not have, by their canonical names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent_columns: Vec<String>,
    /// Columns of JSON whose paths lead to nothing in any row, by their canonical names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet_columns: Vec<String>,
    /// Columns of the file that the source does not declare; long names by their beginning and `…`.
    pub unknown_columns: Vec<String>,
    /// How many such columns there are beyond those named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub further_unknown_columns: u64,
    /// Which load of its source brought this content first, from 1: the later of two is the later delivery.
    #[serde(default)]
    pub first_seen: u64,
    /// Contents it takes the place of, the last of them last: what was delivered before is restated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<ReplacedContent>,
    /// Values that were rounded, because their column says so.
    #[serde(default, skip_serializing_if = "is_none")]
    pub rounded: u64,
    /// Hashes of a few of its rows, by which files that repeat one another are known; of sources without a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_sample: Vec<u64>,
}

impl Landing {
    /// An extract with its books, of which nothing else is known.
    pub fn new(extract: Extract, books: Books) -> Self {
        Self {
            extract,
            books,
            watermark: None,
            marked_at: None,
            absent_columns: Vec::new(),
            unmet_columns: Vec::new(),
            unknown_columns: Vec::new(),
            further_unknown_columns: 0,
            first_seen: 1,
            replaced: Vec::new(),
            rounded: 0,
            row_sample: Vec::new(),
        }
    }
}

/// A content that landed and is in the books no more, since an earlier version was gone back to: when it lands again, it is
/// as late a delivery as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLoad {
    /// Name of the source.
    pub source: String,
    /// SHA-256 of its bytes as received, in hexadecimal.
    pub fingerprint: Fingerprint,
    /// Bytes as received.
    pub bytes: u64,
    /// Which load of its source brought it first.
    pub first_seen: u64,
}

impl KnownLoad {
    /// Of the landing of a content.
    pub fn of(landing: &Landing) -> Self {
        let extract = &landing.extract;
        Self {
            source: extract.source.clone(),
            fingerprint: extract.fingerprint.clone(),
            bytes: extract.bytes,
            first_seen: landing.first_seen,
        }
    }

    /// Whether a landing is of this content.
    pub fn is_of(&self, landing: &Landing) -> bool {
        let extract = &landing.extract;
        self.source == extract.source && self.fingerprint == extract.fingerprint
    }
}

/// A content of an extract that a later delivery took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedContent {
    /// Path below the extracts folder that it had.
    pub file: PathBuf,
    /// SHA-256 of its bytes as received, in hexadecimal.
    pub fingerprint: Fingerprint,
    /// Bytes as received.
    pub bytes: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks this way")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A rejected row: a row of `quarantine.<source>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// Path below the extracts folder.
    pub file: String,
    /// Line of the file the row starts on, from 1.
    pub line: u64,
    /// First byte of the row in the uncompressed file.
    pub byte: u64,
    /// Length of the row in bytes.
    pub length: u64,
    /// Column at fault, by its name in the extract; `None` when the row as a whole is.
    pub column: Option<String>,
    /// Reason code: `not_a_date`, `missing_value`.
    pub reason: String,
    /// The row as received.
    pub raw: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_vanished_unbalances_the_books() {
        let mut books = Books { read: 3, accepted: 2, ..Books::default() };
        assert!(!books.is_balanced());
        books.duplicates = 1;
        assert!(books.is_balanced());
    }

    #[test]
    fn quarantine_needs_a_reason_for_every_row() {
        let mut books = Books { read: 1, quarantined: 1, ..Books::default() };
        assert!(!books.is_balanced());
        books.reasons.insert("not_a_date".into(), 1);
        assert!(books.is_balanced());
    }
}
