//! What nothing needs any more is removed: by `scorewright gc`, and at the end of runs. What mends damages is told.

use scorewright_domain::{Event, Listener as _};
use scorewright_project::Folders;
use scorewright_warehouse::{Garbage, Lock, Verification, WarehouseError};

use crate::clock;
use crate::console::Console;
use crate::exit::Failure;

/// Finds what nothing needs any more, by the settings of a project.
pub(crate) fn garbage(folders: &Folders, lock: &Lock) -> Result<Garbage, WarehouseError> {
    folders.warehouse().garbage(lock, &folders.retention, clock::now())
}

/// Removes it after a run that published. That it fails is told and changes nothing of the run: the next one goes on.
pub(crate) fn clean_after_run(folders: &Folders, lock: &Lock, console: &Console) {
    let removed = garbage(folders, lock).and_then(|garbage| {
        folders.warehouse().remove_garbage(lock, &garbage)?;
        Ok(garbage)
    });
    match removed {
        Ok(garbage) => console.on_event(event(&garbage)),
        Err(error) => {
            let failure = Failure::from(error);
            console.notice_failure("earlier versions are not cleaned up", &failure);
        }
    }
}

/// What mends damages that nothing can make good.
pub(crate) fn restore_or_go_back(found: &Verification) -> String {
    match found.newest_whole() {
        Some(whole) => format!(
            "restore it from a backup, or `scorewright rollback {whole}` and `scorewright run`, which reads again what that version does not have"
        ),
        None => "restore it from a backup; no version is whole: without one, move `warehouse/` away and `scorewright run` makes all of it again from the extracts".into(),
    }
}

fn event(garbage: &Garbage) -> Event {
    Event::StorageCleaned {
        versions_removed: garbage.versions.len() as u64,
        versions_kept: garbage.kept_versions.len() as u64,
        files_removed: garbage.removed.files,
        bytes_removed: garbage.removed.bytes,
    }
}
