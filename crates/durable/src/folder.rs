//! One folder: created, staged beside its final name, promoted, listed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{DurableError, failed};
use crate::operation;
use crate::readers::Readers;

/// Creates a folder and those above it, and syncs their names; an existing folder stays as it is.
///
/// # Errors
///
/// [`DurableError`] when a folder above it cannot be written.
pub fn create_folder(path: &Path, readers: Readers) -> Result<(), DurableError> {
    operation::make(path, readers)?.into_iter().map(folder_of).try_for_each(operation::sync_names)
}

/// Gives a folder, and the files and folders below it, the mode and group of their readers, where they have others.
///
/// - `readers_of`: of a path below the folder, which itself is the empty path; `None` leaves that alone, and all below it.
/// - Costs a look at each of them, and writes nothing where all is right. Links are left alone, but for the folder itself.
///
/// # Errors
///
/// [`DurableError`] when one of them cannot be read or belongs to another user.
pub fn set_readers_below(
    folder: &Path,
    readers_of: impl Fn(&Path) -> Option<Readers>,
) -> Result<(), DurableError> {
    match fs::canonicalize(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        root => {
            let root = root.map_err(failed("read the folder", folder))?;
            set_below(&root, &root, &readers_of)
        }
    }
}

/// From above, so that what a folder closes is closed before what is in it is looked at.
fn set_below(
    root: &Path,
    path: &Path,
    readers_of: &impl Fn(&Path) -> Option<Readers>,
) -> Result<(), DurableError> {
    let below = path.strip_prefix(root).unwrap_or(path);
    let Some(readers) = readers_of(below) else { return Ok(()) };
    operation::set_readers(path, readers)?;
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    let entries = match fs::read_dir(path) {
        // Another process may remove what is its own at any time.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed("read the folder", path))?,
    };
    for entry in entries {
        let entry = entry.map_err(failed("read the folder", path))?;
        set_below(root, &entry.path(), readers_of)?;
    }
    Ok(())
}

/// Makes the names in a folder survive a power cut.
///
/// # Errors
///
/// [`DurableError`] when the folder is not there.
pub fn sync_folder(folder: &Path) -> Result<(), DurableError> {
    operation::sync_names(folder)
}

/// Removes a folder and all below it; one that is not there is fine.
///
/// # Errors
///
/// [`DurableError`] when something in it cannot be removed.
pub fn remove_folder(path: &Path) -> Result<(), DurableError> {
    operation::remove_tree(path)
}

/// Removes a file, or a folder and all below it; what is not there is fine.
///
/// # Errors
///
/// [`DurableError`] when it cannot be removed.
pub fn remove_path(path: &Path) -> Result<(), DurableError> {
    if path.is_dir() {
        operation::remove_tree(path)
    } else if path.exists() {
        operation::remove_file(path)
    } else {
        Ok(())
    }
}

/// Writes files into a folder beside `path`, which [`promote_folder`] renames to `path`.
///
/// - `files`: names and contents.
/// - What an earlier attempt left there is removed first.
///
/// # Errors
///
/// [`DurableError`] when the folder above cannot be written.
pub fn stage_folder<'a>(
    path: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    readers: Readers,
) -> Result<PathBuf, DurableError> {
    let staged = staged(path);
    operation::remove_tree(&staged)?;
    operation::remove_tree(&retired(path))?;
    create_folder(&staged, readers)?;
    for (name, bytes) in files {
        operation::write(&staged.join(name), bytes, readers)?;
    }
    operation::sync_names(&staged)?;
    Ok(staged)
}

/// Gives a staged folder its name, which nothing may have yet.
///
/// # Errors
///
/// [`DurableError`] when something has the name, or the folder above cannot be written.
pub fn promote_folder(staged: &Path, path: &Path) -> Result<(), DurableError> {
    operation::rename(staged, path)?;
    operation::sync_names(folder_of(path))
}

