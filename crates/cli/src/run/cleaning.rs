//! What nothing needs any more is removed: by `scorewright gc`, and at the end of runs.

use scorewright_domain::{Event, Listener as _};
use scorewright_project::Folders;
use scorewright_warehouse::{Garbage, Lock};

use super::old_outputs::{OldOutputs, old_outputs, remove_old_outputs};
use crate::clock;
use crate::console::Console;
use crate::exit::Failure;

/// What nothing needs any more, of the tables and of `out/`.
pub(crate) struct Removable {
    pub(crate) garbage: Garbage,
    pub(crate) outputs: OldOutputs,
}

/// Finds what nothing needs any more, by the settings of a project.
pub(crate) fn removable(folders: &Folders, lock: &Lock) -> Result<Removable, Failure> {
    let now = clock::now();
    let garbage = folders.warehouse().garbage(lock, &folders.retention, now)?;
    let outputs = old_outputs(folders, &garbage, now)?;
    Ok(Removable { garbage, outputs })
}

/// Removes it: versions and their files first, then what only they needed of `out/`.
pub(crate) fn remove(folders: &Folders, lock: &Lock, removable: &Removable) -> Result<(), Failure> {
    folders.warehouse().remove_garbage(lock, &removable.garbage)?;
    Ok(remove_old_outputs(&removable.outputs)?)
}

/// Removes it after a run that published. That it fails is told and changes nothing of the run: the next one goes on.
pub(crate) fn clean_after_run(folders: &Folders, lock: &Lock, console: &Console) {
    let removed = removable(folders, lock).and_then(|removable| {
        remove(folders, lock, &removable)?;
        Ok(removable)
    });
    match removed {
        Ok(removable) => console.on_event(event(&removable)),
        Err(failure) => console.notice_failure("earlier versions are not cleaned up", &failure),
    }
}

fn event(removable: &Removable) -> Event {
    let Removable { garbage, outputs } = removable;
    let outputs = outputs.removed();
    Event::StorageCleaned {
        versions_removed: garbage.versions.len() as u64,
        versions_kept: garbage.kept_versions.len() as u64,
        files_removed: garbage.removed.files + outputs.files,
        bytes_removed: garbage.removed.bytes + outputs.bytes,
    }
}
