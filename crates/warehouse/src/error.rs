//! Why a warehouse cannot be read or written.

use std::io;
use std::path::{Path, PathBuf};

use datafusion::error::DataFusionError;
use parquet::errors::ParquetError;
use scorewright_durable::{DurableError, failed};

/// A file of the warehouse could not be read, written or trusted.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum WarehouseError {
    /// The operating system refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Io(#[from] DurableError),
    /// This user may not read it.
    #[error("cannot {action} `{}`: permission denied", path.display())]
    #[diagnostic(help("{help}"))]
    NotOpen {
        /// What was tried: `read`, `list`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What would open it.
        help: &'static str,
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
        "`scorewright repair` makes damaged tables of the newest version again from what is still there; `scorewright verify --deep` says which versions are whole, and `scorewright rollback` goes back to one of them"
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
    CommitConflict(u64),
    /// A version that is not kept.
    #[error("there is no version {asked} in `{}`", path.display())]
    #[diagnostic(help("{known}"))]
    NoVersion {
        /// The version asked for.
        asked: u64,
        /// The warehouse folder.
        path: PathBuf,
        /// Which there are, and what to do, in words.
        known: String,
    },
    /// A version that cannot be read, so that nobody knows which files it needs.
    #[error("nothing is removed: `{}` is damaged ({what}), so it is not known which files it needs", path.display())]
    #[diagnostic(help(
        "restore it from a backup; or remove it, if that version is not needed any more"
    ))]
    UnknownNeeds {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The Parquet library refused.
    #[error("cannot write or read the Parquet file `{}`", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: ParquetError,
    },
    /// The query engine could not be started on a table.
    #[error("cannot open the table `{table}`")]
    Engine {
        /// The table.
        table: String,
        /// What the engine says.
        source: Box<DataFusionError>,
    },
}

/// Adds the action and the path to an error of the operating system; where this user may not read, says what opens it.
pub(crate) fn not_open(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> WarehouseError + use<> {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::PermissionDenied => WarehouseError::NotOpen { action, path, help: GROUP },
        _ => failed(action, &path)(error).into(),
    }
}

/// What opens tables and versions.
const GROUP: &str = "`[files] group` in `scorewright.toml` opens tables, versions and pages to a group, with the next run; \
                     this user must be a member of it, and the folders above must let it pass";

/// What opens quarantine: nothing.
pub(crate) const NOT_QUARANTINE: &str = "`[files] group` does not open quarantine: its rows are as they were received, and may name people; \
                                         ask the user who runs the project";

/// Adds the path to an error of the Parquet library: `.map_err(parquet_error(path))`. One of this crate that went through
/// the library is that one again.
pub(crate) fn parquet_error(path: &Path) -> impl FnOnce(ParquetError) -> WarehouseError + use<> {
    let path = path.to_owned();
    move |source| {
        let own = WarehouseError::within(source);
        own.unwrap_or_else(|source| WarehouseError::Parquet { path, source })
    }
}

impl WarehouseError {
    /// The error of this crate that the Parquet library handed on; otherwise the one that it was given.
    ///
    /// # Errors
    ///
    /// The error of the library, when it is its own.
    pub fn within(error: ParquetError) -> Result<Self, ParquetError> {
        match error {
            ParquetError::External(cause) => {
                cause.downcast::<Self>().map(|own| *own).map_err(ParquetError::External)
            }
            error => Err(error),
        }
    }
}

/// Adds the table to an error of the query engine: `.map_err(engine_error(table))`.
pub(crate) fn engine_error(table: &str) -> impl FnOnce(DataFusionError) -> WarehouseError + use<> {
    let table = table.to_owned();
    move |source| WarehouseError::Engine { table, source: Box::new(source) }
}
