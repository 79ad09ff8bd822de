//! Tables of one version of which a file is not as it was committed.

use std::collections::BTreeMap;

use scorewright_domain::TableName;

use super::history::NeededFile;
use super::snapshot::Snapshot;
use super::verification::{Damage, VerifyDepth};
use super::warehouse::Warehouse;
use crate::error::WarehouseError;

/// A table of a version, and what of its files is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedTable {
    /// Its name.
    pub table: TableName,
    /// One for each file; never empty.
    pub damages: Vec<Damage>,
}

impl Warehouse {
    /// Tables of a version of which a file is missing or not as it was committed, by name. Each file is looked at once.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NotOpen`] when this user may not look at one of them.
    pub fn damaged_tables(
        &self,
        snapshot: &Snapshot,
        depth: VerifyDepth,
    ) -> Result<Vec<DamagedTable>, WarehouseError> {
        let mut found: BTreeMap<&str, Option<String>> = BTreeMap::new();
        let mut damaged = Vec::new();
        for (name, table) in &snapshot.tables {
            let mut of_table = Vec::new();
            for stored in &table.files {
                if !found.contains_key(stored.path.as_str()) {
                    found.insert(&stored.path, self.look_at(NeededFile::of(stored), depth)?);
                }
                if let Some(what) = &found[stored.path.as_str()] {
                    let (path, what) = (stored.path.clone(), what.clone());
                    of_table.push(Damage { path, what, versions: vec![snapshot.number] });
                }
            }
            if !of_table.is_empty() {
                damaged.push(DamagedTable { table: name.clone(), damages: of_table });
            }
        }
        Ok(damaged)
    }
}
