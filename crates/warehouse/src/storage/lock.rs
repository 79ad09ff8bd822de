//! One writer at a time, by a lock that the kernel frees when its owner dies.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use scorewright_durable::{Readers, create_folder, failed};

use crate::error::WarehouseError;

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
    /// Takes the lock of a warehouse folder; when another run has it, tries again for half a second.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Busy`] when another process still holds it; [`WarehouseError::Io`] when the folder cannot be written.
    pub fn take(root: &Path) -> Result<Self, WarehouseError> {
        Self::take_with(root, || thread::sleep(PAUSE))
    }

    fn take_with(root: &Path, pause: impl FnMut()) -> Result<Self, WarehouseError> {
        create_folder(root, Readers::Anyone)?;
        let path = root.join(FILE);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed("open", &path))?;
        match try_lock(&file, pause) {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(WarehouseError::Busy { path: root.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed("lock", &path)(error).into()),
        }
    }

    /// Whether a run holds the lock of this folder now; without a lock file that can be opened, none does.
    ///
    /// It takes a shared lock: several probes at once all get it, none does while a run has the exclusive one.
    pub fn is_held(root: &Path) -> bool {
        let Ok(file) = File::open(root.join(FILE)) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
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
        drop(Lock::take(folder.path()).unwrap());
        folder
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
        let lock = Lock::take(folder.path()).unwrap();
        assert!(Lock::is_held(folder.path()));
        drop(lock);
        assert!(!Lock::is_held(folder.path()));
    }

    #[test]
    fn nobody_holds_the_lock_of_a_folder_that_is_not_there() {
        let folder = folder();
        assert!(!Lock::is_held(&folder.path().join("none")));
    }

    #[test]
    fn two_probes_at_once_take_neither_for_a_run() {
        let folder = folder();
        let first = probe(&folder);
        assert!(!Lock::is_held(folder.path()));
        let second = probe(&folder);
        drop((first, second));
    }

    #[test]
    fn a_run_that_starts_during_a_probe_waits_for_its_end() {
        let folder = folder();
        let (mut probe, mut pauses) = (Some(probe(&folder)), 0);
        let lock = Lock::take_with(folder.path(), || {
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
            assert!(Lock::take(folder.path()).is_ok());
        });
    }

    #[test]
    fn a_second_run_is_refused_after_half_a_second() {
        let folder = folder();
        let _first = Lock::take(folder.path()).unwrap();
        let mut pauses = 0;
        let second = Lock::take_with(folder.path(), || pauses += 1);
        assert!(matches!(second, Err(WarehouseError::Busy { .. })));
        assert_eq!(PAUSE * pauses, Duration::from_millis(500));
        assert!(matches!(Lock::take(folder.path()), Err(WarehouseError::Busy { .. })));
        assert!(Lock::is_held(folder.path()), "the first run still holds it");
    }
}
