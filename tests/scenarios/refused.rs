//! A refused extract, by what its source says of it: nothing is published, or the rest is, and everybody is told.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{copy, files_below, root, rows, scorewright};
use crate::datasets::unfolded;

const HEADER: &str = "Ticket,Team,Opened,Rating\n";
const REFUSED: &str = "extract `tickets_bad.csv` of source `tickets` is refused: 2 of its 2 rows are bad (100.0 %), \
                       more than the 10.0 % that the source tolerates";

/// The shop after its first night, with a source that says what becomes of refused extracts.
fn shop(setting: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let source = folder.path().join("pipelines/sources/tickets.toml");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("tolerate = 0.1", &format!("tolerate = 0.1\n{setting}")))
        .unwrap();
    assert_eq!(run(folder.path(), "2026-11-23").0, 0);
    folder
}

/// Status, answer, and what is said on one line.
fn run(folder: &Path, day: &str) -> (i32, String, String) {
    let ended = scorewright(folder, &["run", "--as-of", day]);
    (ended.status, ended.answer, unfolded(&ended.said))
}

fn receive(folder: &Path, file: &str, rows: &str) {
    fs::write(folder.join("extracts").join(file), format!("{HEADER}{rows}")).unwrap();
}

/// The second night: one good file and one bad one.
fn receive_both(folder: &Path) {
    receive(folder, "tickets_good.csv", "T101,Billing,2026-11-23 09:00:00,5\n");
    receive(folder, "tickets_bad.csv", "T201,Billing,soon,5\nT202,Returns,later,4\n");
}

fn raw_rows(folder: &Path) -> Value {
    let asked = ["query", "--output", "json", "SELECT count(*) AS n FROM raw.tickets"];
    rows(&scorewright(folder, &asked).answer)[0]["n"].clone()
}

fn last_record(folder: &Path) -> Value {
    let (_, record) = files_below(&folder.join("out/runs")).pop().unwrap();
    serde_json::from_slice(&record).unwrap()
}

/// The page of the week before the runs, as its newest revision.
fn page(folder: &Path) -> String {
    let page = fs::read_to_string(folder.join("out/pages/scorecard/2026-W47/scorecard.md"));
    page.unwrap().replace('\u{a0}', " ")
}

fn versions(folder: &Path) -> usize {
    files_below(&folder.join("warehouse/versions")).len()
}

#[test]
fn a_refused_file_stops_the_run_unless_its_source_says_otherwise() {
    let shop = shop("");
    let shop = shop.path();
    receive_both(shop);
    for _ in 0..2 {
        let (status, _, said) = run(shop, "2026-11-24");
        assert_eq!((status, versions(shop)), (3, 1), "{said}");
        assert!(said.contains(REFUSED), "{said}");
    }
    assert_eq!(raw_rows(shop), 40);
    assert_eq!(scorewright(shop, &["status"]).status, 0, "the version before is published");
}

/// What both other settings have in common: published, status 5, told everywhere, and the same again is nothing new.
fn second_night(shop: &Path, rows: u64) -> String {
    receive_both(shop);
    let (status, answer, said) = run(shop, "2026-11-24");
    assert_eq!((status, versions(shop)), (5, 2), "{answer}{said}");
    assert!(
        said.contains(REFUSED) && unfolded(&answer).contains(&format!("left out: {REFUSED}")),
        "{answer}{said}"
    );
    assert_eq!(raw_rows(shop), rows);
    let record = last_record(shop);
    assert_eq!((&record["status"], &record["version"]), (&Value::from(5), &Value::from(2)));
    assert_eq!(record["reasons"], Value::from(vec![format!("refused: {REFUSED}")]));
    let status = scorewright(shop, &["status"]);
    assert_eq!(status.status, 5, "{}", status.answer);
    let told = unfolded(&status.answer);
    assert!(told.contains(&format!("left out: {REFUSED}")), "{}", status.answer);
    for _ in 0..2 {
        let (status, answer, said) = run(shop, "2026-11-24");
        assert_eq!((status, versions(shop)), (5, 2), "{answer}{said}");
        assert!(
            answer.starts_with("nothing new: version 2 holds everything but what is left out"),
            "{answer}"
        );
        assert!(unfolded(&answer).contains(&format!("left out: {REFUSED}")), "{answer}");
    }
    page(shop)
}

/// The third night: the bad file is mended.
fn third_night(shop: &Path) {
    receive(
        shop,
        "tickets_bad.csv",
        "T201,Billing,2026-11-23 10:00:00,5\nT202,Returns,2026-11-23 11:00:00,4\n",
    );
    let (status, answer, said) = run(shop, "2026-11-24");
    assert_eq!((status, versions(shop)), (0, 3), "{answer}{said}");
    assert_eq!(raw_rows(shop), 43);
    assert_eq!(scorewright(shop, &["status"]).status, 0);
    assert!(!page(shop).contains("refused"), "{}", page(shop));
    assert!(files_below(&shop.join("warehouse/refused")).is_empty());
}

