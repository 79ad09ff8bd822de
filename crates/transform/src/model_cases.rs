//! Runs the cases under `tests/models/<layer>.<noun>/<case>/` against the standard models.
//!
//! A case holds one CSV for each table the model reads, named by table, and
//! `expected.csv`; the header of each names types. Rows are compared in order of
//! all expected columns. `as_of.txt` sets the day, else it is 2026-01-01 in UTC.
//! Tables of the identity file are made by the standard one; a table it reads and
//! the case does not hold has no rows.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scorewright_domain::TableName;
use scorewright_warehouse::{Parameters, Session};

use crate::identity::{Part, cases};

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> TableName {
    path.file_name().unwrap().to_str().unwrap().trim_end_matches(".csv").parse().unwrap()
}

fn as_of(case: &Path) -> Timestamp {
    let text = fs::read_to_string(case.join("as_of.txt"))
        .unwrap_or_else(|_| "2026-01-01T00:00:00Z".into());
    text.trim().parse().unwrap()
}

/// Rows of a table as text, its columns in the order of `columns`.
fn rows(session: &Session, from: &str, columns: &str, as_of: Timestamp) -> Vec<String> {
    let sql = format!("SELECT {columns} FROM {from} ORDER BY {columns}");
    let found = session.query(&sql, &Parameters::new().timestamp("as_of", as_of));
    let found = found.unwrap_or_else(|fault| panic!("{fault} in {sql}"));
    found
        .rows
        .iter()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        .collect()
}

#[test]
fn every_model_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cases = 0;
    for model in below(&root.join("tests/models")) {
        let table = name(&model);
        let part = Part::ALL.into_iter().find(|part| part.table() == table);
        let sql = root.join(format!("pipelines/models/{}/{}.sql", table.layer(), table.noun()));
        let sql = match part {
            Some(_) => format!("SELECT * FROM {table}"),
            None => fs::read_to_string(&sql)
                .unwrap_or_else(|_| panic!("no model for {}", model.display())),
        };
        for case in below(&model) {
            let session = Session::without_data().unwrap();
            let given = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv");
            for path in below(&case).iter().filter(|path| given(path)) {
                let table = if path.ends_with("expected.csv") {
                    TableName::new("case", "expected").unwrap()
                } else {
                    name(path)
                };
                session
                    .add_fixture(&table, &fs::read_to_string(path).unwrap())
                    .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            }
            if let Some(part) = part {
                cases::give(&session, &root, part, as_of(&case));
            }
            let header = fs::read_to_string(case.join("expected.csv")).unwrap();
            let columns: Vec<&str> = header
                .lines()
                .next()
                .unwrap()
                .split(',')
                .map(|field| field.split(':').next().unwrap())
                .collect();
            let columns = columns.join(", ");
            let built = rows(&session, &format!("({sql}) AS built"), &columns, as_of(&case));
            let expected = rows(&session, "case.expected", &columns, as_of(&case));
            assert_eq!(built, expected, "{}: {columns}", case.display());
            cases += 1;
        }
    }
    assert!(cases > 0, "no case was run");
}
