//! The versions that are there, one after the other, as far as it takes to list, check and clean them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Fingerprint, OwedIssue, TableName};
use scorewright_durable::failed;

use super::snapshot::Snapshot;
use super::stored_project::StoredProject;
use super::table::Table;
use super::warehouse::Warehouse;
use crate::error::WarehouseError;

/// A version without its books: what is in it, and which files it needs.
#[derive(Debug, Clone)]
pub struct VersionOutline {
    /// Its number.
    pub number: u64,
    /// Run that committed it.
    pub run: String,
    /// Day it was made for.
    pub as_of: Option<Date>,
    /// When its file was written, as the file system says.
    pub written_at: Timestamp,
    /// Its tables by name.
    pub tables: BTreeMap<TableName, Arc<Table>>,
    /// The project that it was made from.
    pub(super) project: Option<StoredProject>,
    /// Versions from which something is still to be delivered, as far as this one knows.
    pub(super) owing: BTreeSet<u64>,
}

impl VersionOutline {
    /// Rows of all its tables.
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows()).sum()
    }

    /// Its files of tables by path, each with its length: several tables may share one.
    pub fn files(&self) -> BTreeMap<&str, u64> {
        let files = self.tables.values().flat_map(|table| &table.files);
        files.map(|file| (file.path.as_str(), file.bytes)).collect()
    }

    /// All files that it needs: those of its tables, and its project.
    pub(super) fn needed(&self) -> Vec<NeededFile<'_>> {
        let tables = self.tables.values().flat_map(|table| &table.files);
        let tables = tables.map(|file| NeededFile {
            path: &file.path,
            bytes: Some(file.bytes),
            sha256: &file.sha256,
        });
        let project = self.project.iter();
        let project = project.map(|project| NeededFile {
            path: &project.path,
            bytes: None,
            sha256: &project.sha256,
        });
        tables.chain(project).collect()
    }
}

/// A file that a version needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct NeededFile<'a> {
    /// Path below the warehouse folder.
    pub(super) path: &'a str,
    /// Its length, where its version says.
    pub(super) bytes: Option<u64>,
    /// SHA-256 of its bytes.
    pub(super) sha256: &'a Fingerprint,
}

/// The versions of a warehouse at one moment.
#[derive(Debug)]
pub struct VersionHistory<'w> {
    warehouse: &'w Warehouse,
    numbers: Vec<u64>,
}

impl Warehouse {
    /// The versions that are there.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NotOpen`] when this user may not list them.
    pub fn history(&self) -> Result<VersionHistory<'_>, WarehouseError> {
        Ok(VersionHistory { warehouse: self, numbers: self.numbers()? })
    }
}

impl VersionHistory<'_> {
    /// Their numbers, ascending; whether they are intact is not known yet.
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when its hash is wrong; [`WarehouseError::NoVersion`] when it is gone.
    pub fn outline(&mut self, number: u64) -> Result<VersionOutline, WarehouseError> {
        let Snapshot { run, as_of, tables, project, issues, .. } =
            self.warehouse.version(number)?;
        let written_at = modified_at(&self.warehouse.version_path(number))?;
        let tables = tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect();
        let owing = owing(&issues);
        Ok(VersionOutline { number, run, as_of, written_at, tables, project, owing })
    }
}

/// The versions that issues are still to be rendered from.
fn owing(issues: &[OwedIssue]) -> BTreeSet<u64> {
    issues.iter().filter(|issue| !issue.is_delivered).map(|issue| issue.version).collect()
}

/// When a file was written, as the file system says.
pub(super) fn modified_at(path: &Path) -> Result<Timestamp, WarehouseError> {
    let at = fs::symlink_metadata(path).and_then(|found| found.modified());
    let at = at.map_err(failed("read", path))?;
    // A moment outside the calendar is that of no file of ours: it counts as old.
    Ok(Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH))
}
