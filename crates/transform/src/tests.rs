//! What the pipeline promises, through a real warehouse.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::{Fault, ProjectFile, Silent, TableName};
use scorewright_warehouse::arrow::array::{ArrayRef, Int64Array};
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use scorewright_warehouse::{Commit, Parameters, Session, Snapshot, Table, Transaction, Warehouse};

use crate::{BuildReport, FailedModel, Pipeline};

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

fn put(transaction: &mut Transaction, keys: &[i64]) {
    let keys: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
    let batch = RecordBatch::try_from_iter([("key", keys)]).unwrap();
    let mut writer = transaction.file_writer(batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    let file = writer.finish().unwrap();
    let input_hash = file.sha256.to_string();
    transaction.put(&raw(), Table::new(&batch.schema(), vec![file], input_hash));
}

fn run(
    warehouse: &Warehouse,
    files: &[ProjectFile],
    keys: &[i64],
) -> (BuildReport, Option<Snapshot>) {
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, keys);
    let report =
        read(files).unwrap().build(&mut transaction, Timestamp::UNIX_EPOCH, &Silent).unwrap();
    let commit = Commit {
        run: "r".into(),
        as_of: jiff::civil::date(2026, 1, 1),
        program: "0".into(),
        configuration: "c".into(),
    };
    let snapshot = report.is_sound().then(|| transaction.commit(commit).unwrap().0);
    (report, snapshot)
}

#[test]
fn a_model_is_built_from_what_it_reads_and_taken_over_when_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let (first, snapshot) = run(&warehouse, &sale(GRAIN), &[2, 1]);
    assert!(first.built.iter().all(|built| !built.is_unchanged));
    let session = Session::over(&warehouse, &snapshot.unwrap()).unwrap();
    let sum = session.query("SELECT sum(net) FROM fact.sale", &Parameters::new()).unwrap();
    assert_eq!(sum.rows[0][0].as_u64(), Some(30));

    let (second, _) = run(&warehouse, &sale(GRAIN), &[2, 1]);
    assert!(second.built.iter().all(|built| built.is_unchanged));
    let (third, _) = run(&warehouse, &sale(GRAIN), &[2, 1, 3]);
    assert!(third.built.iter().all(|built| !built.is_unchanged), "its input changed");
}

#[test]
fn a_repeated_key_is_not_published_and_the_rows_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let files = model("fact/sale", "SELECT key FROM raw.sale", GRAIN);
    let (report, snapshot) = run(&warehouse, &files, &[1, 1, 2]);
    assert!(snapshot.is_none());
    let FailedModel::Check { check, offending, samples, .. } = &report.failed[0] else {
        panic!("{:?}", report.failed)
    };
    assert_eq!((check.as_str(), *offending, samples.as_str()), ("unique(key)", 1, "key=1"));
    assert_eq!(warehouse.newest().unwrap().number, 0);
}

#[test]
fn what_depends_on_a_failure_is_left_and_the_rest_is_still_checked() {
    let folder = tempfile::tempdir().unwrap();
    let bad = model("staging/bad", "SELECT key FROM raw.sale WHERE key > 5", GRAIN);
    let after = model("fact/after", "SELECT key FROM staging.bad", GRAIN);
    let other = model(
        "fact/other",
        "SELECT key FROM raw.sale",
        &format!("{GRAIN}[[checks]]\nrange = {{ column = \"key\", min = 2 }}"),
    );
    let (report, _) = run(&Warehouse::at(folder.path()), &[bad, after, other].concat(), &[1, 2]);
    let messages: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "check range(key) failed on `fact.other`: 1 of 2 rows offend",
            "`staging.bad` has no rows"
        ]
    );
    assert!(report.skipped.contains(&TableName::new("fact", "after").unwrap()));
}

#[test]
fn a_warning_is_published_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let companion =
        format!("{GRAIN}[[checks]]\nrange = {{ column = \"net\", max = 15 }}\nseverity = \"warn\"");
    let (report, snapshot) = run(&Warehouse::at(folder.path()), &sale(&companion), &[1, 2]);
    assert!(report.is_sound());
    let built = snapshot.unwrap().built;
    let outcome =
        built.last().unwrap().checks.iter().find(|outcome| outcome.check == "range(net)").unwrap();
    assert_eq!((outcome.offending, outcome.looked_at), (1, 2));
}

