//! `scorewright diff` says what became of rows and figures, by numbers that are counted here once more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{copy, query, root, rows, says};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

/// Tickets of one week: number, team, day of November, rating.
type Tickets = &'static [(&'static str, &'static str, u32, Option<u32>)];

const BEFORE: Tickets = &[
    ("T1", "Billing", 16, Some(5)),
    ("T2", "Billing", 17, Some(2)),
    ("T3", "Returns", 18, Some(4)),
    ("T4", "Returns", 19, Some(3)),
    ("T5", "Returns", 20, None),
    ("T6", "Billing", 22, None),
];

/// The second is rated anew, the fourth is gone, and two of another day have come.
const AFTER: Tickets = &[
    ("T1", "Billing", 16, Some(5)),
    ("T2", "Billing", 17, Some(4)),
    ("T3", "Returns", 18, Some(4)),
    ("T5", "Returns", 20, None),
    ("T6", "Billing", 22, None),
    ("T7", "Returns", 18, Some(5)),
    ("T8", "Night", 18, Some(1)),
];

fn deliver(project: &Path, tickets: Tickets) {
    let line = |(number, team, day, rating): &(&str, &str, u32, Option<u32>)| {
        let rating = rating.map_or_else(String::new, |rating| rating.to_string());
        format!("{number},{team},2026-11-{day} 23:00:00,{rating}\n")
    };
    let rows: String = tickets.iter().map(line).collect();
    let text = format!("Ticket,Team,Opened,Rating\n{rows}");
    fs::write(project.join("extracts/tickets.csv"), text).unwrap();
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// A shop with a version of each delivery.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    fs::remove_file(folder.path().join("pipelines/targets.toml")).unwrap();
    for tickets in [BEFORE, AFTER] {
        deliver(folder.path(), tickets);
        says(folder.path(), 0, &["run", "--as-of", DAY]);
    }
    folder
}

/// The objects of an answer.
fn diff(project: &Path, words: &[&str]) -> Vec<Value> {
    rows(&says(project, 0, &[&["diff", "--output", "json"], words].concat()))
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

fn table<'a>(objects: &'a [Value], name: &str) -> &'a Value {
    let found = of_kind(objects, "table").into_iter().find(|object| object["table"] == name);
    found.unwrap_or_else(|| panic!("{name} in {objects:?}"))
}

/// Rows that were added, removed and changed, as an answer has them.
fn counted_rows(table: &Value) -> [u64; 3] {
    let count = |key: &str| table[key].as_u64().unwrap_or_else(|| panic!("{table}"));
    ["rows_added", "rows_removed", "rows_changed"].map(count)
}

/// The same, by the deliveries themselves.
fn row_changes() -> [u64; 3] {
    let by_number = |tickets: Tickets| -> BTreeMap<&str, _> {
        tickets.iter().map(|ticket| (ticket.0, ticket)).collect()
    };
    let (before, after) = (by_number(BEFORE), by_number(AFTER));
    let changed = after
        .iter()
        .filter(|(number, ticket)| before.get(*number).is_some_and(|former| former != *ticket));
    [
        after.keys().filter(|number| !before.contains_key(*number)).count(),
        before.keys().filter(|number| !after.contains_key(*number)).count(),
        changed.count(),
    ]
    .map(|count| count as u64)
}

/// The share of good ratings of a team in that week, and the number of ratings.
fn csat(tickets: Tickets, team: &str) -> Option<f64> {
    let of_team = tickets.iter().filter(|ticket| team.is_empty() || ticket.1 == team);
    let ratings: Vec<u32> = of_team.filter_map(|ticket| ticket.3).collect();
    let count = |least: u32| {
        let counted = ratings.iter().filter(|rating| **rating >= least).count();
        f64::from(u32::try_from(counted).unwrap())
    };
    (!ratings.is_empty()).then(|| count(4) / count(1))
}

