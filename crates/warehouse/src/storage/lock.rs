//! One writer at a time, by a lock that the kernel frees when its owner dies.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use scorewright_durable::{create_folder, failed, open_lock_file};

use super::warehouse::Warehouse;
use crate::error::{WarehouseError, not_open};

/// The right to write to a warehouse, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

const FILE: &str = "lock";

/// Half a second in all. [`Lock::is_held`] has the file locked for an instant, and a run that starts in that instant
/// must not end as if another one were active; an active run holds the lock for longer than these pauses.
const PAUSES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

impl Lock {
    /// Takes the lock of a warehouse; when another run has it, tries again for half a second.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Busy`] when another process still holds it; [`WarehouseError::Io`] when the folder cannot be written.
    pub fn take(warehouse: &Warehouse) -> Result<Self, WarehouseError> {
        Self::take_with(warehouse, || thread::sleep(PAUSE))
    }

    fn take_with(warehouse: &Warehouse, pause: impl FnMut()) -> Result<Self, WarehouseError> {
        let root = warehouse.root();
        create_folder(root, warehouse.readers_of(root))?;
        let path = root.join(FILE);
        let file = open_lock_file(&path, warehouse.readers_of(&path))?;
        match try_lock(&file, pause) {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(WarehouseError::Busy { path: root.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed("lock", &path)(error).into()),
        }
    }

    /// Whether a run holds the lock of a warehouse now; without a lock file, none does.
    ///
    /// It takes a shared lock: several probes at once all get it, none does while a run has the exclusive one.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NotOpen`] when this user may not read the lock file, so that nothing is known.
    pub fn is_held(warehouse: &Warehouse) -> Result<bool, WarehouseError> {
        let path = warehouse.root().join(FILE);
        match File::open(&path) {
            Ok(file) => Ok(matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                Err(not_open("open", &path)(error))
            }
            Err(_) => Ok(false),
        }
    }
}

fn try_lock(file: &File, mut pause: impl FnMut()) -> Result<(), TryLockError> {
    for _ in 0..PAUSES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => pause(),
            locked => return locked,
        }
    }
    file.try_lock()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tempfile::TempDir;

    use super::*;

    /// A warehouse whose lock is free.
    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        drop(Lock::take(&of(&folder)).unwrap());
        folder
    }

    fn of(folder: &TempDir) -> Warehouse {
        Warehouse::at(folder.path())
    }

    /// The shared lock of a probe, held until the file is dropped.
    fn probe(folder: &TempDir) -> File {
        let file = File::open(folder.path().join(FILE)).unwrap();
        file.try_lock_shared().unwrap();
        file
    }

    #[test]
    fn a_lock_is_held_until_it_is_dropped() {
        let folder = folder();
        let lock = Lock::take(&of(&folder)).unwrap();
        assert!(Lock::is_held(&of(&folder)).unwrap());
        drop(lock);
        assert!(!Lock::is_held(&of(&folder)).unwrap());
    }

    #[test]
    fn nobody_holds_the_lock_of_a_folder_that_is_not_there() {
        let folder = folder();
        assert!(!Lock::is_held(&Warehouse::at(folder.path().join("none"))).unwrap());
    }

    #[test]
    fn two_probes_at_once_take_neither_for_a_run() {
        let folder = folder();
        let first = probe(&folder);
        assert!(!Lock::is_held(&of(&folder)).unwrap());
        let second = probe(&folder);
        drop((first, second));
    }

    #[test]
    fn a_run_that_starts_during_a_probe_waits_for_its_end() {
        let folder = folder();
        let (mut probe, mut pauses) = (Some(probe(&folder)), 0);
        let lock = Lock::take_with(&of(&folder), || {
            pauses += 1;
            drop(probe.take());
        });
        assert!(lock.is_ok());
        assert_eq!(pauses, 1);
    }

    #[test]
    fn a_probe_of_a_tenth_of_a_second_turns_no_run_away() {
        let folder = folder();
        let probe = probe(&folder);
        let (_release, released) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                let hold = released.recv_timeout(Duration::from_millis(100));
                assert_eq!(hold, Err(mpsc::RecvTimeoutError::Timeout));
                drop(probe);
            });
            assert!(Lock::take(&of(&folder)).is_ok());
        });
    }

    #[test]
    fn a_second_run_is_refused_after_half_a_second() {
        let folder = folder();
        let _first = Lock::take(&of(&folder)).unwrap();
        let mut pauses = 0;
        let second = Lock::take_with(&of(&folder), || pauses += 1);
        assert!(matches!(second, Err(WarehouseError::Busy { .. })));
        assert_eq!(PAUSE * pauses, Duration::from_millis(500));
        assert!(matches!(Lock::take(&of(&folder)), Err(WarehouseError::Busy { .. })));
        assert!(Lock::is_held(&of(&folder)).unwrap(), "the first run still holds it");
    }
}
