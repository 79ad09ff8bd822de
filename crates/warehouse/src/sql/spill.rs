//! Where a session spills: a folder of its own, known to be dead once nobody holds its lock.

use std::fs::{self, File};
use std::path::Path;

use scorewright_durable::{Readers, create_folder, folder_names, open_lock_file};
use tempfile::TempDir;

use crate::storage::Warehouse;

/// Name of the folder of all sessions, below the warehouse folder.
const SPILL: &str = ".spill";

/// Name of the file that a session holds locked in its folder; in the folder of all of them, held while one begins.
const LOCK: &str = "lock";

/// The folder of one session, removed when it ends.
pub(super) struct SpillFolder {
    folder: TempDir,
    _lock: File,
}

impl SpillFolder {
    /// Creates one below a warehouse folder; `None` for a user who may only read, whose sessions do not spill.
    pub(super) fn create(root: &Path) -> Option<Self> {
        let all = root.join(SPILL);
        create_folder(&all, Readers::Owner).ok()?;
        let begins = gate(&all)?;
        begins.lock_shared().ok()?;
        let mut named = tempfile::Builder::new();
        named.prefix("session-");
        // Rows spill into it, whatever the umask would let others read.
        #[cfg(unix)]
        named.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = named.tempdir_in(&all).ok()?;
        let lock = open_lock_file(&folder.path().join(LOCK), Readers::Owner).ok()?;
        lock.lock().ok()?;
        Some(Self { folder, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Warehouse {
    /// Removes what sessions of dead processes have spilled, as far as this user may.
    pub fn clear_spill(&self) {
        let all = self.root().join(SPILL);
        // Without a session that begins at this moment, a folder that nobody holds locked is that of a dead one.
        let Some(_none_begins) = gate(&all).filter(|gate| gate.try_lock().is_ok()) else { return };
        for name in folder_names(&all).unwrap_or_default() {
            let folder = all.join(name);
            if folder.is_dir() && is_dead(&folder) {
                // What cannot be removed now is tried again by the next run.
                let _ = fs::remove_dir_all(&folder);
            }
        }
    }
}

/// The file by which sessions begin one after the other, or none does.
fn gate(all: &Path) -> Option<File> {
    open_lock_file(&all.join(LOCK), Readers::Owner).ok()
}

fn is_dead(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
        || !folder.join(LOCK).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_what_a_session_spills() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let session = SpillFolder::create(root.path()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let all = root.path().join(SPILL);
        assert_eq!((mode(&all), mode(&all.join(LOCK))), (0o700, 0o600));
        assert_eq!((mode(session.path()), mode(&session.path().join(LOCK))), (0o700, 0o600));
    }

    #[test]
    fn what_a_dead_session_spilled_is_removed_and_a_living_one_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let living = SpillFolder::create(root.path()).unwrap();
        let dead = root.path().join(SPILL).join("session-dead");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        fs::write(dead.join("spilled"), "rows").unwrap();
        let warehouse = Warehouse::at(root.path());
        warehouse.clear_spill();
        assert!(living.path().is_dir() && !dead.exists());
        let killed_while_it_began = root.path().join(SPILL).join("session-begun");
        fs::create_dir(&killed_while_it_began).unwrap();
        warehouse.clear_spill();
        assert!(living.path().is_dir() && !killed_while_it_began.exists());
        drop(living);
        assert_eq!(folder_names(&root.path().join(SPILL)).unwrap(), [LOCK]);
    }
}
