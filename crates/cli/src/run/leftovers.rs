//! What dead processes left half-written: removed under the lock, before anything is written.

use std::path::{Path, PathBuf};

use scorewright_durable::{folder_names, is_staged, remove_path};
use scorewright_project::Folders;
use scorewright_warehouse::{Lock, Snapshot, Warehouse};

use crate::exit::Failure;

/// Removes what is staged and belongs to nobody. Where another run is active it is left to that one.
pub(crate) fn clear_leftovers(folders: &Folders) -> Result<(), Failure> {
    folders.warehouse().clear_spill();
    if leftovers(folders)?.is_empty() {
        return Ok(());
    }
    let Ok(_lock) = Lock::take(&folders.warehouse()) else { return Ok(()) };
    for path in leftovers(folders)? {
        remove_path(&path)?;
    }
    Ok(())
}

/// Removes bad rows of extracts that nothing new was found of, but for those that a version is made without. Where
/// another run is active it is left to that one.
pub(crate) fn clear_refused_rows(warehouse: &Warehouse, newest: &Snapshot) -> Result<(), Failure> {
    if warehouse.refused_rows_folders()?.is_empty() {
        return Ok(());
    }
    let Ok(_lock) = Lock::take(warehouse) else { return Ok(()) };
    let refused = newest.left_out.iter();
    let kept: Vec<(&str, &Path)> =
        refused.map(|extract| (extract.source.as_str(), extract.file.as_path())).collect();
    Ok(warehouse.retain_refused_rows(&kept)?)
}

/// Staged files and folders in the folders that are written to.
fn leftovers(folders: &Folders) -> Result<Vec<PathBuf>, Failure> {
    let warehouse = folders.warehouse().root().to_owned();
    let (ledger, pages) = (warehouse.join("ledger"), folders.out("pages"));
    let [projects, manifests] = ["projects", "manifests"].map(|name| warehouse.join(name));
    let outbox = folders.out("outbox");
    let payload = outbox.join("payload");
    let single =
        [warehouse, projects, manifests, folders.out("runs"), folders.out("mail"), outbox, payload];
    let mut all: Vec<PathBuf> = single.to_vec();
    for of_reports in [ledger, pages] {
        all.extend(folder_names(&of_reports)?.into_iter().map(|name| of_reports.join(name)));
    }
    all.extend(folders.warehouse().refused_rows_folders()?);
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
