//! Where every change of the disk is made, so that tests can disturb it.

use std::io;

use crate::change::DiskChange;

/// Does one operation that changes the disk: as it is or, in debug builds, disturbed.
///
/// # Errors
///
/// Those of the operation.
pub(crate) fn attempt<T>(
    change: DiskChange<'_>,
    operation: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    #[cfg(debug_assertions)]
    return crate::disturbed::attempt(change, operation);
    #[cfg(not(debug_assertions))]
    {
        let _ = change;
        operation()
    }
}
