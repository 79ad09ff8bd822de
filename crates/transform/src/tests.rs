//! What the pipeline promises, through a real warehouse.

mod building;
mod local_time;
mod planning;
mod seeds;
mod selecting;
mod sql_page;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::{Fault, LocalTime, ProjectFile, Silent, TableName};
use scorewright_warehouse::arrow::array::{ArrayRef, Int64Array};
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use scorewright_warehouse::{Commit, Snapshot, Table, Transaction, Warehouse};

use crate::{BuildReport, Pipeline};

fn raw() -> TableName {
    TableName::new("raw", "sale").unwrap()
}

fn model(path: &str, sql: &str, companion: &str) -> [ProjectFile; 2] {
    let file = |ending: &str, text: &str| {
        ProjectFile::new(format!("pipelines/models/{path}.{ending}"), text)
    };
    [file("sql", sql), file("toml", companion)]
}

fn sale(companion: &str) -> Vec<ProjectFile> {
    let staging = model(
        "staging/sale",
        "SELECT key, key * 10 AS net FROM raw.sale",
        "says = \"a\"\ngrain = [\"key\"]\nmaterialization = \"view\"",
    );
    let fact = model("fact/sale", "SELECT key, net FROM staging.sale", companion);
    [staging, fact].concat()
}

const GRAIN: &str = "says = \"One row per sale.\"\ngrain = [\"key\"]\n";

fn read(files: &[ProjectFile]) -> Result<Pipeline, Vec<Fault>> {
    Pipeline::read(files, &BTreeSet::from([raw()]))
}

fn put(transaction: &mut Transaction, name: &TableName, keys: &[i64]) {
    let keys: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
    let batch = RecordBatch::try_from_iter([("key", keys)]).unwrap();
    let mut writer = transaction.file_writer(batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    let file = writer.finish().unwrap();
    let input_hash = file.sha256.to_string();
    transaction.put(name, Table::new(&batch.schema(), vec![file], input_hash));
}

fn run(
    warehouse: &Warehouse,
    files: &[ProjectFile],
    keys: &[i64],
) -> (BuildReport, Option<Snapshot>) {
    run_beside(warehouse, files, keys, &[])
}

/// Builds beside further tables that no model makes.
fn run_beside(
    warehouse: &Warehouse,
    files: &[ProjectFile],
    keys: &[i64],
    further: &[TableName],
) -> (BuildReport, Option<Snapshot>) {
    let mut transaction = warehouse.begin().unwrap();
    for name in further {
        put(&mut transaction, name, &[7]);
    }
    put(&mut transaction, &raw(), keys);
    build_and_commit(files, transaction)
}

/// Builds with a zone and schedules.
fn run_in(
    warehouse: &Warehouse,
    files: &[ProjectFile],
    time: &LocalTime,
) -> (BuildReport, Option<Snapshot>) {
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, &raw(), &[1]);
    transaction.set_local_time(time.clone());
    build_and_commit(files, transaction)
}

fn build_and_commit(
    files: &[ProjectFile],
    mut transaction: Transaction,
) -> (BuildReport, Option<Snapshot>) {
    let report =
        read(files).unwrap().build(&mut transaction, Timestamp::UNIX_EPOCH, &Silent).unwrap();
    let commit = Commit {
        run: "r".into(),
        as_of: jiff::civil::date(2026, 1, 1),
        program: "0".into(),
        configuration: "c".into(),
        project: Vec::new(),
    };
    let snapshot = report.is_sound().then(|| transaction.commit(commit).unwrap().0);
    (report, snapshot)
}