/// The figures of a metric in a version by period and segment: value, and why there is none.
fn figures(project: &Path, version: &str, metric: &str) -> BTreeMap<String, String> {
    let sql = format!(
        "SELECT period || ' ' || dimension || '=' || segment AS key, value, null_reason FROM kpi.value WHERE metric = '{metric}'"
    );
    let answer = says(project, 0, &["query", "--output", "csv", "--snapshot", version, &sql]);
    let lines = answer.lines().skip(1).map(|line| line.split_once(',').unwrap());
    lines.map(|(key, figure)| (key.to_owned(), figure.to_owned())).collect()
}

#[test]
fn rows_are_counted_by_their_grain() {
    let shop = shop();
    let objects = diff(shop.path(), &[]);
    assert_eq!((&objects[0]["from"], &objects[0]["to"]), (&1.into(), &2.into()));
    let [added, removed, changed] = row_changes();
    assert_eq!([added, removed, changed], [2, 1, 1]);
    let ticket = table(&objects, "fact.ticket");
    assert_eq!(ticket["change"], "changed");
    assert_eq!((&ticket["rows_before"], &ticket["rows_after"]), (&6.into(), &7.into()));
    assert_eq!(counted_rows(ticket), [added, removed, changed]);
    let view = table(&objects, "staging.tickets");
    assert_eq!((&view["rows_before"], &view["rows_after"]), (&6.into(), &7.into()));
    assert_eq!(view["rows_added"], Value::Null, "rows of views are not compared");
    let raw = table(&objects, "raw.tickets");
    assert_eq!((&raw["change"], &raw["rows_added"]), (&"changed".into(), &Value::Null));
    let back = diff(shop.path(), &["2", "1"]);
    let ticket = table(&back, "fact.ticket");
    assert_eq!(counted_rows(ticket), [removed, added, changed], "the other way round");
}

#[test]
fn figures_are_compared_one_by_one() {
    let shop = shop();
    for metric in ["csat_top2", "tickets_created"] {
        let (before, after) =
            (figures(shop.path(), "1", metric), figures(shop.path(), "2", metric));
        let appeared = after.keys().filter(|key| !before.contains_key(*key)).count();
        let changed: BTreeSet<&String> = after
            .iter()
            .filter(|(key, figure)| before.get(*key).is_some_and(|former| former != *figure))
            .map(|(key, _)| key)
            .collect();
        assert!(appeared > 0 && !changed.is_empty(), "{metric}");
        let objects = diff(shop.path(), &["--metric", metric]);
        let counts = of_kind(&objects, "metric");
        let counts = counts.iter().find(|object| object["metric"] == metric).unwrap();
        assert_eq!(counts["appeared"], appeared);
        assert_eq!(counts["changed"], changed.len());
        assert_eq!(counts["gone"], 0);
        let listed = of_kind(&objects, "figure");
        let key = |figure: &Value| {
            let text = |key: &str| figure[key].as_str().unwrap().to_owned();
            format!("{} {}={}", text("period"), text("dimension"), text("segment"))
        };
        let listed = listed.iter().filter(|figure| figure["change"] == "changed");
        let listed: BTreeSet<String> = listed.map(|figure| key(figure)).collect();
        assert_eq!(listed.iter().collect::<BTreeSet<_>>(), changed);
    }
    let objects = diff(shop.path(), &["--metric", "csat_top2"]);
    for team in ["", "Billing", "Returns", "Night"] {
        let is_asked =
            |figure: &&&Value| figure["period"] == "2026-W47" && figure["segment"] == team;
        let figures = of_kind(&objects, "figure");
        let figure = figures.iter().find(is_asked).unwrap_or_else(|| panic!("{team}"));
        let values = ["value_before", "value_after"].map(|key| figure[key].as_f64());
        assert_eq!(values, [csat(BEFORE, team), csat(AFTER, team)], "{figure}");
    }
}

