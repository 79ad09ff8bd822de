//! `CURRENT.json`: the files of the newest commit, for people and other programs. No reader of ours needs it.

use std::fs;

use scorewright_durable::replace_file;

use super::snapshot::Snapshot;
use super::warehouse::Warehouse;
use crate::error::WarehouseError;

const FILE: &str = "CURRENT.json";

impl Warehouse {
    /// Whether the hint is that of a snapshot.
    pub fn has_hint(&self, snapshot: &Snapshot) -> bool {
        fs::read_to_string(self.root().join(FILE)).is_ok_and(|text| text == hint(snapshot))
    }

    /// Writes the hint of a snapshot. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn write_hint(&self, snapshot: &Snapshot) -> Result<(), WarehouseError> {
        let path = self.root().join(FILE);
        Ok(replace_file(&path, hint(snapshot).as_bytes(), self.readers_of(&path))?)
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
