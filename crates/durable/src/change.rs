//! What can be done to the disk.

use std::path::Path;

/// One change of the disk, and of what.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(debug_assertions),
    expect(dead_code, reason = "only a process that is disturbed reads it")
)]
pub(crate) enum DiskChange<'a> {
    /// A folder, with those above it that are missing.
    CreateFolder(&'a Path),
    /// A file without content, or without its former content.
    Create(&'a Path),
    /// Bytes at the end of a file.
    Write(&'a Path),
    /// The content of a file, made to survive a power cut.
    Sync(&'a Path),
    /// The names in a folder, made to survive a power cut.
    SyncFolder(&'a Path),
    /// Mode and group of a file or folder, for those who may read it.
    SetReaders(&'a Path),
    /// Another name for a file or folder, in place of what has it.
    Rename {
        /// Its former name.
        from: &'a Path,
        /// Its name from then on.
        to: &'a Path,
    },
    /// Two folders, each with the name of the other.
    Exchange {
        /// One of them.
        one: &'a Path,
        /// The other one.
        other: &'a Path,
    },
    /// A second name for a file.
    Link(&'a Path),
    /// A file that goes.
    Remove(&'a Path),
    /// A folder that goes, with all below it.
    RemoveFolder(&'a Path),
}

#[cfg(debug_assertions)]
impl DiskChange<'_> {
    /// What it does, in one word, and to what.
    pub(crate) fn in_words(self) -> String {
        let (word, path) = match self {
            Self::CreateFolder(path) => ("create_folder", path),
            Self::Create(path) => ("create", path),
            Self::Write(path) => ("write", path),
            Self::Sync(path) => ("sync", path),
            Self::SyncFolder(path) => ("sync_folder", path),
            Self::SetReaders(path) => ("set_readers", path),
            Self::Rename { to, .. } => ("rename", to),
            Self::Exchange { other, .. } => ("exchange", other),
            Self::Link(to) => ("link", to),
            Self::Remove(path) => ("remove", path),
            Self::RemoveFolder(path) => ("remove_folder", path),
        };
        format!("{word} {}", path.display())
    }
}
