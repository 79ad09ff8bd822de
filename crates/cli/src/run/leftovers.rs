//! What dead processes left half-written: removed under the lock, before anything is written.

use std::path::{Path, PathBuf};

use scorewright_durable::{folder_names, is_staged, remove_path};
use scorewright_project::Folders;
use scorewright_warehouse::Lock;

use crate::exit::Failure;

/// Removes what is staged and belongs to nobody. Where another run is active it is left to that one.
pub(crate) fn clear_leftovers(folders: &Folders) -> Result<(), Failure> {
    folders.warehouse().clear_spill();
    if leftovers(folders)?.is_empty() {
        return Ok(());
    }
    let Ok(_lock) = Lock::take(folders.warehouse().root()) else { return Ok(()) };
    for path in leftovers(folders)? {
        remove_path(&path)?;
    }
    Ok(())
}

/// Staged files and folders in the folders that are written to.
fn leftovers(folders: &Folders) -> Result<Vec<PathBuf>, Failure> {
    let warehouse = folders.warehouse().root().to_owned();
    let (ledger, pages) = (warehouse.join("ledger"), folders.out("pages"));
    let projects = warehouse.join("projects");
    let outbox = folders.out("outbox");
    let payload = outbox.join("payload");
    let single = [warehouse, projects, folders.out("runs"), folders.out("mail"), outbox, payload];
    let mut all: Vec<PathBuf> = single.to_vec();
    for of_reports in [ledger, pages] {
        all.extend(folder_names(&of_reports)?.into_iter().map(|name| of_reports.join(name)));
    }
    let staged = all.iter().map(|folder| staged_in(folder)).collect::<Result<Vec<_>, _>>()?;
    let uncommitted = folders.warehouse().stage();
    Ok([staged.concat(), uncommitted.into_iter().collect()].concat())
}

fn staged_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let names = folder_names(folder)?.into_iter().filter(|name| is_staged(name));
    Ok(names.map(|name| folder.join(name)).collect())
}
