//! A file between its content and its name, so that many are synced at the same time and named together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::attempt::attempt;
use crate::change::DiskChange;
use crate::error::{DurableError, failed};
use crate::folder::{STAGED, folder_of, staged};
use crate::operation;
use crate::readers::Readers;

/// A file whose content is on the disk and whose name is not: it gets it by [`StagedFile::promote`], or is removed.
///
/// A file alone is written by [`replace_file`](crate::replace_file). Of many, each waits for the disk: written by several
/// threads, they wait together, and each folder is synced once.
#[derive(Debug)]
pub struct StagedFile {
    staged: TempPath,
    path: PathBuf,
    /// Folders whose names are not synced yet.
    unsynced: BTreeSet<PathBuf>,
}

impl StagedFile {
    /// Writes and syncs what `path` is to hold, beside it. Creates the folder when needed.
    ///
    /// # Errors
    ///
    /// [`DurableError`] when the folder cannot be written; then nothing is left in it.
    pub fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<Self, DurableError> {
        let folder = folder_of(path);
        let unsynced = folders_of(folder, readers)?;
        // A random name, so that two writers of the same file do not write into one staged file.
        let mut builder = tempfile::Builder::new();
        let staged = builder
            .prefix(STAGED)
            .make_in(folder, |staged| operation::create_new(staged, readers))
            .map_err(failed("create a file in the folder", folder))?;
        operation::fill(staged.as_file(), staged.path(), bytes, path)?;
        Ok(Self { staged: staged.into_temp_path(), path: path.into(), unsynced })
    }

    /// Does the same for a file whose writers hold a lock, under a fixed name: the next writer overwrites what an interrupted
    /// one left.
    ///
    /// # Errors
    ///
    /// [`DurableError`] when the folder cannot be written.
    pub fn write_locked(path: &Path, bytes: &[u8], readers: Readers) -> Result<Self, DurableError> {
        let unsynced = folders_of(folder_of(path), readers)?;
        let name = staged(path);
        operation::write(&name, bytes, readers)?;
        let staged = TempPath::try_from_path(&name).map_err(failed("create", &name))?;
        Ok(Self { staged, path: path.into(), unsynced })
    }

    /// The name that the file gets.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name in one step: readers see the old content or the new one.
    ///
    /// - Returns the folders that the caller syncs by [`sync_folder`](crate::sync_folder), each once for all its files;
    ///   before that a power cut may take the name back.
    ///
    /// # Errors
    ///
    /// [`DurableError`] when the folder cannot be written.
    pub fn promote(self) -> Result<BTreeSet<PathBuf>, DurableError> {
        let Self { staged, path, unsynced } = self;
        let from = staged.to_path_buf();
        let rename = || staged.persist(&path).map_err(|error| error.error);
        attempt(DiskChange::Rename { from: &from, to: &path }, rename)
            .map_err(failed("replace", &path))?;
        Ok(unsynced)
    }
}

/// Creates the folder of a file when needed; returns it, and the folders that hold the names of those created.
fn folders_of(folder: &Path, readers: Readers) -> Result<BTreeSet<PathBuf>, DurableError> {
    let made = operation::make(folder, readers)?.into_iter().map(folder_of);
    Ok(made.chain([folder]).map(Path::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_not_promoted_leaves_the_former_content_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        fs::write(&path, "old").unwrap();
        drop(StagedFile::write(&path, b"new", Readers::Anyone).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_promoted_file_names_every_folder_that_is_to_be_synced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/page");
        let unsynced =
            StagedFile::write(&path, b"new", Readers::Anyone).unwrap().promote().unwrap();
        let named = ["", "deep", "deep/er"].map(|below| folder.path().join(below));
        let whole = |path: &PathBuf| path.canonicalize().unwrap();
        assert_eq!(unsynced.iter().map(whole).collect::<Vec<_>>(), named.each_ref().map(whole));
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
}
