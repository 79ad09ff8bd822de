//! The one writer of a run: stages tables, then makes all of them visible at once.

mod commit;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use scorewright_domain::{Built, CheckOutcome, Landing, TableName};

use scorewright_durable::{Readers, create_folder, failed, remove_folder};

use crate::error::WarehouseError;
use crate::file_writer::{FileWriter, parquet_error};
use crate::lock::Lock;
use crate::parquet_bytes::ParquetBytes;
use crate::row_group_reader::RowGroupReader;
use crate::row_group_writer::RowGroupWriter;
use crate::session::Session;
use crate::snapshot::{Snapshot, Warehouse};
use crate::table::{StoredFile, Table, View};
pub use commit::Commit;

/// A run's changes, invisible until [`Transaction::commit`]; dropped without it, they never were.
pub struct Transaction {
    warehouse: Warehouse,
    snapshot: Snapshot,
    number: u64,
    staged: AtomicU64,
    lock: Lock,
}

const STAGE: &str = ".stage";

impl Warehouse {
    /// Takes the lock and starts from the newest commit. What dead runs left staged is removed.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Busy`] when another run is active; [`WarehouseError::Io`] when the folder cannot be written.
    pub fn begin(&self) -> Result<Transaction, WarehouseError> {
        let lock = Lock::take(self.root())?;
        let stage = self.root().join(STAGE);
        remove_folder(&stage)?;
        create_folder(&stage, Readers::Anyone)?;
        create_folder(&self.root().join("versions"), Readers::Anyone)?;
        Ok(Transaction {
            warehouse: self.clone(),
            snapshot: self.newest()?,
            number: self.next_number()?,
            staged: AtomicU64::new(0),
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
    pub fn root(&self) -> &std::path::Path {
        self.warehouse.root()
    }

    /// Opens a new Parquet file; it belongs to nothing until a table with it is [put](Transaction::put).
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn file_writer(&self, schema: SchemaRef) -> Result<FileWriter, WarehouseError> {
        let (path, name) = self.staged();
        FileWriter::create(path, name, schema)
    }

    /// Like [`file_writer`](Transaction::file_writer), for rows that are encoded already.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn row_group_writer(&self, schema: SchemaRef) -> Result<RowGroupWriter, WarehouseError> {
        let (path, name) = self.staged();
        RowGroupWriter::create(path, name, schema)
    }

    fn staged(&self) -> (PathBuf, String) {
        let name = format!("{STAGE}/{}.parquet", self.staged.fetch_add(1, Ordering::Relaxed));
        (self.warehouse.root().join(&name), name)
    }

    /// A file of this run alone, for rows that do not fit into memory; gone when the run ends.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    pub fn scratch(&self) -> Result<File, WarehouseError> {
        let folder = self.warehouse.root().join(STAGE);
        Ok(tempfile::tempfile_in(&folder).map_err(failed("create a file in", &folder))?)
    }

    /// Sets what a table is after this run. A view of that name ends.
    pub fn put(&mut self, name: &TableName, table: Table) {
        self.snapshot.views.remove(name);
        self.snapshot.tables.insert(name.clone(), table);
    }

    /// Sets what a view is after this run. A table of that name ends.
    pub fn put_view(&mut self, name: &TableName, view: View) {
        self.snapshot.tables.remove(name);
        self.snapshot.views.insert(name.clone(), view);
    }

    /// Ends a table or view that the project no longer has; older snapshots keep it.
    pub fn remove(&mut self, name: &TableName) {
        self.snapshot.tables.remove(name);
        self.snapshot.views.remove(name);
    }

    /// Sets the books of all extracts in the raw tables.
    pub fn set_landings(&mut self, landings: Vec<Landing>) {
        self.snapshot.landings = landings;
    }

    /// Sets what the build of each model left behind.
    pub fn set_built(&mut self, built: Vec<Built>) {
        self.snapshot.built = built;
    }

    /// Sets the outcomes of the project's own checks.
    pub fn set_checks(&mut self, checks: Vec<CheckOutcome>) {
        self.snapshot.checks = checks;
    }

    /// SQL over the newest commit plus what this run has put so far.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length than its commit says.
    pub fn session(&self) -> Result<Session, WarehouseError> {
        Session::over(&self.warehouse, &self.snapshot)
    }

    /// The rows of a table as it stands, in file order; none when there is no such table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when a file cannot be read.
    pub fn read(&self, name: &TableName) -> Result<Vec<RecordBatch>, WarehouseError> {
        let files = self.snapshot.tables.get(name).map_or(&[][..], |table| &table.files);
        let batches =
            files.iter().map(|stored| self.read_file(stored)).collect::<Result<Vec<_>, _>>()?;
        Ok(batches.into_iter().flatten().collect())
    }

    /// The rows of one file of a table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it cannot be read.
    pub fn read_file(&self, stored: &StoredFile) -> Result<Vec<RecordBatch>, WarehouseError> {
        let groups = self.open_file(stored)?;
        let path = self.warehouse.root().join(&stored.path);
        let read = (0..groups.row_groups().len()).map(|group| groups.read(group, None));
        let batches: Result<Vec<_>, _> = read.collect();
        Ok(batches.map_err(parquet_error(&path))?.into_iter().flatten().collect())
    }

    /// The row groups of one file of a table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it cannot be read.
    pub fn open_file(&self, stored: &StoredFile) -> Result<RowGroupReader, WarehouseError> {
        let path = self.warehouse.root().join(&stored.path);
        let file = File::open(&path).map_err(failed("open", &path))?;
        let bytes = ParquetBytes::Disk { file: Arc::new(file), start: 0, length: stored.bytes };
        RowGroupReader::open(bytes).map_err(parquet_error(&path))
    }
}

#[cfg(test)]
mod tests;
