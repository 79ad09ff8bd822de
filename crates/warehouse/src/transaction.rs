//! The one writer of a run: stages tables, then makes all of them visible at once.

mod staging;

mod commit;

mod rollback;
mod take_out;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use scorewright_domain::{
    AbsentColumn, Built, CheckOutcome, Fingerprint, KnownLoad, Landing, LeftOutExtract, LocalTime,
    OwedIssue, Profile, SourceReach, TableName, Variables,
};
use scorewright_durable::create_folder;

use crate::error::{WarehouseError, parquet_error};
use crate::parquet_read::RowGroupReader;
use crate::parquet_write::{FileWriter, RowGroupWriter};
use crate::sql::Session;
use crate::storage::{Lock, Snapshot, StoredFile, Table, View, Warehouse};
pub use commit::Commit;
use staging::Staging;

/// The changes of a run, invisible until [`Transaction::commit`]; without it they are dropped.
pub struct Transaction {
    warehouse: Warehouse,
    snapshot: Snapshot,
    number: u64,
    staging: Staging,
    lock: Lock,
}

impl Warehouse {
    /// Takes the lock and starts from the newest commit. Staged files of runs that never committed are removed.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Busy`] when another run is active; [`WarehouseError::Io`] when the folder cannot be written.
    pub fn begin(&self) -> Result<Transaction, WarehouseError> {
        let lock = Lock::take(self)?;
        let staging = Staging::start(self.root())?;
        // Before what is below them is written for fewer readers, so that these folders let all of theirs pass.
        for folder in ["tables", "versions"].map(|name| self.root().join(name)) {
            create_folder(&folder, self.readers_of(&folder))?;
        }
        Ok(Transaction {
            warehouse: self.clone(),
            snapshot: self.newest()?,
            number: self.next_number()?,
            staging,
            lock,
        })
    }
}

impl Transaction {
    /// The newest commit plus what this run has put so far.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The folder of the warehouse.
    pub fn root(&self) -> &Path {
        self.warehouse.root()
    }

    /// Opens a new Parquet file; it belongs to nothing until a table with it is [put](Transaction::put).
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn file_writer(&self, schema: SchemaRef) -> Result<FileWriter, WarehouseError> {
        let (path, name) = self.staging.next_file();
        FileWriter::create(path, name, schema)
    }

