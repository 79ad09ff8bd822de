//! The versions that are there, one after the other, as far as it takes to list, check and clean them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Fingerprint, OwedIssue, TableName};
use scorewright_durable::failed;

use super::manifest_pack::{Packs, pack_path};
use super::manifests::Manifests;
use super::snapshot::Snapshot;
use super::stored_file::StoredFile;
use super::stored_project::StoredProject;
use super::table::Table;
use super::version_file::VersionFile;
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
    /// How many of its tables and views are behind what they are made from.
    pub behind: usize,
    /// Paths of the packs that its manifests lie in.
    pub(super) packs: Vec<String>,
    /// The project that it was made from.
    pub(super) project: Option<StoredProject>,
    /// Versions from which something is still to be delivered, as far as this one knows.
    pub(super) owing: BTreeSet<u64>,
    /// The issues that it knows.
    pub(super) issues: IssueNames,
}

/// Report, period and revision of issues.
pub(super) type IssueNames = BTreeSet<(String, String, u32)>;

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

    /// All files that it needs: those of its tables, its project, and the packs of its manifests.
    pub(super) fn needed(&self) -> Vec<NeededFile<'_>> {
        let tables = self.tables.values().flat_map(|table| &table.files);
        let tables = tables.map(NeededFile::of);
        let project = self.project.iter();
        let project = project.map(|project| NeededFile {
            path: &project.path,
            bytes: None,
            sha256: Some(&project.sha256),
        });
        let packs = self.packs.iter();
        let packs = packs.map(|path| NeededFile { path, bytes: None, sha256: None });
        tables.chain(project).chain(packs).collect()
    }
}

/// A file that a version needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct NeededFile<'a> {
    /// Path below the warehouse folder.
    pub(super) path: &'a str,
    /// Its length, where its version says.
    pub(super) bytes: Option<u64>,
    /// SHA-256 of its bytes; `None` of a pack, whose manifests are checked one by one when they are read.
    pub(super) sha256: Option<&'a Fingerprint>,
}

impl<'a> NeededFile<'a> {
    /// A file of a table.
    pub(super) fn of(stored: &'a StoredFile) -> Self {
        Self { path: &stored.path, bytes: Some(stored.bytes), sha256: Some(&stored.sha256) }
    }
}

/// The versions of a warehouse at one moment.
#[derive(Debug)]
pub struct VersionHistory<'w> {
    warehouse: &'w Warehouse,
    numbers: Vec<u64>,
    /// Packs that several share are read once, and tables that several share are there once.
    packs: Packs,
    tables: BTreeMap<Fingerprint, Arc<Table>>,
}

impl Warehouse {
    /// The versions that are there.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NotOpen`] when this user may not list them.
    pub fn history(&self) -> Result<VersionHistory<'_>, WarehouseError> {
        let packs = Packs::below(self.root());
        Ok(VersionHistory {
            warehouse: self,
            numbers: self.numbers()?,
            packs,
            tables: BTreeMap::new(),
        })
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
        let VersionFile { header, manifests } = self.warehouse.version_file(number)?;
        let Snapshot { run, as_of, tables, project, issues, behind, .. } = header;
        let written_at = modified_at(&self.warehouse.version_path(number))?;
        let outline = VersionOutline {
            number,
            run,
            as_of,
            written_at,
            tables: tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect(),
            behind: behind.len(),
            packs: Vec::new(),
            project,
            owing: owing(&issues),
            issues: names_of(&issues),
        };
        match manifests {
            Some(manifests) => self.with_manifests(outline, &manifests),
            None => Ok(outline),
        }
    }

    /// An outline with what manifests hold.
    fn with_manifests(
        &mut self,
        outline: VersionOutline,
        manifests: &Manifests,
    ) -> Result<VersionOutline, WarehouseError> {
        // The books are not kept, but looked at: a version is whole only with them.
        manifests.landings(&mut self.packs)?;
        let issues = manifests.issues(&mut self.packs)?;
        Ok(VersionOutline {
            tables: self.shared_tables(manifests)?,
            packs: manifests.packs(&mut self.packs)?.iter().map(|name| pack_path(name)).collect(),
            owing: owing(&issues),
            issues: names_of(&issues),
            ..outline
        })
    }

    fn shared_tables(
        &mut self,
        manifests: &Manifests,
    ) -> Result<BTreeMap<TableName, Arc<Table>>, WarehouseError> {
        let mut tables = BTreeMap::new();
        for (name, at) in &manifests.tables {
            if !self.tables.contains_key(&at.sha256) {
                self.tables.insert(at.sha256.clone(), Arc::new(self.packs.read(at)?));
            }
            tables.insert(name.clone(), Arc::clone(&self.tables[&at.sha256]));
        }
        Ok(tables)
    }
}

/// The versions that issues are still to be rendered from.
fn owing(issues: &[OwedIssue]) -> BTreeSet<u64> {
    issues.iter().filter(|issue| !issue.is_delivered).map(|issue| issue.version).collect()
}

fn names_of(issues: &[OwedIssue]) -> IssueNames {
    let name = |issue: &OwedIssue| (issue.report.clone(), issue.period.clone(), issue.revision);
    issues.iter().map(name).collect()
}

/// When a file was written, as the file system says.
pub(super) fn modified_at(path: &Path) -> Result<Timestamp, WarehouseError> {
    let at = fs::symlink_metadata(path).and_then(|found| found.modified());
    let at = at.map_err(failed("read", path))?;
    // A moment outside the calendar is that of no file of ours: it counts as old.
    Ok(Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH))
}
