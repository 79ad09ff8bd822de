//! How what a run has put becomes visible: all of it at once, and lastingly.

use std::path::PathBuf;

use jiff::civil::Date;

use super::{STAGE, Transaction};
use scorewright_durable::{
    Readers, promote_file, publish_file, remove_folder, replace_file, sync_folder, write_synced,
};

use crate::error::WarehouseError;
use crate::lock::Lock;
use crate::snapshot::Snapshot;

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
}

impl Transaction {
    /// Makes everything that was put visible, at once and lastingly.
    ///
    /// Files move to names made of their content, folders are synced, then the
    /// commit file appears under a number nobody else can take. Before that
    /// moment readers see the old snapshot; after it, all of the new one.
    /// The lock is handed on, so that what follows from the commit is done by
    /// this run alone.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::CommitConflict`] when the number was taken; [`WarehouseError::Io`] when the disk refuses.
    pub fn commit(mut self, commit: Commit) -> Result<(Snapshot, Lock), WarehouseError> {
        self.promote_files()?;
        let snapshot = Snapshot {
            number: self.number,
            run: commit.run,
            as_of: Some(commit.as_of),
            program: commit.program,
            configuration: commit.configuration,
            ..self.snapshot
        };
        let root = self.warehouse.root();
        let staged = root.join(STAGE).join("version.json");
        write_synced(&staged, snapshot.to_text().as_bytes(), Readers::Anyone)?;
        if !publish_file(&staged, &self.warehouse.version_path(snapshot.number))? {
            return Err(WarehouseError::CommitConflict(snapshot.number));
        }
        replace_file(&root.join("CURRENT.json"), hint(&snapshot).as_bytes(), Readers::Anyone)?;
        remove_folder(&root.join(STAGE))?;
        Ok((snapshot, self.lock))
    }

    fn promote_files(&mut self) -> Result<(), WarehouseError> {
        let root = self.warehouse.root().to_owned();
        let mut folders: Vec<PathBuf> = Vec::new();
        for (name, table) in &mut self.snapshot.tables {
            for file in table.files.iter_mut().filter(|file| file.path.starts_with(STAGE)) {
                let lasting = format!(
                    "tables/{}/{}/{}.parquet",
                    name.layer(),
                    name.noun(),
                    file.sha256.short(24)
                );
                promote_file(&root.join(&file.path), &root.join(&lasting))?;
                folders.push(root.join("tables").join(name.layer().as_str()).join(name.noun()));
                file.path = lasting;
            }
        }
        if folders.is_empty() {
            return Ok(());
        }
        folders
            .extend(folders.clone().iter().filter_map(|folder| folder.parent().map(PathBuf::from)));
        folders.extend([root.join("tables"), root]);
        folders.sort();
        folders.dedup();
        Ok(folders.iter().try_for_each(|folder| sync_folder(folder))?)
    }
}

/// The files of each table, for people and for other programs that read Parquet.
fn hint(snapshot: &Snapshot) -> String {
    let tables: serde_json::Map<String, serde_json::Value> = snapshot
        .tables
        .iter()
        .map(|(name, table)| {
            let files: Vec<&str> = table.files.iter().map(|file| file.path.as_str()).collect();
            (name.to_string(), files.into())
        })
        .collect();
    format!("{:#}\n", serde_json::json!({ "version": snapshot.number, "tables": tables }))
}
