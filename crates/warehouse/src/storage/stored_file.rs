//! One file of a table, as a commit records it.

use scorewright_domain::Fingerprint;
use serde::{Deserialize, Serialize};

/// One immutable Parquet file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Path below the warehouse folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Fingerprint,
    /// Rows in it.
    pub rows: u64,
    /// The partition it holds, as its writer names it: a month, an extract; `None` for the whole table.
    #[serde(default, alias = "part", skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

impl StoredFile {
    /// The file as one of a named partition of its table.
    #[must_use]
    pub fn in_partition(self, partition: impl Into<String>) -> Self {
        Self { partition: Some(partition.into()), ..self }
    }
}
