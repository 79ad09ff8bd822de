//! Runs the cases under `tests/models/<layer>.<noun>/<case>/` against the standard models.
//!
//! A case holds one CSV for each table the model reads, named by table (`seed.rate.csv`), and
//! `expected.csv`; the header of each names types. Rows are compared in order of
//! all expected columns. `as_of.txt` sets the day, else it is 2026-01-01 in UTC.
//! Tables of the identity file are made by the standard one; a table it reads and
//! the case does not hold has no rows.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scorewright_domain::TableName;
use scorewright_warehouse::{Parameters, Session};

use crate::identity::{IdentityTable, fixture::add_identity_fixture};

/// The model of a folder of cases.
struct CaseModel {
    /// SQL of its rows.
    sql: String,
    /// The table of the identity file it is, if it is one.
    identity_table: Option<IdentityTable>,
}

impl CaseModel {
    fn read(root: &Path, table: &TableName) -> Self {
        let identity_table =
            IdentityTable::ALL.into_iter().find(|identity| identity.name() == *table);
        let sql = match identity_table {
            Some(_) => format!("SELECT * FROM {table}"),
            None => sql_of(root, table),
        };
        Self { sql, identity_table }
    }
}

/// The SQL of a standard model, be it one of the demo or of a preset.
fn sql_of(root: &Path, table: &TableName) -> String {
    let pipelines = root.join("pipelines");
    let mut folders = entries(&pipelines.join("presets"));
    folders.insert(0, pipelines);
    let path = format!("models/{}/{}.sql", table.layer(), table.noun());
    let mut texts = folders.iter().filter_map(|folder| fs::read_to_string(folder.join(&path)).ok());
    texts.next().unwrap_or_else(|| panic!("no model {table}"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn table_name(path: &Path) -> TableName {
    path.file_name().unwrap().to_str().unwrap().trim_end_matches(".csv").parse().unwrap()
}

fn as_of(case: &Path) -> Timestamp {
    let text = fs::read_to_string(case.join("as_of.txt"))
        .unwrap_or_else(|_| "2026-01-01T00:00:00Z".into());
    text.trim().parse().unwrap()
}

/// A session that knows the tables of a case, and what it expects as `case.expected`.
fn session(root: &Path, model: &CaseModel, case: &Path) -> Session {
    let session = Session::without_data().unwrap();
    let is_table = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv");
    for path in entries(case).iter().filter(|path| is_table(path)) {
        let table = if path.ends_with("expected.csv") {
            TableName::new("case", "expected").unwrap()
        } else {
            table_name(path)
        };
        session
            .add_fixture(&table, &fs::read_to_string(path).unwrap())
            .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    }
    if let Some(table) = model.identity_table {
        add_identity_fixture(&session, root, table, as_of(case));
    }
    session
}

/// The columns that `expected.csv` names, without their types.
fn expected_columns(case: &Path) -> String {
    let text = fs::read_to_string(case.join("expected.csv")).unwrap();
    let header = text.lines().next().unwrap().split(',');
    header.map(|field| field.split(':').next().unwrap()).collect::<Vec<_>>().join(", ")
}

/// Rows of a table as text, its columns in the order of `columns`.
fn rows(session: &Session, from: &str, columns: &str, as_of: Timestamp) -> Vec<String> {
    let sql = format!("SELECT {columns} FROM {from} ORDER BY {columns}");
    let answer = session.query(&sql, &Parameters::new().timestamp("as_of", as_of));
    let answer = answer.unwrap_or_else(|fault| panic!("{fault} in {sql}"));
    answer
        .rows
        .iter()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        .collect()
}

fn run_case(root: &Path, model: &CaseModel, case: &Path) {
    let session = session(root, model, case);
    let columns = expected_columns(case);
    let built = rows(&session, &format!("({}) AS built", model.sql), &columns, as_of(case));
    let expected = rows(&session, "case.expected", &columns, as_of(case));
    assert_eq!(built, expected, "{}: {columns}", case.display());
}

#[test]
fn every_model_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cases = 0;
    for folder in entries(&root.join("tests/models")) {
        let model = CaseModel::read(&root, &table_name(&folder));
        for case in entries(&folder) {
            run_case(&root, &model, &case);
            cases += 1;
        }
    }
    assert!(cases > 0, "no case was run");
}

#[test]
fn a_case_may_hold_a_seed() {
    let case = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(case.path().join(name), text).unwrap();
    write("seed.zone.csv", "team:text,zone:text\nBilling,north\nReturns,south\n");
    write("fact.ticket.csv", "ticket_id:integer,team:text\n1,Returns\n");
    write("expected.csv", "ticket_id:integer,zone:text\n1,south\n");
    let sql = "SELECT ticket_id, zone FROM fact.ticket JOIN seed.zone USING (team)".to_owned();
    run_case(case.path(), &CaseModel { sql, identity_table: None }, case.path());
}
