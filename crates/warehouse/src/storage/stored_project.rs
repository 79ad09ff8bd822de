//! The project that a version was made from: its text files, kept by content.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use scorewright_domain::{Fingerprint, ProjectFile};
use serde::{Deserialize, Serialize};

use crate::error::{WarehouseError, not_open};

/// The text files of a project in one file, which versions of the same content share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProject {
    /// Path below the warehouse folder, named by content.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Fingerprint,
}

impl StoredProject {
    /// Where a text is kept.
    pub(crate) fn of(text: &str) -> Self {
        let sha256 = Fingerprint::of(text.as_bytes());
        Self { path: format!("projects/{}.json", sha256.short(24)), sha256 }
    }

    /// The files as the text that is kept: a JSON list of paths and texts.
    pub(crate) fn text(files: &[ProjectFile]) -> String {
        let list = serde_json::to_string_pretty(files).expect("files are plain data");
        list + "\n"
    }

    /// The files, read back from below the warehouse folder.
    pub(super) fn read(&self, root: &Path) -> Result<Vec<ProjectFile>, WarehouseError> {
        let path = root.join(&self.path);
        let bytes = read(&path)?;
        if Fingerprint::of(&bytes) != self.sha256 {
            return Err(damaged(path, "its hash is not the one of its commit"));
        }
        serde_json::from_slice(&bytes).map_err(|bad| damaged(path, bad.to_string()))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, WarehouseError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => damaged(path.into(), "it is missing"),
        _ => not_open("read", path)(error),
    })
}

fn damaged(path: PathBuf, what: impl Into<String>) -> WarehouseError {
    WarehouseError::Damaged { path, what: what.into() }
}
