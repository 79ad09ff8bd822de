//! One file: replaced, published or promoted in one step.

use std::fs::File;
use std::path::Path;

use crate::error::{DurableError, failed};
use crate::folder::folder_of;
use crate::operation;
use crate::readers::Readers;
use crate::staged_file::StagedFile;

/// Opens a file by whose lock processes wait for each other; creates it when it is not there.
///
/// # Errors
///
/// [`DurableError`] when the folder is not there, or the file cannot be written.
pub fn open_lock_file(path: &Path, readers: Readers) -> Result<File, DurableError> {
    operation::open(path, readers).map_err(failed("open", path))
}

/// Writes a file that nobody reads yet and syncs its content; its name is not synced.
///
/// # Errors
///
/// [`DurableError`] when the folder is not there or cannot be written.
pub fn write_synced(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DurableError> {
    operation::write(path, bytes, readers)
}

/// Puts `bytes` at `path` in one step: readers see the old content or the new one. Creates the folder when needed.
///
/// # Errors
///
/// [`DurableError`] when the folder cannot be written.
pub fn replace_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DurableError> {
    let unsynced = StagedFile::write(path, bytes, readers)?.promote()?;
    unsynced.iter().try_for_each(|folder| operation::sync_names(folder))
}

/// Does what [`replace_file`] does, for a file whose writers hold a lock.
///
/// Only one of them writes at a time, so the staged name can be fixed: the next writer overwrites what an interrupted
/// one left, where [`replace_file`] would leave it behind under its random name.
///
/// # Errors
///
/// [`DurableError`] when the folder cannot be written.
pub fn replace_locked_file(
    path: &Path,
    bytes: &[u8],
    readers: Readers,
) -> Result<(), DurableError> {
    let unsynced = StagedFile::write_locked(path, bytes, readers)?.promote()?;
    unsynced.iter().try_for_each(|folder| operation::sync_names(folder))
}

/// Moves a synced file to its final name, which its content determines: a file that has the name already stays.
///
/// - `readers`: those of the file under that name, and of its folder, which is created when needed.
///
/// The caller syncs the folder once all its files are promoted.
///
/// # Errors
///
/// [`DurableError`] when the folder cannot be written.
pub fn promote_file(from: &Path, to: &Path, readers: Readers) -> Result<(), DurableError> {
    let folder = folder_of(to);
    if !folder.exists() {
        operation::make(folder, readers)?;
    }
    if to.exists() {
        return operation::remove_file(from);
    }
    operation::set_readers(from, readers)?;
    operation::rename(from, to)
}

/// Publishes a synced file under a name that must not exist yet; `false` when it does.
///
/// # Errors
///
/// [`DurableError`] when the folder cannot be written.
pub fn publish_file(from: &Path, to: &Path) -> Result<bool, DurableError> {
    let is_new = operation::link_new(from, to)?;
    if is_new {
        operation::sync_names(folder_of(to))?;
    }
    Ok(is_new)
}

/// Moves a file to another folder: whatever happens, it is in one of the two.
///
/// # Errors
///
/// [`DurableError`] when one of the folders cannot be written.
pub fn move_file(from: &Path, to: &Path) -> Result<(), DurableError> {
    operation::rename(from, to)?;
    operation::sync_names(folder_of(to))?;
    operation::sync_names(folder_of(from))
}

/// Removes a file. The caller syncs the folder.
///
/// # Errors
///
/// [`DurableError`] when it is not there, or its folder cannot be written.
pub fn remove_file(path: &Path) -> Result<(), DurableError> {
    operation::remove_file(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_published_name_is_never_taken_twice() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("1"), folder.path().join("2"));
        let name = folder.path().join("version");
        write_synced(&first, b"one", Readers::Anyone).unwrap();
        write_synced(&second, b"two", Readers::Anyone).unwrap();
        assert!(publish_file(&first, &name).unwrap());
        assert!(!publish_file(&second, &name).unwrap());
        assert_eq!(fs::read(&name).unwrap(), b"one");
    }

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/hint");
        replace_file(&path, b"long content", Readers::Anyone).unwrap();
        replace_file(&path, b"short", Readers::Anyone).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"short");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_an_interrupted_writer_staged_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.eml");
        fs::write(folder.path().join(".staged-mail.eml"), "Fro").unwrap();
        replace_locked_file(&path, b"From: a", Readers::Owner).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"From: a");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_promoted_file_never_overwrites_the_same_content() {
        let folder = tempfile::tempdir().unwrap();
        let (staged, promoted) = (folder.path().join("staged"), folder.path().join("t/promoted"));
        for _ in 0..2 {
            write_synced(&staged, b"rows", Readers::Anyone).unwrap();
            promote_file(&staged, &promoted, Readers::Anyone).unwrap();
            assert!(!staged.exists());
        }
        assert_eq!(fs::read(&promoted).unwrap(), b"rows");
    }

    #[cfg(unix)]
    #[test]
    fn what_names_people_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail/a.eml");
        replace_file(&path, b"x", Readers::Owner).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0, 0));
    }
}
