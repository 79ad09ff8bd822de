//! What a power cut takes: names of folders and contents of files that were not synced.
//!
//! The strictest file system is assumed: without a sync of its folder no name is lasting, and without a sync of its own no
//! byte of a file.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf, absolute};

use crate::change::DiskChange;

/// What is not on the disk yet.
#[derive(Default)]
pub(super) struct Unsynced {
    /// Names and what they stood for, in the order in which they were changed.
    names: Vec<(PathBuf, Stored)>,
    /// Files whose bytes are not on the disk.
    contents: BTreeSet<PathBuf>,
}

/// What a name stands for.
enum Stored {
    Nothing,
    File(Vec<u8>, Permissions),
    Folder(Vec<(PathBuf, Stored)>, Permissions),
}

impl Unsynced {
    /// Does an operation and takes note of what it leaves unsynced.
    pub(super) fn noting<T>(
        &mut self,
        change: DiskChange<'_>,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let stored = |path: PathBuf| (path.clone(), Stored::at(&path));
        let changed: Vec<(PathBuf, Stored)> = names(change).into_iter().map(stored).collect();
        let result = operation()?;
        self.names.extend(changed);
        match change {
            DiskChange::Create(path) | DiskChange::Write(path) => {
                self.contents.insert(whole(path));
            }
            DiskChange::Sync(path) => {
                self.contents.remove(&whole(path));
            }
            DiskChange::Rename { from, to } => self.move_all(&whole(from), &whole(to)),
            DiskChange::SyncFolder(folder) => {
                let folder = whole(folder);
                self.names.retain(|(path, _)| path.parent() != Some(&folder));
            }
            _ => {}
        }
        Ok(result)
    }

    /// What is below one name is below another one from now on.
    fn move_all(&mut self, from: &Path, to: &Path) {
        let moved = |path: &PathBuf| match path.strip_prefix(from) {
            Ok(rest) if rest.as_os_str().is_empty() => to.to_owned(),
            Ok(rest) => to.join(rest),
            Err(_) => path.clone(),
        };
        self.contents = self.contents.iter().map(moved).collect();
        for (path, _) in &mut self.names {
            if path.starts_with(from) && path != from {
                *path = moved(path);
            }
        }
    }

    /// Empties the files that were not synced.
    pub(super) fn lose_data(&self) {
        for path in self.contents.iter().filter(|path| path.is_file()) {
            File::options().write(true).truncate(true).open(path).expect("the file is ours");
        }
    }

    /// Makes the names stand again for what they stood for.
    pub(super) fn lose_names(&self) {
        for (path, before) in self.names.iter().rev() {
            before.put(path).expect("the folders are ours");
        }
    }
}

/// The names that a change may make stand for something else.
fn names(change: DiskChange<'_>) -> Vec<PathBuf> {
    match change {
        DiskChange::Create(path)
        | DiskChange::Link(path)
        | DiskChange::Remove(path)
        | DiskChange::RemoveFolder(path) => vec![whole(path)],
        DiskChange::Rename { from, to } => vec![whole(to), whole(from)],
        DiskChange::Exchange { one, other } => vec![whole(one), whole(other)],
        DiskChange::CreateFolder(path) => {
            let path = whole(path);
            let missing = path.ancestors().take_while(|folder| !folder.exists());
            missing.map(Path::to_owned).collect()
        }
        DiskChange::Write(_)
        | DiskChange::Sync(_)
        | DiskChange::SyncFolder(_)
        | DiskChange::SetReaders(_) => Vec::new(),
    }
}

fn whole(path: &Path) -> PathBuf {
    absolute(path).expect("a path of an operation is none without letters")
}

impl Stored {
    fn at(path: &Path) -> Self {
        let Ok(found) = fs::symlink_metadata(path) else { return Self::Nothing };
        if found.is_dir() {
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            let below = entries.map(|entry| (entry.path(), Self::at(&entry.path())));
            Self::Folder(below.collect(), found.permissions())
        } else {
            Self::File(fs::read(path).unwrap_or_default(), found.permissions())
        }
    }

