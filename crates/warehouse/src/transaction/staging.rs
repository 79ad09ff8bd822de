//! Files of a run that has not committed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use scorewright_durable::{DurableError, Readers, create_folder, failed, remove_folder};

use crate::storage::STAGE;

/// The folder of staged files, and how many have got a name.
pub(super) struct Staging {
    root: PathBuf,
    named: AtomicU64,
}

impl Staging {
    /// An empty folder; files that an earlier run left in it are removed.
    pub(super) fn start(root: &Path) -> Result<Self, DurableError> {
        let folder = root.join(STAGE);
        remove_folder(&folder)?;
        create_folder(&folder, Readers::Owner)?;
        Ok(Self { root: root.to_owned(), named: AtomicU64::new(0) })
    }

    /// Removes the folder and all that was staged.
    pub(super) fn remove(self) -> Result<(), DurableError> {
        remove_folder(&self.root.join(STAGE))
    }

    /// Path of one more Parquet file, and the same path below the warehouse folder.
    pub(super) fn next_file(&self) -> (PathBuf, String) {
        let name = format!("{STAGE}/{}.parquet", self.named.fetch_add(1, Ordering::Relaxed));
        (self.root.join(&name), name)
    }

    /// A file without a name, which the system removes when it is closed.
    pub(super) fn scratch(&self) -> Result<File, DurableError> {
        let folder = self.root.join(STAGE);
        tempfile::tempfile_in(&folder).map_err(failed("create a file in", &folder))
    }
}
