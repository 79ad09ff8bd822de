//! One change of the disk that fails, or at which the process dies: how tests see what the next run makes of it.
//!
//! Debug builds alone can be disturbed; elsewhere [`attempt`] does what it is given and nothing else.

use std::io;
use std::path::Path;

/// What becomes of one of the operations that change the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Nothing; every operation is named.
    Named,
    /// The process dies before it.
    DieBefore(u64),
    /// The process dies after it.
    DieAfter(u64),
    /// It fails: no space is left on the device.
    NoSpace(u64),
    /// It fails: the device cannot be read or written.
    DeviceError(u64),
}

impl Disturbance {
    /// Reads `named`, or a word and the number of an operation from 1: `die_before:37`.
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "named" {
            return Some(Self::Named);
        }
        let (word, number) = text.split_once(':')?;
        let number = number.parse().ok()?;
        Some(match word {
            "die_before" => Self::DieBefore(number),
            "die_after" => Self::DieAfter(number),
            "no_space" => Self::NoSpace(number),
            "device_error" => Self::DeviceError(number),
            _ => return None,
        })
    }

    /// Disturbs the operations of this process from now on; the first call counts.
    ///
    /// - `die`: ends the process at once.
    /// - `on_operation`: takes the name of each operation.
    #[cfg(debug_assertions)]
    pub fn begin(self, die: fn() -> !, on_operation: fn(&str)) {
        let _ =
            disturbed::DISTURBED.set(disturbed::Disturbed { disturbance: self, die, on_operation });
    }
}

/// Does one operation that changes the disk, as it is or disturbed.
///
/// - `name`, `path`: what it does, and to what.
///
/// # Errors
///
/// Those of the operation.
pub fn attempt<T>(
    name: &str,
    path: &Path,
    operation: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    #[cfg(debug_assertions)]
    return disturbed::attempt(name, path, operation);
    #[cfg(not(debug_assertions))]
    {
        let _ = (name, path);
        operation()
    }
}

#[cfg(debug_assertions)]
mod disturbed {
    use std::io;
    use std::path::Path;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::Disturbance;

    /// What becomes of which operation, and how.
    pub(super) struct Disturbed {
        pub(super) disturbance: Disturbance,
        pub(super) die: fn() -> !,
        pub(super) on_operation: fn(&str),
    }

    pub(super) static DISTURBED: OnceLock<Disturbed> = OnceLock::new();
    static ATTEMPTS: AtomicU64 = AtomicU64::new(0);

    pub(super) fn attempt<T>(
        name: &str,
        path: &Path,
        operation: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(Disturbed { disturbance, die, on_operation }) = DISTURBED.get() else {
            return operation();
        };
        let number = ATTEMPTS.fetch_add(1, Ordering::SeqCst) + 1;
        match *disturbance {
            Disturbance::Named => {
                on_operation(&format!("operation {number} {name} {}", path.display()));
                operation()
            }
            Disturbance::DieBefore(at) if at == number => die(),
            Disturbance::DieAfter(at) if at == number => {
                let _ = operation();
                die()
            }
            Disturbance::NoSpace(at) if at == number => Err(io::ErrorKind::StorageFull.into()),
            Disturbance::DeviceError(at) if at == number => {
                Err(io::Error::other("the device cannot be read or written"))
            }
            _ => operation(),
        }
    }
}
