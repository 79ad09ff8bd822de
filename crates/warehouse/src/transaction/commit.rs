//! How a snapshot becomes visible: all of it at once, and durably.
//!
//! Files move to names made of their content, folders are synced, then the
//! commit file appears under a number that no other writer can take. Before that moment
//! readers see the old snapshot; after it, all of the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use scorewright_domain::ProjectFile;
use scorewright_durable::{
    promote_file, publish_file, remove_folder, remove_path, replace_file, sync_folder, write_synced,
};

use crate::error::WarehouseError;
use crate::storage::{PackedSnapshot, STAGE, Snapshot, StoredFile, StoredProject, Warehouse};

/// What a commit records beside its tables.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The run.
    pub run: String,
    /// The day it was made for.
    pub as_of: Date,
    /// Version of the program.
    pub program: String,
    /// Hash over the project's files and the options that shape results.
    pub configuration: String,
    /// The text files of the project.
    pub project: Vec<ProjectFile>,
}

impl Commit {
    /// Makes the tables of `put` the newest snapshot; returns it with the lasting names of its files.
    pub(super) fn publish(
        self,
        number: u64,
        put: Snapshot,
        warehouse: &Warehouse,
    ) -> Result<Snapshot, WarehouseError> {
        let project = StoredProject::text(&self.project);
        let mut snapshot = self.into_snapshot(number, put);
        promote_files(warehouse, &mut snapshot)?;
        snapshot.project = Some(keep_project(warehouse, &project)?);
        publish(warehouse, snapshot)
    }

    fn into_snapshot(self, number: u64, put: Snapshot) -> Snapshot {
        Snapshot {
            number,
            run: self.run,
            as_of: Some(self.as_of),
            program: self.program,
            configuration: self.configuration,
            ..put
        }
    }
}

/// Makes a snapshot, all of whose files have their lasting names, the newest one.
pub(super) fn publish(
    warehouse: &Warehouse,
    snapshot: Snapshot,
) -> Result<Snapshot, WarehouseError> {
    let root = warehouse.root();
    let packed = PackedSnapshot::of(&snapshot, &warehouse.known_manifests()?);
    if let Some(pack) = &packed.new_pack {
        keep(warehouse, &pack.path(), pack.text())?;
    }
    let staged = root.join(STAGE).join("version.json");
    let path = warehouse.version_path(snapshot.number);
    write_synced(&staged, packed.text.as_bytes(), warehouse.readers_of(&path))?;
    if !publish_file(&staged, &path)? {
        return Err(WarehouseError::CommitConflict(snapshot.number));
    }
    // The version is published: what fails from here on is made good by the next run.
    let _ = warehouse.write_hint(&snapshot);
    let _ = remove_folder(&root.join(STAGE));
    Ok(snapshot)
}

/// Gives staged files their lasting names; a file of several tables lies with the first of them.
fn promote_files(warehouse: &Warehouse, snapshot: &mut Snapshot) -> Result<(), WarehouseError> {
    let root = warehouse.root();
    let mut promoted: BTreeMap<String, String> = BTreeMap::new();
    for (name, table) in &mut snapshot.tables {
        let folder = format!("tables/{}/{}", name.layer(), name.noun());
        for file in table.files.iter_mut().filter(|file| file.path.starts_with(STAGE)) {
            let lasting = if let Some(lasting) = promoted.get(&file.path) {
                lasting.clone()
            } else {
                let lasting = format!("{folder}/{}.parquet", file.sha256.short(24));
                let path = root.join(&lasting);
                clear_damaged(&path, file)?;
                promote_file(&root.join(&file.path), &path, warehouse.readers_of(&path))?;
                promoted.insert(file.path.clone(), lasting.clone());
                lasting
            };
            file.path = lasting;
        }
    }
    // A new folder is lasting only when those above it are synced too, up to the warehouse folder.
    let folders: BTreeSet<PathBuf> = promoted
        .values()
        .flat_map(|lasting| {
            root.join(lasting).ancestors().skip(1).take(4).map(Path::to_owned).collect::<Vec<_>>()
        })
        .collect();
    Ok(folders.iter().try_for_each(|folder| sync_folder(folder))?)
}

/// Removes what has the name of a file and is not its content: a file that has its name already stays where it is promoted.
fn clear_damaged(path: &Path, file: &StoredFile) -> Result<(), WarehouseError> {
    if path.exists() && !file.is_at(path) {
        remove_path(path)?;
    }
    Ok(())
}

/// Keeps the project's text files under the name of their content.
fn keep_project(warehouse: &Warehouse, text: &str) -> Result<StoredProject, WarehouseError> {
    let stored = StoredProject::of(text);
    keep(warehouse, &stored.path, text)?;
    Ok(stored)
}

/// Keeps a text under the name of its content; what has the name and is not whole is written again.
fn keep(warehouse: &Warehouse, below: &str, text: &str) -> Result<(), WarehouseError> {
    let path = warehouse.root().join(below);
    if !std::fs::read(&path).is_ok_and(|kept| kept == text.as_bytes()) {
        replace_file(&path, text.as_bytes(), warehouse.readers_of(&path))?;
    }
    Ok(())
}
