//! One file of a table, as a commit records it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use jiff::Timestamp;
use scorewright_domain::{Fingerprint, FingerprintHasher};
use serde::{Deserialize, Serialize};

use super::block_hashes::BlockHashes;

/// One immutable Parquet file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Path below the warehouse folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Fingerprint,
    /// Hashes of its blocks, by which they are checked when they are read; `None` in a commit of a program that did not
    /// keep them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<BlockHashes>,
    /// Rows in it.
    pub rows: u64,
    /// The partition it holds, as its writer names it: a month, an extract; `None` for the whole table.
    #[serde(default, alias = "part", skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// Which versions of their keys its rows are, where its table keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<FileVersions>,
}

/// Which versions of their keys the rows of a file are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileVersions {
    /// Whether they are the newest ones; otherwise they are those that later ones superseded.
    pub is_current: bool,
    /// The newest moment at which one of them began or ended; `None` where no row has a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_at: Option<Timestamp>,
    /// Rows without the moment at which they began.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub without_moment: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl StoredFile {
    /// Whether a path holds its content.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        let has_length = fs::metadata(path).is_ok_and(|found| found.len() == self.bytes);
        has_length && fingerprint_at(path).is_ok_and(|found| found == self.sha256)
    }

    /// The file as one of a named partition of its table.
    #[must_use]
    pub fn in_partition(self, partition: impl Into<String>) -> Self {
        Self { partition: Some(partition.into()), ..self }
    }

    /// The file as one of versions of keys.
    #[must_use]
    pub fn with_versions(self, versions: FileVersions) -> Self {
        Self { versions: Some(versions), ..self }
    }
}

/// SHA-256 of the bytes of a file.
pub(super) fn fingerprint_at(path: &Path) -> io::Result<Fingerprint> {
    let mut file = File::open(path)?;
    let (mut hasher, mut block) = (FingerprintHasher::default(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hasher.finish()),
            count => hasher.update(&block[..count]),
        }
    }
}
