//! `scorewright metrics` says what a project measures, before there is data and beside files at fault.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{copy, root, rows, says, scorewright};

const RATED: &str = r#"title = "Rated tickets"
says = "How many tickets have a rating"
unit = "count"
direction = "neutral"
kind = "total"
fact = "fact.ticket"
time = "opened_at"
numerator = "count(score)"
by = ["team"]
"#;

const RATED_SHARE: &str = r#"title = "Rated"
says = "Rated tickets over all tickets"
unit = "ratio"
direction = "neutral"
kind = "derived"
formula = "rated / tickets_created"
by = ["team"]
"#;

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    write(folder.path(), "rated", RATED);
    write(folder.path(), "rated_share", RATED_SHARE);
    folder
}

fn write(project: &Path, metric: &str, text: &str) {
    fs::write(project.join(format!("pipelines/metrics/{metric}.toml")), text).unwrap();
}

fn listed(project: &Path, more: &[&str]) -> Vec<Value> {
    let ended = scorewright(project, &[&["metrics", "--output", "json"], more].concat());
    assert_eq!(ended.status, 0, "{}", ended.said);
    rows(&ended.answer)
}

#[test]
fn a_metric_names_what_it_is_made_of_what_is_made_of_it_and_its_variants() {
    let shop = shop();
    let all = listed(shop.path(), &[]);
    let names: Vec<&str> = all.iter().map(|row| row["metric"].as_str().unwrap()).collect();
    assert_eq!(names, ["csat_top2", "rated", "rated_share", "tickets_created"]);
    let asked = listed(shop.path(), &["rated_share", "rated", "csat_top2"]);
    let said = |at: usize, key: &str| asked[at][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(said(0, "made_of"), "rated, tickets_created");
    assert_eq!(
        (said(1, "part_of"), said(1, "variants")),
        ("rated_share".into(), "tickets_created".into())
    );
    assert_eq!(said(2, "variants"), "");
    assert_eq!((said(2, "reports"), said(1, "reports")), ("scorecard".into(), String::new()));
    assert_eq!(said(1, "numerator"), "count(score)");
    assert_eq!((&asked[1]["has_target"], &asked[2]["has_target"]), (&false.into(), &true.into()));
    assert_eq!(asked[0]["fact"], Value::Null, "it is made of metrics");
}

#[test]
fn the_sql_of_a_metric_is_the_one_that_explain_shows() {
    let shop = shop();
    let day = ["--sql", "--as-of", "2026-11-23"];
    let told = listed(shop.path(), &[&["csat_top2", "rated_share"], &day[..]].concat());
    says(shop.path(), 0, &["run", "--as-of", "2026-11-23"]);
    let explained = says(shop.path(), 0, &["explain", "csat_top2", "--period", "2026-W47"]);
    let sql = told[0]["sql"].as_str().unwrap();
    assert!(explained.contains(&format!("measured by\n{sql}\n")), "{explained}\n{sql}");
    assert_eq!(told[1]["sql"], Value::Null, "it is made of metrics");
    let all = says(shop.path(), 0, &["metrics", "--sql"]);
    assert_eq!(all.matches("measured by").count(), 4, "{all}");
}

#[test]
fn metrics_are_listed_beside_files_at_fault() {
    let shop = shop();
    write(shop.path(), "rated", &RATED.replace("count(score)", "count(score"));
    let said = says(shop.path(), 0, &["metrics"]);
    assert!(
        said.contains("not listed, as files of theirs are at fault: `rated`, `rated_share`"),
        "{said}"
    );
    assert!(said.contains("csat_top2"), "{said}");
    let said = says(shop.path(), 2, &["metrics", "rated_share"]);
    assert!(
        said.contains("the file of metric `rated_share` is at fault, or that of one"),
        "{said}"
    );

    let model = shop.path().join("pipelines/models/fact/ticket.sql");
    let sql = fs::read_to_string(&model).unwrap();
    fs::write(&model, sql.replace("opened_at, score", "opened_at, scor")).unwrap();
    says(shop.path(), 0, &["metrics", "csat_top2"]);
    let said = says(shop.path(), 2, &["metrics", "csat_top2", "--sql"]);
    assert!(said.contains("`fact.ticket` cannot be planned"), "{said}");
    says(shop.path(), 2, &["metrics", "--as-of", "2026-11-23"]);
}