    /// Like [`file_writer`](Transaction::file_writer), for rows that are encoded already.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn row_group_writer(&self, schema: SchemaRef) -> Result<RowGroupWriter, WarehouseError> {
        let (path, name) = self.staging.next_file();
        RowGroupWriter::create(path, name, schema)
    }

    /// A file of this run alone, for rows that do not fit into memory; gone when the run ends.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn scratch(&self) -> Result<File, WarehouseError> {
        Ok(self.staging.scratch()?)
    }

    /// Sets what a table is after this run; replaces a view of that name.
    pub fn put(&mut self, name: &TableName, table: Table) {
        self.snapshot.views.remove(name);
        self.snapshot.tables.insert(name.clone(), table);
    }

    /// Sets what a view is after this run; replaces a table of that name.
    pub fn put_view(&mut self, name: &TableName, view: View) {
        self.snapshot.tables.remove(name);
        self.snapshot.views.insert(name.clone(), view);
    }

    /// Removes a table or view that the project no longer has; older snapshots keep it.
    pub fn remove(&mut self, name: &TableName) {
        self.snapshot.tables.remove(name);
        self.snapshot.views.remove(name);
    }

    /// Sets the books of all extracts in the raw tables.
    pub fn set_landings(&mut self, landings: Vec<Landing>) {
        let has_landed = |load: &KnownLoad| landings.iter().any(|landing| load.is_of(landing));
        self.snapshot.known_loads.retain(|load| !has_landed(load));
        self.snapshot.landings = landings;
    }

    /// Sets how far each source has delivered.
    pub fn set_reaches(&mut self, reaches: Vec<SourceReach>) {
        self.snapshot.reaches = reaches;
    }

    /// Sets which extracts are left out of the raw tables.
    pub fn set_left_out(&mut self, extracts: Vec<LeftOutExtract>) {
        self.snapshot.left_out = extracts;
    }

    /// Sets the zone and the schedules that SQL means, before anything is built with it.
    pub fn set_local_time(&mut self, local_time: LocalTime) {
        self.snapshot.local_time = Some(local_time);
    }

    /// Sets the variables that SQL may name, before anything is built with them.
    pub fn set_variables(&mut self, variables: Variables) {
        self.snapshot.variables = variables;
    }

    /// Sets the profile that the version is made under.
    pub fn set_profile(&mut self, profile: Option<Profile>) {
        self.snapshot.profile = profile;
    }

    /// Sets what the build of each model left behind.
    pub fn set_built(&mut self, built: Vec<Built>) {
        self.snapshot.built = built;
    }

    /// Sets which tables and views are behind what they are made from.
    pub fn set_behind(&mut self, behind: BTreeSet<TableName>) {
        self.snapshot.behind = behind;
    }

    /// Sets the outcomes of the project's own checks.
    pub fn set_checks(&mut self, checks: Vec<CheckOutcome>) {
        self.snapshot.checks = checks;
    }

    /// Sets, by metric, the columns that no extract has and without which it has no value.
    pub fn set_absent_columns(&mut self, absent: BTreeMap<String, BTreeSet<AbsentColumn>>) {
        self.snapshot.absent_columns = absent;
    }

    /// Sets, by metric, what its values are measured from.
    pub fn set_measured_from(&mut self, measured_from: BTreeMap<String, Fingerprint>) {
        self.snapshot.measured_from = measured_from;
    }

    /// Sets what this version owes its readers, and what is known of earlier issues.
    pub fn set_issues(&mut self, issues: Vec<OwedIssue>) {
        self.snapshot.issues = issues;
    }

    /// Ends it without a commit: what it staged is removed.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when a file cannot be removed.
    pub fn abandon(self) -> Result<(), WarehouseError> {
        Ok(self.staging.remove()?)
    }

    /// The number that its commit will have.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// SQL over the newest commit plus what this run has put so far.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length than its commit says.
    pub fn session(&self) -> Result<Session, WarehouseError> {
        Session::over(&self.warehouse, &self.snapshot)
    }

    /// The rows of a table as it stands, in file order, with its own columns; none when there is no such table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when a file cannot be read.
    pub fn read(&self, name: &TableName) -> Result<Vec<RecordBatch>, WarehouseError> {
        let Some(table) = self.snapshot.tables.get(name) else { return Ok(Vec::new()) };
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let batches = table.files.iter().map(|stored| {
            let path = self.root().join(&stored.path);
            self.open_file(stored)?.read_all(Some(&names)).map_err(parquet_error(&path))
        });
        Ok(batches.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// The rows of one file of a table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it cannot be read.
    pub fn read_file(&self, stored: &StoredFile) -> Result<Vec<RecordBatch>, WarehouseError> {
        let path = self.root().join(&stored.path);
        self.open_file(stored)?.read_all(None).map_err(parquet_error(&path))
    }

    /// The row groups of one file of a table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it cannot be read.
    pub fn open_file(&self, stored: &StoredFile) -> Result<RowGroupReader, WarehouseError> {
        RowGroupReader::open_stored(self.root(), stored)
    }

    /// Makes everything that was put visible, at once and durably.
    ///
    /// The lock is handed on, so that what follows from the commit is done by
    /// this run alone.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::CommitConflict`] when the number was taken; [`WarehouseError::Io`] when the disk refuses.
    pub fn commit(self, commit: Commit) -> Result<(Snapshot, Lock), WarehouseError> {
        Ok((commit.publish(self.number, self.snapshot, &self.warehouse)?, self.lock))
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod damage_tests;

#[cfg(test)]
mod history_tests;
