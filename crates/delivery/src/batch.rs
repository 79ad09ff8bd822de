//! Work that waits for the disk, done for several things at the same time.

use std::collections::BTreeSet;
use std::path::PathBuf;

use scorewright_domain::in_parallel;
use scorewright_durable::{DurableError, Readers, StagedFile, sync_folder};

/// Things that wait for the disk at the same time.
const AT_ONCE: usize = 16;

/// Does `work` for every item; answers in their order.
pub(crate) fn in_batch<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    match items {
        [one] => vec![work(one)],
        several => in_parallel(several, AT_ONCE, |_| 1, work),
    }
}

/// Does `work` for every item; what cannot be done for one of them ends the whole once the others are done.
///
/// # Errors
///
/// Those of the first item that has one.
pub(crate) fn try_in_batch<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, DurableError> + Sync,
) -> Result<Vec<R>, DurableError> {
    in_batch(items, work).into_iter().collect()
}

/// Puts contents at their paths, each in one step and for its owner alone, by a caller who holds the lock of their folders.
///
/// - All are on the disk before the first of them has its name, and once this returns all names are.
///
/// # Errors
///
/// When a folder cannot be written.
pub(crate) fn replace_files(files: &[(PathBuf, Vec<u8>)]) -> Result<(), DurableError> {
    let staged =
        try_in_batch(files, |(path, bytes)| StagedFile::write_locked(path, bytes, Readers::Owner))?;
    promote_files(staged, |_| ())
}

/// Gives files that are written their names, each folder synced once; `on_name` gets each path that has its file.
///
/// # Errors
///
/// When a folder cannot be written; files before it have their names.
pub fn promote_files(
    staged: Vec<StagedFile>,
    mut on_name: impl FnMut(PathBuf),
) -> Result<(), DurableError> {
    let mut unsynced = BTreeSet::new();
    for file in staged {
        let path = file.path().to_owned();
        unsynced.extend(file.promote()?);
        on_name(path);
    }
    let unsynced: Vec<PathBuf> = unsynced.into_iter().collect();
    try_in_batch(&unsynced, |folder| sync_folder(folder)).map(drop)
}
