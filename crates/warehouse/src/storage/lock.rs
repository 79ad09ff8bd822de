//! One writer at a time, by a lock that the kernel frees when its owner dies.

use std::fs::{File, TryLockError};
use std::path::Path;

use scorewright_durable::{Readers, create_folder, failed};

use crate::error::WarehouseError;

/// The right to write to a warehouse, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a warehouse folder, or says at once that another run has it.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Busy`] when another process holds it; [`WarehouseError::Io`] when the folder cannot be written.
    pub fn take(root: &Path) -> Result<Self, WarehouseError> {
        create_folder(root, Readers::Anyone)?;
        let path = root.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(WarehouseError::Busy { path: root.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed("lock", &path)(error).into()),
        }
    }

    /// Whether a run holds the lock of this folder now.
    pub fn is_held(root: &Path) -> bool {
        let Ok(file) = File::options().write(true).open(root.join("lock")) else { return false };
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }
}
