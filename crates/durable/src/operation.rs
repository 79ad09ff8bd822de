//! The operations that change the disk, one function each.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::change::Change;
use crate::disturbance::attempt;
use crate::error::{DurableError, failed};

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only the user who runs this: the content names people.
    Owner,
    /// Everybody the umask allows.
    Anyone,
}

/// Creates a folder and those above it, without syncing their names.
pub(crate) fn make(folder: &Path, readers: Readers) -> Result<(), DurableError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    }
    attempt(Change::CreateFolder(folder), || builder.create(folder))
        .map_err(failed("create the folder", folder))
}

/// Writes bytes to a file in place of its content, and syncs them.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DurableError> {
    fill(&create(path, readers)?, path, bytes, path)
}

/// Opens a file to write it, without its former content.
pub(crate) fn create(path: &Path, readers: Readers) -> Result<File, DurableError> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true);
    open(path, options, readers).map_err(failed("create", path))
}

/// Creates a file of a name that nothing has.
pub(crate) fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    open(path, OpenOptions::new().write(true).create_new(true), readers)
}

fn open(path: &Path, options: &mut OpenOptions, readers: Readers) -> io::Result<File> {
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
    attempt(Change::Create(path), || options.open(path))
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
    attempt(Change::Write(path), || file.write_all(bytes)).map_err(failed("write", named))?;
    sync(file, path).map_err(failed("sync", named))
}

/// Makes the content of a file survive a power cut.
pub(crate) fn sync(file: &File, path: &Path) -> io::Result<()> {
    attempt(Change::Sync(path), || file.sync_all())
}

/// Gives a file or folder another name, replacing a file of that name.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), DurableError> {
    attempt(Change::Rename { from, to }, || fs::rename(from, to)).map_err(failed("write", to))
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
        attempt(Change::Exchange { one, other }, exchange)
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
    match attempt(Change::Link(to), || fs::hard_link(from, to)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed("publish", to)(error)),
    }
}

/// Removes one file.
pub(crate) fn remove_file(path: &Path) -> Result<(), DurableError> {
    attempt(Change::Remove(path), || fs::remove_file(path)).map_err(failed("remove", path))
}

/// Removes a folder and all below it; one that is not there is fine.
pub(crate) fn remove_tree(folder: &Path) -> Result<(), DurableError> {
    if !folder.exists() {
        return Ok(());
    }
    match attempt(Change::RemoveFolder(folder), || fs::remove_dir_all(folder)) {
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
        attempt(Change::SyncFolder(folder), || {
            File::open(folder).and_then(|folder| folder.sync_all())
        })
        .map_err(failed("sync the folder", folder))?;
    }
    Ok(())
}
