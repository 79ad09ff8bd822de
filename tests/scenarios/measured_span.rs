//! Which periods and segments are stated: no old date and no free text makes a million values.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::binary::{copy, query, root, says};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";
const HEADER: &str = "Ticket,Team,Opened,Rating\n";

fn shop(rows: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    fs::write(folder.path().join("extracts/tickets_2.csv"), format!("{HEADER}{rows}")).unwrap();
    folder
}

fn settings(folder: &Path, more: &str) {
    let path = folder.join("scorewright.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}\n{more}\n")).unwrap();
}

fn count(folder: &Path, condition: &str) -> u64 {
    let answer = query(folder, &format!("SELECT count(*) FROM kpi.value WHERE {condition}"));
    answer.lines().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_row_of_long_ago_makes_no_period_and_is_counted() {
    let shop = shop("T900,Billing,1900-01-01 10:00:00,4\nT901,Billing,2015-12-31 10:00:00,4\n");
    let said = unfolded(&says(shop.path(), 0, &["run", "--as-of", DAY]));
    assert!(
        said.contains("2 rows of fact.ticket lie by `opened_at` before 2016-01-01, the first day that is measured"),
        "{said}"
    );
    assert!(count(shop.path(), "TRUE") < 1_000);
    assert_eq!(count(shop.path(), "period_from < DATE '2016-01-01'"), 0);
    assert_eq!(
        query(shop.path(), "SELECT count(*) AS n FROM fact.ticket WHERE opened_at < '2016-01-01'"),
        "n\n2\n"
    );
}

#[test]
fn the_first_day_is_set_by_the_project() {
    let shop = shop("T900,Billing,2015-12-31 10:00:00,4\n");
    settings(shop.path(), "[kpi]\nsince = 2010-01-01");
    let said = says(shop.path(), 0, &["run", "--as-of", DAY]);
    assert!(!said.contains("lie by"), "{said}");
    assert_eq!(
        count(shop.path(), "period = '2015-12' AND metric = 'tickets_created' AND segment = ''"),
        1
    );
    let said = unfolded(&says(shop.path(), 2, &["run", "--as-of", "2010-01-01"]));
    assert!(
        said.contains("nothing is measured before 2010-01-01, and the run is for 2010-01-01"),
        "{said}"
    );
}

#[test]
fn a_segment_is_stated_from_its_first_rows_until_a_year_after_its_last() {
    let shop = shop("T900,Once,2023-05-10 10:00:00,4\n");
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    let months = query(
        shop.path(),
        "SELECT min(period) AS first, max(period) AS last, count(*) AS n FROM kpi.value \
         WHERE metric = 'tickets_created' AND grain = 'month' AND segment = 'Once'",
    );
    assert_eq!(months, "first,last,n\n2023-05,2024-05,13\n");
    let of_total = "metric = 'tickets_created' AND grain = 'month' AND segment = ''";
    assert_eq!(count(shop.path(), of_total), 42, "May 2023 to October 2026");
}

#[test]
fn a_dimension_of_free_text_is_stated_as_too_many() {
    let rows = (0..1_100).fold(String::new(), |mut rows, number| {
        writeln!(rows, "X{number},Team {number},2026-11-17 10:00:00,4").unwrap();
        rows
    });
    let shop = shop(&rows);
    let said = unfolded(&says(shop.path(), 0, &["run", "--as-of", DAY]));
    assert!(
        said.contains(
            "tickets_created: `team` has more than 1,000 values, so that none of them is stated"
        ) || said.contains(
            "tickets_created: `team` has more than 1000 values, so that none of them is stated"
        ),
        "{said}"
    );
    assert_eq!(count(shop.path(), "dimension = 'team' AND segment <> '(too many)'"), 0);
    let reasons =
        query(shop.path(), "SELECT DISTINCT null_reason FROM kpi.value WHERE dimension = 'team'");
    assert_eq!(reasons, "null_reason\ntoo_many_segments\n");
    let page = shop.path().join("out/pages/scorecard/2026-W47/scorecard.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("\nToo many different values to state each.\n"), "{page}");
    settings(shop.path(), "[limits]\nsegments = 2000");
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    assert!(
        count(shop.path(), "dimension = 'team' AND segment = 'Team 7' AND period = '2026-W47'") > 0
    );
}