    /// Puts it at its name; those inside a folder get theirs below it.
    fn put(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
        // A folder above it may be one of the names that are lost.
        let is_placeless = path.parent().is_none_or(|folder| !folder.exists());
        match self {
            Self::File(bytes, permissions) if !is_placeless => {
                fs::write(path, bytes)?;
                fs::set_permissions(path, permissions.clone())
            }
            Self::Folder(below, permissions) if !is_placeless => {
                fs::create_dir(path)?;
                for (inner, stored) in below {
                    stored.put(&path.join(inner.file_name().unwrap_or_default()))?;
                }
                fs::set_permissions(path, permissions.clone())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder, changed by some operations, after a power cut.
    fn cut(
        is_data_lost: bool,
        change: impl FnOnce(&Path, &mut dyn FnMut(DiskChange<'_>, &dyn Fn() -> io::Result<()>)),
    ) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kept"), "kept").unwrap();
        let mut unsynced = Unsynced::default();
        change(folder.path(), &mut |change, operation| {
            unsynced.noting(change, operation).unwrap();
        });
        if is_data_lost {
            unsynced.lose_data();
        } else {
            unsynced.lose_names();
        }
        folder
    }

    fn text(folder: &tempfile::TempDir, name: &str) -> Option<String> {
        fs::read_to_string(folder.path().join(name)).ok()
    }

    #[test]
    fn bytes_are_lost_until_their_file_is_synced_whatever_its_name() {
        let write = |is_synced: bool| {
            cut(true, |folder, operate| {
                let (a, b) = (&*folder.join("a"), &*folder.join("b"));
                operate(DiskChange::Create(a), &|| fs::write(a, ""));
                operate(DiskChange::Write(a), &|| fs::write(a, "bytes"));
                if is_synced {
                    operate(DiskChange::Sync(a), &|| Ok(()));
                }
                operate(DiskChange::Rename { from: a, to: b }, &|| fs::rename(a, b));
            })
        };
        assert_eq!(text(&write(false), "b").as_deref(), Some(""));
        assert_eq!(text(&write(true), "b").as_deref(), Some("bytes"));
    }

    #[test]
    fn a_name_is_as_before_until_its_folder_is_synced() {
        let rename = |is_synced: bool| {
            cut(false, |folder, operate| {
                let (a, kept) = (&*folder.join("a"), &*folder.join("kept"));
                operate(DiskChange::Create(a), &|| fs::write(a, "later"));
                operate(DiskChange::Rename { from: a, to: kept }, &|| fs::rename(a, kept));
                if is_synced {
                    operate(DiskChange::SyncFolder(folder), &|| Ok(()));
                }
            })
        };
        let lost = rename(false);
        assert_eq!((text(&lost, "kept").as_deref(), text(&lost, "a")), (Some("kept"), None));
        let synced = rename(true);
        assert_eq!((text(&synced, "kept").as_deref(), text(&synced, "a")), (Some("later"), None));
    }

    #[test]
    fn a_file_that_moves_to_a_folder_that_is_not_synced_is_in_neither() {
        let moved = cut(false, |folder, operate| {
            let (from, to) = (&*folder.join("kept"), &*folder.join("deep/kept"));
            let deep = to.parent().unwrap();
            operate(DiskChange::CreateFolder(deep), &|| fs::create_dir(deep));
            operate(DiskChange::Rename { from, to }, &|| fs::rename(from, to));
            operate(DiskChange::SyncFolder(folder), &|| Ok(()));
        });
        assert_eq!((text(&moved, "kept"), text(&moved, "deep/kept")), (None, None));
        assert!(moved.path().join("deep").is_dir());
    }

    #[test]
    fn what_was_removed_is_there_again_with_all_below_it() {
        let removed = cut(false, |folder, operate| {
            let deep = &*folder.join("deep");
            operate(DiskChange::CreateFolder(deep), &|| fs::create_dir(deep));
            operate(DiskChange::Create(&deep.join("a")), &|| fs::write(deep.join("a"), "a"));
            operate(DiskChange::SyncFolder(deep), &|| Ok(()));
            operate(DiskChange::SyncFolder(folder), &|| Ok(()));
            operate(DiskChange::RemoveFolder(deep), &|| fs::remove_dir_all(deep));
            operate(DiskChange::Remove(&folder.join("kept")), &|| {
                fs::remove_file(folder.join("kept"))
            });
        });
        assert_eq!(text(&removed, "deep/a").as_deref(), Some("a"));
        assert_eq!(text(&removed, "kept").as_deref(), Some("kept"));
    }
}
