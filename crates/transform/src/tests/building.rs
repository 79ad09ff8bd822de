//! What is built, taken over, refused and removed.

use scorewright_domain::{CheckOutcome, CheckVerdict, Fingerprint, ProjectFile, TableName};
use scorewright_warehouse::{Parameters, Session, Warehouse};

use super::{GRAIN, model, run, run_beside, sale};
use crate::FailedModel;

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
    let FailedModel::Check { check, offence, samples, .. } = &report.failed[0] else {
        panic!("{:?}", report.failed)
    };
    let found = (check.as_str(), &**offence, samples.as_str());
    assert_eq!(found, ("unique(key)", "1 of 3 rows offend", "key=1"));
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
    let outcome = built
        .last()
        .unwrap()
        .checks
        .iter()
        .find(|outcome| outcome.check.as_str() == "range(net)")
        .unwrap();
    assert_eq!((outcome.offending, outcome.looked_at), (1, Some(2)));
}

#[test]
fn what_hands_on_rows_is_found_to_be_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let warns = format!("{GRAIN}[[checks]]\nnot_null = [\"net\"]\nseverity = \"warn\"");
    let view = format!("materialization = \"view\"\n{warns}");
    let sql = "SELECT key, CASE WHEN key > 1 THEN key END AS net FROM raw.sale";
    let one = model("staging/one", sql, &warns);
    // The same rows, looked up and scanned; then others of the same names.
    let passed_on = model("staging/passed_on", "SELECT key, net FROM staging.one", &view);
    let scanned = model("staging/scanned", "SELECT key, net FROM staging.one WHERE TRUE", &view);
    let sql = "SELECT key, coalesce(net, 0) AS net FROM staging.one";
    let made = model("staging/made", sql, &view);
    let sql = "SELECT net AS key, key AS net FROM staging.one";
    let exchanged = model("staging/exchanged", sql, &view);
    let files = [one, passed_on, scanned, made, exchanged].concat();
    let (report, _) = run(&Warehouse::at(folder.path()), &files, &[1, 2, 3]);
    let found = |name: &str| {
        let built = report.built.iter().find(|built| built.table.noun() == name).unwrap();
        let check = |outcome: &CheckOutcome| {
            (outcome.check.to_string(), outcome.offending, outcome.looked_at)
        };
        (built.rows, built.checks.iter().map(check).collect::<Vec<_>>())
    };
    let (rows, checks) = found("passed_on");
    let names = ["not_null(key)", "unique(key)", "not_null(net)"];
    let offending = [0, 0, 1];
    let expected = names.iter().zip(offending).map(|(name, it)| (name.to_string(), it, Some(3)));
    assert_eq!((rows, checks), (3, expected.collect()));
    assert_eq!(found("passed_on"), found("scanned"));
    assert_eq!(found("made").1[2].1, 0, "a column that is made of the row");
    let message = report.failed[0].to_string();
    assert!(message.contains("not_null(key) failed on `staging.exchanged`"), "{message}");
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
        "check checks/large failed on `fact.sale`: 1 row offends"
    );
}

#[test]
fn what_a_removed_model_left_is_removed_and_all_that_no_model_makes_stays() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let name = |text: &str| text.parse::<TableName>().unwrap();
    let own_layer = model("mart/sale", "SELECT key FROM raw.sale", GRAIN);
    let further = ["raw.former", "quarantine.sale", "quarantine.former", "kpi.value"].map(name);
    let files = [sale(GRAIN), own_layer.to_vec()].concat();
    let (_, snapshot) = run_beside(&warehouse, &files, &[1], &further);
    let before = snapshot.unwrap();
    let models = ["fact.sale", "mart.sale"].map(name);
    assert!(models.iter().all(|model| before.tables.contains_key(model)));
    assert!(before.views.contains_key(&name("staging.sale")));

    let last = model("dim/last", "SELECT key FROM raw.sale", GRAIN);
    let (_, snapshot) = run(&warehouse, &last, &[1]);
    let after = snapshot.unwrap();
    let left: Vec<String> = after.tables.keys().map(ToString::to_string).collect();
    assert_eq!(
        left,
        ["dim.last", "kpi.value", "quarantine.former", "quarantine.sale", "raw.former", "raw.sale"]
    );
    assert!(after.views.is_empty());
}

