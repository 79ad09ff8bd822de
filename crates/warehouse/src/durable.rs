//! Writing so that it survives a power cut: the one module that changes the folder.
//!
//! Every name that others read appears whole or not at all: files are written
//! aside, synced, moved, and the folder is synced after them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file of the warehouse could not be read, written or trusted.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum WarehouseError {
    /// The operating system refused.
    #[error("cannot {action} `{}`", path.display())]
    #[diagnostic(help(
        "check that the folder exists, that it is writable and that the disk has room; then run again"
    ))]
    Io {
        /// What was tried: `write`, `read`, `create`.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another run holds the lock.
    #[error("another run is active in `{}`", path.display())]
    #[diagnostic(help("wait until it ends; its lock is freed by the system even if it is killed"))]
    Busy {
        /// The warehouse folder.
        path: PathBuf,
    },
    /// A file is not what the commit says it is.
    #[error("`{}` is damaged: {what}", path.display())]
    #[diagnostic(help(
        "restore it from a backup, or remove the newest file of `versions/` to go back to the version before"
    ))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// A commit with this number exists already.
    #[error("version {0} exists already: another writer committed it")]
    #[diagnostic(help("run again; the next run starts from that version"))]
    Outrun(u64),
    /// A version that is not kept.
    #[error("there is no version {asked} in `{}`", path.display())]
    #[diagnostic(help("`scorewright status` shows the newest version"))]
    NoVersion {
        /// The version asked for.
        asked: u64,
        /// The warehouse folder.
        path: PathBuf,
    },
    /// The Parquet library refused.
    #[error("cannot write or read the Parquet file `{}`", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: parquet::errors::ParquetError,
    },
    /// The query engine could not be started on a table.
    #[error("cannot open the table `{table}`")]
    Engine {
        /// The table.
        table: String,
        /// What the engine says.
        source: Box<datafusion::error::DataFusionError>,
    },
}

/// Adds the action and the path to an error of the operating system.
pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WarehouseError {
    let path = path.to_owned();
    move |source| WarehouseError::Io { action, path, source }
}

/// Creates a folder and all above it.
pub(crate) fn create_folder(path: &Path) -> Result<(), WarehouseError> {
    fs::create_dir_all(path).map_err(io("create the folder", path))
}

/// Writes a file that nobody reads yet, and syncs it.
pub(crate) fn write_aside(path: &Path, bytes: &[u8]) -> Result<(), WarehouseError> {
    let mut file = File::create(path).map_err(io("create", path))?;
    file.write_all(bytes).map_err(io("write", path))?;
    file.sync_all().map_err(io("sync", path))
}

/// Syncs the names of a folder.
pub(crate) fn sync_folder(path: &Path) -> Result<(), WarehouseError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(io("sync the folder", path))
}

/// Moves a synced file to its lasting name. An equal name means equal content, so a file already there stays.
pub(crate) fn settle(from: &Path, to: &Path) -> Result<(), WarehouseError> {
    let folder = to.parent().expect("a settled file lies in a folder");
    create_folder(folder)?;
    if to.exists() {
        fs::remove_file(from).map_err(io("remove", from))
    } else {
        fs::rename(from, to).map_err(io("move", from))
    }
}

/// Publishes a synced file under a name that must not exist yet: the commit point.
///
/// Returns `false` when the name exists already.
pub(crate) fn publish_new(from: &Path, to: &Path) -> Result<bool, WarehouseError> {
    match fs::hard_link(from, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(io("publish", to)(error)),
    }
    sync_folder(to.parent().expect("a commit file lies in a folder"))?;
    Ok(true)
}

/// Replaces a small file in one step: readers see the old text or the new one.
///
/// # Errors
///
/// [`WarehouseError::Io`] when the folder cannot be written.
///
/// # Panics
///
/// When the path has no folder: it names a file system's root.
pub fn write_replacing(path: &Path, bytes: &[u8]) -> Result<(), WarehouseError> {
    let folder = path.parent().expect("a replaced file lies in a folder");
    create_folder(folder)?;
    let mut aside = open_aside(folder).map_err(io("create a file in", folder))?;
    aside.write_all(bytes).map_err(io("write", path))?;
    aside.as_file().sync_all().map_err(io("sync", path))?;
    aside.persist(path).map_err(|failed| io("replace", path)(failed.error))?;
    sync_folder(folder)
}

/// A file of another name, with the permissions that the process gives every file: others follow the table it names.
fn open_aside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Removes a folder and all below it; one that is not there is fine.
pub(crate) fn remove_folder(path: &Path) -> Result<(), WarehouseError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io("remove", path)(error)),
        _ => Ok(()),
    }
}
