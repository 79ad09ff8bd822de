//! What is built again when the zone or a schedule of the project changes.

use scorewright_domain::{LocalTime, ProjectFile, TableName};
use scorewright_warehouse::{Parameters, Session, Warehouse};

use super::{GRAIN, model, run_in};
use crate::read_schedules;

/// Berlin or another zone, with two schedules of which one begins at an hour.
fn time(time_zone: &str, support_from: &str) -> LocalTime {
    let text = format!(
        "[[schedule]]\nname = \"support\"\nthursday = [\"{support_from}-17:00\"]\n\
         [[schedule]]\nname = \"sales\"\ntime_zone = \"UTC\"\nthursday = [\"09:00-17:00\"]\n"
    );
    let file = ProjectFile::new("pipelines/schedules.toml", text);
    let schedules = read_schedules(&file, time_zone).unwrap();
    LocalTime { time_zone: time_zone.into(), schedules }
}

fn files() -> Vec<ProjectFile> {
    let at = |hour: u8| {
        format!("arrow_cast('1970-01-01T{hour:02}:00:00Z', 'Timestamp(Second, Some(\"UTC\"))')")
    };
    let hours = |schedule: &str| {
        let (from, until) = (at(0), at(23));
        format!(
            "SELECT key, business_seconds({from}, {until}, '{schedule}') / 3600 AS hours FROM raw.sale"
        )
    };
    let day = format!("SELECT key, local_date({}) AS day FROM raw.sale", at(23));
    [
        model("fact/support", &hours("support"), GRAIN),
        model("fact/sales", &hours("sales"), GRAIN),
        model(
            "fact/day",
            &format!("{day} -- a view"),
            &format!("{GRAIN}materialization = \"view\"\n"),
        ),
        model("fact/plain", "SELECT key FROM raw.sale", GRAIN),
        model("fact/of_day", "SELECT key, day FROM fact.day", GRAIN),
    ]
    .concat()
}

/// Names of the tables that were made again.
fn made(warehouse: &Warehouse, time: &LocalTime) -> Vec<String> {
    let (report, snapshot) = run_in(warehouse, &files(), time);
    assert!(snapshot.is_some(), "{report:?}");
    let made = report.built.iter().filter(|built| !built.is_unchanged);
    let mut made: Vec<String> = made.map(|built| built.table.noun().to_owned()).collect();
    made.sort();
    made
}

fn value(warehouse: &Warehouse, sql: &str) -> String {
    let session = Session::over(warehouse, &warehouse.newest().unwrap()).unwrap();
    session.query(sql, &Parameters::new()).unwrap().rows[0][0].to_string()
}

#[test]
fn only_what_uses_it_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    assert_eq!(made(&warehouse, &time("Europe/Berlin", "09:00")).len(), 5);
    assert_eq!(value(&warehouse, "SELECT hours FROM fact.support"), "8");
    assert_eq!(made(&warehouse, &time("Europe/Berlin", "09:00")), [""; 0]);
    assert_eq!(made(&warehouse, &time("Europe/Berlin", "12:00")), ["support"]);
    assert_eq!(value(&warehouse, "SELECT hours FROM fact.support"), "5");
    assert_eq!(value(&warehouse, "SELECT day FROM fact.day"), "1970-01-02");
    // The schedule of support has no zone of its own, that of sales has.
    let moved = made(&warehouse, &time("America/New_York", "12:00"));
    assert_eq!(moved, ["day", "of_day", "support"]);
    assert_eq!(value(&warehouse, "SELECT day FROM fact.day"), "1970-01-01");
    let used = TableName::new("fact", "of_day").unwrap();
    assert_eq!(value(&warehouse, &format!("SELECT day FROM {used}")), "1970-01-01");
}
