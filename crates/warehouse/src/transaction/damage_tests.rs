//! A flipped bit of a file of many blocks: who reads its block is told, by both readers, and nobody gets other rows.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use tempfile::TempDir;

use super::*;
use crate::sql::{Cell, Parameters, QueryResult, SqlFault};

const ROWS: i64 = 120_000;

fn name() -> TableName {
    TableName::new("fact", "thing").unwrap()
}

/// Numbers that hardly compress, so that each column takes several blocks.
fn rows() -> RecordBatch {
    let mixed = |row: i64| (row ^ (row >> 27)).wrapping_mul(6_364_136_223_846_793_005);
    let number = |row: i64| mixed(mixed(row + 1) ^ 0x5851_f42d).rotate_left(31);
    let keys: ArrayRef = Arc::new((0..ROWS).collect::<Int64Array>());
    let numbers: ArrayRef = Arc::new((0..ROWS).map(number).collect::<Int64Array>());
    let texts = (0..ROWS).map(|row| Some(format!("{:016x}", number(row))));
    let texts: ArrayRef = Arc::new(texts.collect::<StringArray>());
    RecordBatch::try_from_iter([("key", keys), ("number", numbers), ("text", texts)]).unwrap()
}

/// A warehouse with one table of one file.
fn stored() -> (TempDir, Warehouse, StoredFile) {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let (mut transaction, rows) = (warehouse.begin().unwrap(), rows());
    let mut writer = transaction.file_writer(rows.schema()).unwrap();
    writer.write(&rows).unwrap();
    let table = Table::new(&rows.schema(), vec![writer.finish().unwrap()], "test".into());
    transaction.put(&name(), table);
    let commit = Commit {
        run: "test".into(),
        as_of: jiff::civil::date(2026, 11, 22),
        program: "0".into(),
        configuration: "c".into(),
        project: Vec::new(),
    };
    let snapshot = transaction.commit(commit).unwrap().0;
    let file = snapshot.tables[&name()].files[0].clone();
    assert!(file.bytes > 6 * (256 << 10), "{} bytes", file.bytes);
    (folder, warehouse, file)
}

/// Puts other bytes in the place of a file, as one that is not the same.
fn replace(path: &PathBuf, bytes: &[u8]) {
    let other = path.with_extension("other");
    fs::write(&other, bytes).unwrap();
    fs::rename(other, path).unwrap();
}

fn ask(warehouse: &Warehouse, sql: &str) -> Result<QueryResult, SqlFault> {
    let session = Session::over(warehouse, &warehouse.newest().unwrap())?;
    session.query(sql, &Parameters::new())
}

#[test]
fn who_reads_a_flipped_bit_is_told_and_nobody_gets_other_rows() {
    let (folder, warehouse, file) = stored();
    let path = folder.path().join(&file.path);
    let right = fs::read(&path).unwrap();
    let queries =
        ["max(key) - min(key)", "sum(key)", "sum(number % 1000)", "max(text)", "count(*)"]
            .map(|value| format!("SELECT {value} AS value FROM fact.thing WHERE key >= 0"));
    let answers: Vec<QueryResult> =
        queries.iter().map(|sql| ask(&warehouse, sql).unwrap()).collect();
    let (mut told, mut same) = (0, 0);
    for place in (3..right.len()).step_by(right.len() / 9).chain([right.len() - 1]) {
        let mut flipped = right.clone();
        flipped[place] ^= 16;
        replace(&path, &flipped);
        for (sql, answer) in queries.iter().zip(&answers) {
            match ask(&warehouse, sql) {
                Ok(found) => {
                    assert_eq!(&found, answer, "{place}: {sql}");
                    same += 1;
                }
                Err(fault) => {
                    assert!(fault.is_damage, "{place}: {sql}: {fault}");
                    assert!(fault.message.contains(&file.path), "{fault}");
                    told += 1;
                }
            }
        }
        let transaction = warehouse.begin().unwrap();
        let read = transaction.read(&name());
        assert!(matches!(&read, Err(WarehouseError::Damaged { .. })), "{place}: {read:?}");
        transaction.abandon().unwrap();
    }
    assert!(told > 10 && same > 10, "{told} told, {same} the same");
}

#[test]
fn a_query_after_one_that_met_damage_is_answered() {
    let (folder, warehouse, file) = stored();
    let path = folder.path().join(&file.path);
    let mut bytes = fs::read(&path).unwrap();
    bytes[5] ^= 1;
    replace(&path, &bytes);
    let session = Session::over(&warehouse, &warehouse.newest().unwrap()).unwrap();
    let fault = session.query("SELECT sum(key) FROM fact.thing", &Parameters::new()).unwrap_err();
    assert!(fault.is_damage && fault.message.contains("bytes from 0 to 262144"), "{fault}");
    assert!(fault.help.is_some_and(|help| help.contains("`scorewright verify --deep`")));
    session.query("SELECT max(text) FROM fact.thing", &Parameters::new()).unwrap();
}

#[test]
fn a_file_of_a_program_that_kept_no_hashes_of_blocks_is_read() {
    let (_folder, warehouse, _) = stored();
    let mut snapshot = warehouse.newest().unwrap();
    let table = snapshot.tables.get_mut(&name()).unwrap();
    assert!(table.files[0].blocks.take().is_some(), "files that are written have them");
    let session = Session::over(&warehouse, &snapshot).unwrap();
    let asked = session.query("SELECT count(*) FROM fact.thing", &Parameters::new()).unwrap();
    assert_eq!(asked.rows[0][0], Cell::Integer(ROWS));
}