#[test]
fn without_the_refused_file_the_others_land() {
    let shop = shop("on_refused = \"skip_file\"");
    let page = second_night(shop.path(), 41);
    let banner = "Help desk tickets: 1 extract refused; Customer satisfaction (CSAT) and Tickets opened rest on it.";
    assert!(page.contains(banner), "{page}");
    assert!(page.contains("bad.csv: 2 of its 2 rows are bad"), "{page}");
    third_night(shop.path());
}

#[test]
fn with_a_refused_file_a_source_keeps_yesterday() {
    let shop = shop("on_refused = \"keep_yesterday\"");
    let before = files_below(&shop.path().join("warehouse/tables/raw"));
    let page = second_night(shop.path(), 40);
    assert!(
        files_below(&shop.path().join("warehouse/tables/raw")) == before,
        "the raw table is as it was"
    );
    let banner = "Help desk tickets: 1 extract refused; Customer satisfaction (CSAT) and Tickets opened stand on \
                  rows of earlier extracts.";
    assert!(page.contains(banner), "{page}");
    let status = unfolded(&scorewright(shop.path(), &["status"]).answer);
    assert!(
        status.contains("left out: extract `tickets_good.csv` of source `tickets` is held back"),
        "{status}"
    );
    third_night(shop.path());
}

#[test]
fn a_refused_file_that_is_taken_away_is_forgotten() {
    for (setting, rows) in [("skip_file", 41), ("keep_yesterday", 41)] {
        let shop = shop(&format!("on_refused = \"{setting}\""));
        let shop = shop.path();
        receive_both(shop);
        assert_eq!(run(shop, "2026-11-24").0, 5);
        fs::remove_file(shop.join("extracts/tickets_bad.csv")).unwrap();
        assert_eq!(run(shop, "2026-11-24").0, 0, "{setting}");
        assert_eq!((raw_rows(shop), versions(shop)), (rows.into(), 3), "{setting}");
    }
}

#[test]
fn without_a_yesterday_a_refused_file_stops_the_run() {
    let shop = shop("on_refused = \"keep_yesterday\"");
    let shop = shop.path();
    fs::remove_dir_all(shop.join("warehouse")).unwrap();
    receive_both(shop);
    assert_eq!(run(shop, "2026-11-24").0, 3);
}

#[test]
fn the_bad_rows_of_a_refused_file_can_be_looked_at_by_their_owner() {
    let shop = shop("");
    let shop = shop.path();
    receive_both(shop);
    let (status, answer, said) = run(shop, "2026-11-24");
    assert_eq!(status, 3);
    let list = |arguments: &[&str]| {
        let asked = [&["quarantine", "refused", "--output", "csv"], arguments].concat();
        scorewright(shop, &asked).answer
    };
    let expected = "source,file,line,column,reason,raw\n\
                    tickets,tickets_bad.csv,2,Opened,not_a_timestamp,\"T201,Billing,soon,5\"\n\
                    tickets,tickets_bad.csv,3,Opened,not_a_timestamp,\"T202,Returns,later,4\"\n";
    assert_eq!(list(&[]), expected, "{answer}{said}");
    assert_eq!(list(&["--file", "tickets_bad.csv"]), expected);
    assert_eq!(list(&["--source", "orders"]), "source,file,line,column,reason,raw\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let (path, _) = files_below(&shop.join("warehouse/refused")).pop().unwrap();
        let path = shop.join("warehouse/refused").join(path);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!last_record(shop).to_string().contains("T201"), "a record names no row");
    fs::remove_file(shop.join("extracts/tickets_good.csv")).unwrap();
    fs::remove_file(shop.join("extracts/tickets_bad.csv")).unwrap();
    assert_eq!(run(shop, "2026-11-23").0, 0, "nothing new");
    assert!(files_below(&shop.join("warehouse/refused")).is_empty(), "it is gone");
}

#[test]
fn an_extract_without_rows_is_refused_unless_it_may_be_empty() {
    let refused = shop("");
    receive(refused.path(), "tickets_new.csv", "");
    let (status, _, said) = run(refused.path(), "2026-11-24");
    assert_eq!(status, 3);
    assert!(said.contains("it has no rows") && said.contains("may_be_empty = true"), "{said}");
    let taken = shop("may_be_empty = true");
    receive(taken.path(), "tickets_new.csv", "");
    let (status, answer, said) = run(taken.path(), "2026-11-24");
    assert_eq!((status, raw_rows(taken.path())), (0, 40.into()), "{answer}{said}");
}