#[test]
fn a_tolerated_share_passes() {
    let folder = tempfile::tempdir().unwrap();
    let companion =
        format!("{GRAIN}[[checks]]\nrange = {{ column = \"net\", max = 15 }}\ntolerance = 0.5");
    assert!(run(&Warehouse::at(folder.path()), &sale(&companion), &[1, 2]).0.is_sound());
}

#[test]
fn a_reference_to_nothing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let known = model("dim/known", "SELECT key FROM raw.sale WHERE key < 2", GRAIN);
    let fact = model(
        "fact/sale",
        "SELECT key FROM raw.sale",
        &format!("{GRAIN}[[checks]]\nreference = {{ column = \"key\", to = \"dim.known.key\" }}"),
    );
    let (report, _) = run(&Warehouse::at(folder.path()), &[known, fact].concat(), &[1, 2, 3]);
    let messages: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        ["check reference(key -> dim.known.key) failed on `fact.sale`: 2 of 3 rows offend"]
    );
}

#[test]
fn a_project_check_that_returns_rows_stops_publication() {
    let folder = tempfile::tempdir().unwrap();
    let check =
        ProjectFile::new("pipelines/checks/large.sql", "SELECT key FROM fact.sale WHERE key > 1");
    let files = [sale(GRAIN), vec![check]].concat();
    let (report, snapshot) = run(&Warehouse::at(folder.path()), &files, &[1, 2]);
    assert!(snapshot.is_none());
    assert_eq!(
        report.failed[0].to_string(),
        "check checks/large failed on `fact.sale`: 1 of 1 rows offend"
    );
}

#[test]
fn models_that_read_each_other_are_named() {
    let one = model("staging/one", "SELECT key FROM staging.two", GRAIN);
    let two = model("staging/two", "SELECT key FROM staging.one", GRAIN);
    let faults = read(&[one, two].concat()).unwrap_err();
    assert_eq!(
        faults[0].message(),
        "models read each other in a circle: `staging.one` reads `staging.two` reads `staging.one`"
    );
}

#[test]
fn a_table_nobody_makes_is_a_fault_with_the_nearest_name() {
    let faults = read(&model("fact/sale", "SELECT key FROM raw.sales", GRAIN)).unwrap_err();
    assert_eq!(faults[0].message(), "no source or model makes the table `raw.sales`");
}

#[test]
fn planning_without_data_finds_unknown_columns_in_models_and_checks() {
    let session = Session::without_data().unwrap();
    session.add_fixture(&raw(), "key:integer\n").unwrap();
    let misspelt = model("fact/sale", "SELECT key,\n  nett\nFROM raw.sale", GRAIN);
    let faults = read(&misspelt).unwrap().plan(&session, Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(faults[0].message().contains("nett"), "{}", faults[0]);

    let session = Session::without_data().unwrap();
    session.add_fixture(&raw(), "key:integer\n").unwrap();
    let check = format!("{GRAIN}[[checks]]\nnot_null = [\"nett\"]");
    let faults = read(&model("fact/sale", "SELECT key FROM raw.sale", &check))
        .unwrap()
        .plan(&session, Timestamp::UNIX_EPOCH)
        .unwrap_err();
    assert!(faults[0].message().contains("nett"), "{}", faults[0]);
}

#[test]
fn a_table_that_does_not_read_its_feeder_is_named() {
    let fed = |companion: &str| {
        let mut files = sale(GRAIN);
        files[1] = ProjectFile::new(files[1].path.clone(), companion);
        read(&files)
    };
    let feeder = "says = \"a\"\ngrain = [\"key\"]\nmaterialization = \"view\"\n";
    assert!(fed(&format!("{feeder}feeds = \"fact.sale\"")).is_ok());
    let faults = fed(&format!("{feeder}feeds = \"fact.order\"")).unwrap_err();
    assert_eq!(faults[0].message(), "`fact.order` does not read `staging.sale`");
}
