//! The one writer of a run: stages tables, then makes all of them visible at once.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use jiff::civil::Date;
use scorewright_domain::{Built, CheckOutcome, Landing, TableName};

use crate::durable::{
    WarehouseError, create_folder, io, publish_new, remove_folder, settle, sync_folder, write_aside,
};
use crate::file_writer::{FileWriter, parquet_error};
use crate::group_writer::GroupWriter;
use crate::lock::Lock;
use crate::packed::Packed;
use crate::packed_bytes::PackedBytes;
use crate::session::Session;
use crate::snapshot::{Snapshot, Warehouse};
use crate::table::{StoredFile, Table, View};
use crate::write_replacing;

/// A run's changes, invisible until [`Transaction::commit`]; dropped without it, they never were.
pub struct Transaction {
    warehouse: Warehouse,
    snapshot: Snapshot,
    number: u64,
    staged: AtomicU64,
    lock: Lock,
}

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
        create_folder(&stage)?;
        create_folder(&self.root().join("versions"))?;
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
    pub fn group_writer(&self, schema: SchemaRef) -> Result<GroupWriter, WarehouseError> {
        let (path, name) = self.staged();
        GroupWriter::create(path, name, schema)
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
        tempfile::tempfile_in(&folder).map_err(io("create a file in", &folder))
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
        let batches = files.iter().map(|stored| self.read_file(stored)).collect::<Result<Vec<_>, _>>()?;
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
        let read = (0..groups.groups().len()).map(|group| groups.read(group, None));
        let batches: Result<Vec<_>, _> = read.collect();
        Ok(batches.map_err(parquet_error(&path))?.into_iter().flatten().collect())
    }

    /// The row groups of one file of a table.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it cannot be read.
    pub fn open_file(&self, stored: &StoredFile) -> Result<Packed, WarehouseError> {
        let path = self.warehouse.root().join(&stored.path);
        let file = File::open(&path).map_err(io("open", &path))?;
        let bytes = PackedBytes::Disk { file: Arc::new(file), start: 0, length: stored.bytes };
        Packed::open(bytes).map_err(parquet_error(&path))
    }

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
    /// [`WarehouseError::Outrun`] when the number was taken; [`WarehouseError::Io`] when the disk refuses.
    pub fn commit(mut self, commit: Commit) -> Result<(Snapshot, Lock), WarehouseError> {
        self.settle_files()?;
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
        write_aside(&staged, snapshot.to_text().as_bytes())?;
        if !publish_new(&staged, &self.warehouse.version_path(snapshot.number))? {
            return Err(WarehouseError::Outrun(snapshot.number));
        }
        write_replacing(&root.join("CURRENT.json"), hint(&snapshot).as_bytes())?;
        remove_folder(&root.join(STAGE))?;
        Ok((snapshot, self.lock))
    }

    fn settle_files(&mut self) -> Result<(), WarehouseError> {
        let root = self.warehouse.root().to_owned();
        let mut folders: Vec<PathBuf> = Vec::new();
        for (name, table) in &mut self.snapshot.tables {
            for file in table.files.iter_mut().filter(|file| file.path.starts_with(STAGE)) {
                let lasting =
                    format!("tables/{}/{}/{}.parquet", name.layer(), name.noun(), &file.sha256[..24]);
                settle(&root.join(&file.path), &root.join(&lasting))?;
                folders.push(root.join("tables").join(name.layer()).join(name.noun()));
                file.path = lasting;
            }
        }
        if folders.is_empty() {
            return Ok(());
        }
        folders.extend(folders.clone().iter().filter_map(|folder| folder.parent().map(PathBuf::from)));
        folders.extend([root.join("tables"), root]);
        folders.sort();
        folders.dedup();
        folders.iter().try_for_each(|folder| sync_folder(folder))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, StringArray};

    use super::*;
    use crate::{Cell, Parameters};

    fn batch(keys: &[i64], names: &[&str]) -> RecordBatch {
        let keys: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
        let names: ArrayRef = Arc::new(StringArray::from(names.to_vec()));
        RecordBatch::try_from_iter([("key", keys), ("name", names)]).unwrap()
    }

    fn name() -> TableName {
        TableName::new("fact", "thing").unwrap()
    }

    fn put(transaction: &mut Transaction, keys: &[i64], names: &[&str]) {
        let batch = batch(keys, names);
        let mut writer = transaction.file_writer(batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        let table = Table::new(&batch.schema(), vec![writer.finish().unwrap()], "test".into());
        transaction.put(&name(), table);
    }

    fn commit() -> Commit {
        Commit {
            run: "test".into(),
            as_of: jiff::civil::date(2026, 11, 22),
            program: "0".into(),
            configuration: "c".into(),
        }
    }

    fn count(session: &Session) -> Cell {
        session.query("SELECT count(*) FROM fact.thing", &Parameters::new()).unwrap().rows[0][0].clone()
    }

    #[test]
    fn a_reader_keeps_its_snapshot_while_a_run_commits() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut first = warehouse.begin().unwrap();
        put(&mut first, &[1], &["a"]);
        let before = first.commit(commit()).unwrap().0;
        let reader = Session::over(&warehouse, &before).unwrap();

        let mut second = warehouse.begin().unwrap();
        put(&mut second, &[1, 2], &["a", "b"]);
        assert_eq!(count(&second.session().unwrap()), Cell::Integer(2), "the run sees what it put");
        assert_eq!(warehouse.newest().unwrap().number, 1, "nobody else does");
        second.commit(commit()).unwrap();

        assert_eq!(count(&reader), Cell::Integer(1));
        assert_eq!(
            count(&Session::over(&warehouse, &warehouse.newest().unwrap()).unwrap()),
            Cell::Integer(2)
        );
    }

    #[test]
    fn a_run_that_never_commits_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut dropped = warehouse.begin().unwrap();
        put(&mut dropped, &[1], &["a"]);
        drop(dropped);
        let next = warehouse.begin().unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join(STAGE)).unwrap().count(), 0);
        assert!(next.snapshot().tables.is_empty());
    }

    #[test]
    fn a_second_writer_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let _first = warehouse.begin().unwrap();
        assert!(matches!(warehouse.begin().err(), Some(WarehouseError::Busy { .. })));
        assert!(Lock::is_held(folder.path()));
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut first = warehouse.begin().unwrap();
        put(&mut first, &[1, 2], &["a", "b"]);
        let first = first.commit(commit()).unwrap().0;
        let mut second = warehouse.begin().unwrap();
        put(&mut second, &[1, 2], &["a", "b"]);
        let second = second.commit(commit()).unwrap().0;
        assert_eq!(first.tables, second.tables, "path, length and hash");
    }

    #[test]
    fn a_damaged_commit_gives_way_to_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        for _ in 0..2 {
            let mut transaction = warehouse.begin().unwrap();
            put(&mut transaction, &[1], &["a"]);
            transaction.commit(commit()).unwrap();
        }
        let newest = warehouse.version_path(2);
        let text = std::fs::read_to_string(&newest).unwrap().replace("\"rows\": 1", "\"rows\": 7");
        std::fs::write(&newest, text).unwrap();
        assert!(matches!(warehouse.version(2), Err(WarehouseError::Damaged { .. })));
        assert_eq!(warehouse.newest().unwrap().number, 1);
        assert_eq!(warehouse.begin().unwrap().number, 3, "a damaged number is not taken again");
    }

    #[test]
    fn a_shortened_file_is_refused_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut transaction = warehouse.begin().unwrap();
        put(&mut transaction, &[1], &["a"]);
        let snapshot = transaction.commit(commit()).unwrap().0;
        let path = folder.path().join(&snapshot.tables[&name()].files[0].path);
        std::fs::write(&path, b"PAR1PAR1").unwrap();
        assert!(matches!(Session::over(&warehouse, &snapshot), Err(WarehouseError::Damaged { .. })));
    }

    #[test]
    fn sql_can_only_select_from_the_tables_of_the_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut transaction = warehouse.begin().unwrap();
        put(&mut transaction, &[1], &["a"]);
        let session = transaction.session().unwrap();
        for sql in [
            "COPY fact.thing TO '/tmp/out.parquet'",
            "CREATE TABLE fact.other AS SELECT 1",
            "DROP TABLE fact.thing",
            "INSERT INTO fact.thing VALUES (1, 'a')",
            "SET datafusion.execution.batch_size = 1",
            "SELECT * FROM '/etc/passwd'",
            "EXPLAIN ANALYZE COPY fact.thing TO '/tmp/out.parquet'",
        ] {
            assert!(session.query(sql, &Parameters::new()).is_err(), "{sql}");
        }
    }

    #[test]
    fn an_unknown_column_is_found_at_its_place_with_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut transaction = Warehouse::at(folder.path()).begin().unwrap();
        put(&mut transaction, &[1], &["a"]);
        let session = transaction.session().unwrap();
        let fault = session.query("SELECT key,\n  nmae\nFROM fact.thing", &Parameters::new()).unwrap_err();
        assert_eq!(fault.place, Some((2, 3)));
        assert!(fault.help.as_deref().unwrap_or_default().contains("name"), "{fault:?}");
    }

    #[test]
    fn a_parameter_is_a_value_and_a_missing_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut transaction = Warehouse::at(folder.path()).begin().unwrap();
        put(&mut transaction, &[1, 2], &["a", "' OR 1=1 --"]);
        let session = transaction.session().unwrap();
        let sql = "SELECT key FROM fact.thing WHERE name = $name";
        let found = session.query(sql, &Parameters::new().text("name", "' OR 1=1 --")).unwrap();
        assert_eq!(found.rows, vec![vec![Cell::Integer(2)]]);
        assert!(session.query(sql, &Parameters::new()).is_err());
    }

    #[test]
    fn many_readers_may_open_a_new_version_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let mut transaction = warehouse.begin().unwrap();
        put(&mut transaction, &[1], &["a"]);
        let (snapshot, _lock) = transaction.commit(commit()).unwrap();
        std::thread::scope(|scope| {
            let open = || count(&Session::over(&warehouse, &snapshot).unwrap());
            let readers: Vec<_> = (0..16).map(|_| scope.spawn(open)).collect();
            assert!(readers.into_iter().all(|reader| reader.join().unwrap() == Cell::Integer(1)));
        });
    }
}
