//! The operations that change the disk, one function each.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::attempt::attempt;
use crate::change::DiskChange;
use crate::error::{DurableError, failed};
use crate::readers::Readers;

/// Creates a folder and those above it, without syncing their names; returns those that were missing, from below.
pub(crate) fn make(folder: &Path, readers: Readers) -> Result<Vec<&Path>, DurableError> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    if missing.is_empty() && folder.is_dir() {
        return Ok(missing);
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, readers.mode_of_new_folder());
    let make = || {
        builder.create(folder)?;
        missing.iter().rev().try_for_each(|folder| set_on_folder(folder, readers))
    };
    attempt(DiskChange::CreateFolder(folder), make).map_err(failed("create the folder", folder))?;
    Ok(missing)
}

/// Opens a file to write to it, and creates it where it is not there; its content stays.
pub(crate) fn open(path: &Path, readers: Readers) -> io::Result<File> {
    open_with(OpenOptions::new().write(true).create(true).truncate(false), path, readers)
}

/// Creates a file, in place of the one that has its name.
pub(crate) fn create(path: &Path, readers: Readers) -> Result<File, DurableError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    attempt(DiskChange::Create(path), || open_with(&mut options, path, readers))
        .map_err(failed("create", path))
}

/// Creates a file of a name that nothing has.
pub(crate) fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    attempt(DiskChange::Create(path), || open_with(&mut options, path, readers))
}

fn open_with(options: &mut OpenOptions, path: &Path, readers: Readers) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, readers.mode_of_new_file());
    let file = options.open(path)?;
    set_on(&file, readers)?;
    Ok(file)
}

/// Writes bytes to a file in place of its content, and syncs them.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DurableError> {
    fill(&create(path, readers)?, path, bytes, path)
}

/// Writes bytes to an open file and syncs them.
///
/// - `named`: the file that errors name.
pub(crate) fn fill(
    mut file: &File,
    path: &Path,
    bytes: &[u8],
    named: &Path,
) -> Result<(), DurableError> {
    attempt(DiskChange::Write(path), || file.write_all(bytes)).map_err(failed("write", named))?;
    sync(file, path).map_err(failed("sync", named))
}

/// Makes the content of a file survive a power cut.
pub(crate) fn sync(file: &File, path: &Path) -> io::Result<()> {
    attempt(DiskChange::Sync(path), || file.sync_all())
}

/// Gives an open file or folder the mode and group of its readers, where it has others.
pub(crate) fn set_on(file: &File, readers: Readers) -> io::Result<()> {
    #[cfg(unix)]
    readers.set_on(file)?;
    #[cfg(not(unix))]
    let _ = (file, readers);
    Ok(())
}

fn set_on_folder(folder: &Path, readers: Readers) -> io::Result<()> {
    // Other systems cannot open a folder as a file, and know no mode.
    if cfg!(unix) { set_on(&File::open(folder)?, readers) } else { Ok(()) }
}

/// Gives what has a name the mode and group of its readers, where it has others. A link is left alone, and what it leads
/// to; a name that is gone is fine.
pub(crate) fn set_readers(path: &Path, readers: Readers) -> Result<(), DurableError> {
    #[cfg(unix)]
    {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            found => found.map_err(failed("read", path))?,
        };
        let is_ours = found.is_file() || found.is_dir();
        if is_ours && !readers.are_those_of(&found) {
            let set = || open_itself(path).and_then(|file| readers.set_on(&file));
            match attempt(DiskChange::SetReaders(path), set) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                set => set.map_err(failed("set who may read", path))?,
            }
        }
    }
    #[cfg(not(unix))]
    let _ = (path, readers);
    Ok(())
}

/// Opens a file or folder, and nothing that took its place since: no link is followed, no pipe waited for.
#[cfg(unix)]
fn open_itself(path: &Path) -> io::Result<File> {
    use nix::libc::{O_NOFOLLOW, O_NONBLOCK};
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK).open(path)
}

/// Gives a file or folder another name, replacing a file of that name.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), DurableError> {
    attempt(DiskChange::Rename { from, to }, || fs::rename(from, to)).map_err(failed("write", to))
}

/// Exchanges two folders in one step; `false` where the system or its file system cannot.
pub(crate) fn exchange(one: &Path, other: &Path) -> Result<bool, DurableError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        let exchange = || match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
            Err(error) => Err(error.into()),
        };
        attempt(DiskChange::Exchange { one, other }, exchange)
            .map_err(failed("replace the folder", other))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

/// Gives a file a second name that nothing may have yet; `false` when something has it.
pub(crate) fn link_new(from: &Path, to: &Path) -> Result<bool, DurableError> {
    match attempt(DiskChange::Link(to), || fs::hard_link(from, to)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed("publish", to)(error)),
    }
}

/// Removes one file.
pub(crate) fn remove_file(path: &Path) -> Result<(), DurableError> {
    attempt(DiskChange::Remove(path), || fs::remove_file(path)).map_err(failed("remove", path))
}

/// Removes a folder and all below it; one that is not there is fine.
pub(crate) fn remove_tree(folder: &Path) -> Result<(), DurableError> {
    if !folder.exists() {
        return Ok(());
    }
    match attempt(DiskChange::RemoveFolder(folder), || fs::remove_dir_all(folder)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(failed("remove the folder", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_names(folder: &Path) -> Result<(), DurableError> {
    // Other systems cannot open a folder as a file; there the file system keeps names by itself.
    if cfg!(unix) {
        attempt(DiskChange::SyncFolder(folder), || {
            File::open(folder).and_then(|folder| folder.sync_all())
        })
        .map_err(failed("sync the folder", folder))?;
    }
    Ok(())
}
