//! The operations of a process that is disturbed, one after the other: debug builds alone can be.

mod half;

mod unsynced;

use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock};

use crate::change::DiskChange;
use crate::disturbance::Disturbance;
use half::do_half;
use unsynced::Unsynced;

/// What becomes of which operation, and how.
struct Disturbed {
    disturbance: Disturbance,
    die: fn() -> !,
    on_operation: fn(&str),
    done: Mutex<Done>,
}

/// What was done so far.
#[derive(Default)]
struct Done {
    operations: u64,
    unsynced: Unsynced,
}

static DISTURBED: OnceLock<Disturbed> = OnceLock::new();

/// Disturbs the operations of this process from now on; the first call counts.
///
/// - `die`: ends the process at once.
/// - `on_operation`: takes the name of each operation.
pub fn disturb(disturbance: Disturbance, die: fn() -> !, on_operation: fn(&str)) {
    let done = Mutex::default();
    let _ = DISTURBED.set(Disturbed { disturbance, die, on_operation, done });
}

/// The power may go at the end of the process, as it may before an operation.
pub fn disturb_the_end() {
    if let Some(disturbed) = DISTURBED.get() {
        disturbed.lose(&disturbed.counted());
    }
}

/// Does one operation, as it is or disturbed.
pub(crate) fn attempt<T>(
    change: DiskChange<'_>,
    operation: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    match DISTURBED.get() {
        Some(disturbed) => disturbed.attempt(change, operation),
        None => operation(),
    }
}

impl Disturbed {
    fn attempt<T>(
        &self,
        change: DiskChange<'_>,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        // Held during the operation, so that no other thread changes the disk while this one dies.
        let mut done = self.counted();
        let number = done.operations;
        self.lose(&done);
        match self.disturbance {
            Disturbance::Named => {
                (self.on_operation)(&format!("operation {number} {}", change.in_words()));
                operation()
            }
            Disturbance::DieBefore(at) if at == number => (self.die)(),
            Disturbance::DieWithin(at) if at == number => {
                let _ = do_half(change, operation);
                (self.die)()
            }
            Disturbance::DieAfter(at) if at == number => {
                let _ = operation();
                (self.die)()
            }
            Disturbance::NoSpace(at) if at == number => {
                let _ = do_half(change, operation);
                Err(io::ErrorKind::StorageFull.into())
            }
            Disturbance::DeviceError(at) if at == number => {
                Err(io::Error::other("the device cannot be read or written"))
            }
            Disturbance::LoseData(_) | Disturbance::LoseNames(_) | Disturbance::LoseBoth(_) => {
                done.unsynced.noting(change, operation)
            }
            _ => operation(),
        }
    }

    /// What was done so far, with the operation that is next.
    fn counted(&self) -> MutexGuard<'_, Done> {
        let mut done = self.done.lock().expect("no holder panics");
        done.operations += 1;
        done
    }

    /// Dies of a power cut, if it is to be one before the operation of this number.
    fn lose(&self, done: &Done) {
        let (at, is_data_lost, are_names_lost) = match self.disturbance {
            Disturbance::LoseData(at) => (at, true, false),
            Disturbance::LoseNames(at) => (at, false, true),
            Disturbance::LoseBoth(at) => (at, true, true),
            _ => return,
        };
        if at != done.operations {
            return;
        }
        if is_data_lost {
            done.unsynced.lose_data();
        }
        if are_names_lost {
            done.unsynced.lose_names();
        }
        (self.die)()
    }
}