#[test]
fn people_read_the_largest_changes_and_how_many_more_there_are() {
    let shop = shop();
    let said = says(shop.path(), 0, &["diff"]);
    assert!(said.starts_with("from       version 1 for Monday 2026-11-23\nto         version 2 "));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let is_fact = |line: &&str| line.starts_with("fact.ticket ");
    let fact = said.lines().find(is_fact).map(words).unwrap();
    assert_eq!(fact, ["fact.ticket", "changed", "6", "7", "2", "1", "1"], "{said}");
    let objects = diff(shop.path(), &[]);
    let (listed, more) = (of_kind(&objects, "figure"), &objects[0]["figures_not_listed"]);
    let metrics = of_kind(&objects, "metric");
    let changed: u64 = metrics.iter().map(|metric| metric["changed"].as_u64().unwrap()).sum();
    assert!(listed.len() <= 20);
    assert_eq!(listed.len() as u64 + more.as_u64().unwrap(), changed);
    let share = |figure: &&&Value| {
        let value = |key: &str| figure[key].as_f64().unwrap_or(0.0);
        let (before, after) = (value("value_before"), value("value_after"));
        (after - before).abs() / before.abs().max(after.abs())
    };
    let shares: Vec<f64> = listed.iter().map(|figure| share(&figure)).collect();
    assert!(shares.is_sorted_by(|one, other| one >= other), "{shares:?}");
}

#[test]
fn a_model_of_other_columns_is_compared_in_those_it_had() {
    let shop = shop();
    let fact = shop.path().join("pipelines/models/fact/ticket.sql");
    edit(&fact, "opened_at, score\n", "opened_at, score, score >= 4 AS is_good\n");
    let companion = shop.path().join("pipelines/models/fact/ticket.toml");
    edit(&companion, "[columns]\n", "[columns]\nis_good = \"Whether it is rated 4 or 5\"\n");
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    let objects = diff(shop.path(), &[]);
    let ticket = table(&objects, "fact.ticket");
    assert_eq!(ticket["columns_added"], serde_json::json!(["is_good"]));
    assert_eq!(ticket["rows_changed"], 0, "in the columns that both have: {ticket}");
    assert_eq!(table(&objects, "staging.tickets")["change"], "unchanged", "it is a view");
    assert_eq!(table(&objects, "raw.tickets")["change"], "unchanged");
    assert_eq!(of_kind(&objects, "metric"), Vec::<&Value>::new());
    let said = says(shop.path(), 0, &["diff"]);
    assert!(said.contains("\nfigures    unchanged\n"), "{said}");
    let first = diff(shop.path(), &["1"]);
    assert_eq!((&first[0]["from"], &first[0]["to"]), (&1.into(), &3.into()));
    assert_eq!(table(&first, "fact.ticket")["rows_changed"], row_changes()[2]);
}

#[test]
fn versions_and_metrics_that_are_not_there_are_refused() {
    let shop = shop();
    let said = unfolded(&says(shop.path(), 2, &["diff", "1", "7"]));
    assert!(said.contains("there are: 1, 2; `scorewright snapshots` lists them"), "{said}");
    let said = unfolded(&says(shop.path(), 2, &["diff", "--metric", "csat_top3"]));
    assert!(said.contains("did you mean `csat_top2`?"), "{said}");
    let empty = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), empty.path());
    let said = unfolded(&says(empty.path(), 2, &["diff"]));
    assert!(said.contains("the warehouse has no version yet"), "{said}");
    says(empty.path(), 0, &["run", "--as-of", DAY]);
    let said = unfolded(&says(empty.path(), 2, &["diff"]));
    assert!(said.contains("there is no version before 1 to compare it with"), "{said}");
}

#[test]
fn figures_of_few_people_stay_hidden() {
    let shop = shop();
    for metric in ["csat_top2", "tickets_created"] {
        let file = shop.path().join(format!("pipelines/metrics/{metric}.toml"));
        edit(&file, "minimum_sample", "minimum_group = 5\ngrains = [\"week\"]\nminimum_sample");
    }
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    let objects = diff(shop.path(), &["2", "3", "--metric", "csat_top2"]);
    let hidden = of_kind(&objects, "figure").into_iter();
    let hidden: Vec<&Value> = hidden.filter(|it| it["null_reason_after"] == "suppressed").collect();
    assert!(!hidden.is_empty(), "{objects:?}");
    assert!(hidden.iter().all(|figure| figure["value_after"].is_null()), "{hidden:?}");
    let stated = query(
        shop.path(),
        "SELECT value FROM kpi.value WHERE null_reason = 'suppressed' AND value IS NOT NULL",
    );
    assert_eq!(stated, "value\n", "a query shows no more");
}
