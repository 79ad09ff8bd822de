//! What a transaction promises: all at once or nothing, for one writer and many readers.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use scorewright_domain::ProjectFile;

use super::*;
use crate::sql::{Cell, Parameters};
use crate::storage::STAGE;

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
        project: vec![ProjectFile::new("scorewright.toml", "name = 'Acme'\n")],
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
    assert_eq!(warehouse.newest().unwrap().number, 1, "other readers do not");
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
fn a_second_writer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let _first = warehouse.begin().unwrap();
    assert!(matches!(warehouse.begin().err(), Some(WarehouseError::Busy { .. })));
    assert!(Lock::is_held(&warehouse).unwrap());
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
    let text = std::fs::read_to_string(&newest)
        .unwrap()
        .replace("\"run\": \"test\"", "\"run\": \"other\"");
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
fn an_unknown_column_is_located_and_the_known_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut transaction = Warehouse::at(folder.path()).begin().unwrap();
    put(&mut transaction, &[1], &["a"]);
    let session = transaction.session().unwrap();
    let fault =
        session.query("SELECT key,\n  nmae\nFROM fact.thing", &Parameters::new()).unwrap_err();
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
    let answer = session.query(sql, &Parameters::new().text("name", "' OR 1=1 --")).unwrap();
    assert_eq!(answer.rows, vec![vec![Cell::Integer(2)]]);
    assert!(session.query(sql, &Parameters::new()).is_err());
}

#[test]
fn a_project_is_kept_once_for_each_content() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let edited = vec![ProjectFile::new("scorewright.toml", "name = 'Other'\n")];
    let all = [commit(), commit(), Commit { project: edited.clone(), ..commit() }];
    for commit in all {
        warehouse.begin().unwrap().commit(commit).unwrap();
    }
    let files_of = |number| warehouse.project_files(&warehouse.version(number).unwrap()).unwrap();
    assert_eq!(files_of(1), Some(commit().project));
    assert_eq!(files_of(1), files_of(2));
    assert_eq!(files_of(3), Some(edited));
    assert_eq!(std::fs::read_dir(folder.path().join("projects")).unwrap().count(), 2);
}

#[test]
fn a_kept_project_that_was_changed_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let (snapshot, _lock) = warehouse.begin().unwrap().commit(commit()).unwrap();
    let path = folder.path().join(&snapshot.project.as_ref().unwrap().path);
    let text = std::fs::read_to_string(&path).unwrap().replace("Acme", "Acne");
    std::fs::write(&path, text).unwrap();
    assert!(matches!(warehouse.project_files(&snapshot), Err(WarehouseError::Damaged { .. })));
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

#[test]
fn tables_may_share_files_and_one_may_show_fewer_columns_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, &[1, 2], &["a", "b"]);
    let whole = transaction.snapshot().tables[&name()].clone();
    let part = TableName::new("raw", "thing").unwrap();
    let columns = whole.columns[..1].to_vec();
    transaction.put(&part, Table { columns, ..whole });
    let snapshot = transaction.commit(commit()).unwrap().0;
    let paths = |name: &TableName| snapshot.tables[name].files[0].path.clone();
    assert_eq!(paths(&name()), paths(&part));
    assert!(folder.path().join(paths(&part)).is_file());

    let session = Session::over(&warehouse, &snapshot).unwrap();
    let answer = session.query("SELECT * FROM raw.thing ORDER BY key", &Parameters::new()).unwrap();
    assert_eq!(answer.rows, [[Cell::Integer(1)], [Cell::Integer(2)]]);
    assert!(session.query("SELECT name FROM raw.thing", &Parameters::new()).is_err());
    let rows = warehouse.begin().unwrap().read(&part).unwrap();
    assert_eq!(rows[0].num_columns(), 1);
}
