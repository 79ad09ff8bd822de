//! An operation that is only half done.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::change::DiskChange;

/// Does half of an operation, or nothing of one that is done as a whole or not at all.
pub(super) fn do_half<T>(
    change: DiskChange<'_>,
    operation: impl FnOnce() -> io::Result<T>,
) -> io::Result<()> {
    match change {
        DiskChange::Write(path) => {
            let before = length(path);
            operation()?;
            let half = before + length(path).saturating_sub(before) / 2;
            File::options().write(true).open(path)?.set_len(half)
        }
        DiskChange::CreateFolder(path) => {
            let missing = path.ancestors().take_while(|folder| !folder.exists());
            missing.last().map_or(Ok(()), fs::create_dir)
        }
        DiskChange::RemoveFolder(path) => remove_half(path),
        _ => Ok(()),
    }
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Removes every other entry of a folder; the only one, too.
fn remove_half(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.step_by(2) {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_bytes_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        do_half(DiskChange::Write(&path), || fs::write(&path, "old1234")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old12");
    }

    #[test]
    fn the_first_of_several_folders_is_made_and_a_folder_loses_some_of_its_entries() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        do_half(DiskChange::CreateFolder(&deep), || Ok(())).unwrap();
        assert!(folder.path().join("a").exists() && !folder.path().join("a/b").exists());
        for name in ["1", "2", "3"] {
            fs::write(folder.path().join("a").join(name), "").unwrap();
        }
        do_half(DiskChange::RemoveFolder(&folder.path().join("a")), || Ok(())).unwrap();
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn what_is_done_as_a_whole_is_not_done() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (&*folder.path().join("a"), &*folder.path().join("b"));
        fs::write(from, "").unwrap();
        do_half(DiskChange::Rename { from, to }, || fs::rename(from, to)).unwrap();
        assert!(from.exists() && !to.exists());
    }
}