// A warehouse that an earlier version wrote has hashes of this text: another one would make all its tables anew.
#[test]
fn what_a_table_was_made_from_is_hashed_as_it_always_was() {
    let folder = tempfile::tempdir().unwrap();
    let files = model("fact/sale", "SELECT key FROM raw.sale WHERE $as_of IS NOT NULL", GRAIN);
    let (_, snapshot) = run(&Warehouse::at(folder.path()), &files, &[1]);
    let tables = snapshot.unwrap().tables;
    let hash = |name: &str| &tables[&name.parse::<TableName>().unwrap()].input_hash;
    let text = format!(
        "SELECT key FROM raw.sale WHERE $as_of IS NOT NULL\0\
         says = \"One row per sale.\"\ngrain = [\"key\"]\n\0\
         1970-01-01T00:00:00Z\0\
         {{TableName {{ layer: \"raw\", noun: \"sale\" }}: \"{}\"}}",
        hash("raw.sale")
    );
    assert_eq!(*hash("fact.sale"), Fingerprint::of(text.as_bytes()).to_string());
}

#[test]
fn a_tolerated_offence_is_stored_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let companion = format!(
        "{GRAIN}[[checks]]\nrange = {{ column = \"key\", min = 2 }}\ntolerance = 0.25\n\
         [[checks]]\nrange = {{ column = \"twice\", min = 5 }}\nseverity = \"warn\"\ntolerance = 0.25\n"
    );
    let files = model("fact/sale", "SELECT key, key * 2 AS twice FROM raw.sale", &companion);
    let (report, snapshot) = run(&Warehouse::at(folder.path()), &files, &[1, 2, 3, 4]);
    assert!(report.is_sound(), "{:?}", report.failed);
    let checks = &snapshot.unwrap().built[0].checks;
    let of = |check: &str| {
        let found = checks.iter().find(|outcome| outcome.check.as_str() == check).unwrap();
        (found.offending, found.tolerated, found.looked_at, found.verdict)
    };
    assert_eq!(of("range(key)"), (1, 1, Some(4), CheckVerdict::Tolerated));
    assert_eq!(of("range(twice)"), (2, 1, Some(4), CheckVerdict::Warned));
    assert_eq!(of("unique(key)"), (0, 0, Some(4), CheckVerdict::Passed));
}

// Each of these has one type as it is written and another once the engine has made its parts alike.
#[test]
fn parts_of_several_types_become_one_type_before_rows_are_stored() {
    let price = "CAST(key AS DECIMAL(18, 2))";
    for (sql, expected) in [
        (
            format!("SELECT key, CASE WHEN key > 1 THEN {price} ELSE 0 END AS net FROM raw.sale"),
            "2.00",
        ),
        (
            format!(
                "SELECT key, sum(CASE WHEN key > 1 THEN {price} ELSE 0 END) AS net FROM raw.sale GROUP BY key"
            ),
            "2.00",
        ),
        (
            format!(
                "SELECT key, 0 AS net FROM raw.sale WHERE key = 1 UNION ALL SELECT key, {price} AS net FROM raw.sale WHERE key > 1"
            ),
            "2.00",
        ),
        (format!("SELECT key, coalesce(nullif({price}, 1), 0) AS net FROM raw.sale"), "2.00"),
        ("SELECT key, key + 0.5 AS net FROM raw.sale WHERE key IN (SELECT 2)".to_owned(), "2.5"),
    ] {
        for materialization in ["table", "view"] {
            let folder = tempfile::tempdir().unwrap();
            let companion = format!("{GRAIN}materialization = \"{materialization}\"\n");
            let staging = model("staging/sale", &sql, &companion);
            let fact = model("fact/sale", "SELECT key, net FROM staging.sale", GRAIN);
            let warehouse = Warehouse::at(folder.path());
            let (report, snapshot) = run(&warehouse, &[staging, fact].concat(), &[1, 2]);
            assert!(report.failed.is_empty(), "{sql}: {:?}", report.failed);
            let session = Session::over(&warehouse, &snapshot.unwrap()).unwrap();
            let sum = session.query("SELECT sum(net) FROM fact.sale", &Parameters::new()).unwrap();
            assert_eq!(sum.rows[0][0].to_string(), expected, "{materialization}: {sql}");
        }
    }
}