/// Puts a staged folder in the place of another, which is removed: readers see the former one or the staged one.
///
/// Where the file system cannot exchange two folders, there is a moment without either.
///
/// # Errors
///
/// [`DurableError`] when the folder above cannot be written.
pub fn replace_folder(staged: &Path, path: &Path) -> Result<(), DurableError> {
    let former = if operation::exchange(staged, path)? {
        staged.to_owned()
    } else {
        let retired = retired(path);
        operation::remove_tree(&retired)?;
        operation::rename(path, &retired)?;
        operation::rename(staged, path)?;
        retired
    };
    operation::sync_names(folder_of(path))?;
    operation::remove_tree(&former)
}

/// The names in a folder, sorted; none when there is no such folder.
///
/// # Errors
///
/// [`DurableError`] when it cannot be listed.
pub fn folder_names(folder: &Path) -> Result<Vec<String>, DurableError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(failed("read the folder", folder))?,
    };
    let mut names = Vec::new();
    for item in listed {
        let item = item.map_err(failed("read the folder", folder))?;
        // A name that is not UTF-8 was not written by this crate.
        names.extend(item.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Whether a name is that of a staged file or folder.
pub fn is_staged(name: &str) -> bool {
    name.starts_with(STAGED)
}

/// Prefix of the names of staged files and folders.
pub(crate) const STAGED: &str = ".staged-";

/// The name under which a file or folder is written before it gets its own.
pub(crate) fn staged(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{STAGED}{name}"))
}

/// The name of a folder between its place and its removal.
fn retired(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{STAGED}retired-{name}"))
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_process_staged_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        fs::create_dir(folder.path().join(".staged-page")).unwrap();
        fs::write(folder.path().join(".staged-page/half"), "ha").unwrap();
        let staged = stage_folder(&path, [("a", &b"whole"[..])], Readers::Anyone).unwrap();
        assert!(is_staged(staged.file_name().unwrap().to_str().unwrap()));
        promote_folder(&staged, &path).unwrap();
        assert_eq!(folder_names(&path).unwrap(), ["a"]);
        assert_eq!(fs::read(path.join("a")).unwrap(), b"whole");
        assert_eq!(folder_names(folder.path()).unwrap(), ["page"]);
    }

    #[test]
    fn a_folder_is_replaced_and_never_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        let put = |text: &str| {
            let staged = stage_folder(&path, [("a", text.as_bytes())], Readers::Anyone).unwrap();
            if path.exists() {
                replace_folder(&staged, &path)
            } else {
                promote_folder(&staged, &path)
            }
        };
        put("1").unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut looks = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) || looks == 0 {
                    assert!(path.join("a").exists() || !cfg!(target_os = "linux"));
                    looks += 1;
                }
            });
            (0..200).for_each(|number| put(&number.to_string()).unwrap());
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            reader.join().unwrap();
        });
        assert_eq!(fs::read(path.join("a")).unwrap(), b"199");
        assert_eq!(folder_names(folder.path()).unwrap(), ["page"], "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn all_below_a_folder_is_closed_but_what_is_left_alone_and_what_a_link_leads_to() {
        use std::fs::Permissions;
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [root, outside] = ["root", "outside"].map(|name| folder.path().join(name));
        fs::create_dir_all(root.join("closed/deep")).unwrap();
        fs::create_dir_all(root.join("spared")).unwrap();
        for file in [&outside, &root.join("closed/deep/file"), &root.join("spared/file")] {
            fs::write(file, "x").unwrap();
            fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(root.join("closed"), Permissions::from_mode(0o777)).unwrap();
        symlink(&outside, root.join("link")).unwrap();
        let all = |below: &Path| (!below.starts_with("spared")).then_some(Readers::Owner);
        set_readers_below(&root, all).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let modes = ["", "closed", "closed/deep", "closed/deep/file", "spared/file"];
        let modes = modes.map(|below| mode(&root.join(below)));
        assert_eq!(modes, [0o700, 0o700, 0o700, 0o600, 0o644]);
        assert_eq!(mode(&outside), 0o644);
        set_readers_below(&folder.path().join("none"), all).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_names() {
        let folder = tempfile::tempdir().unwrap();
        assert!(folder_names(&folder.path().join("none")).unwrap().is_empty());
        remove_folder(&folder.path().join("none")).unwrap();
    }
}
