//! The examples meet the reference values that others computed from the same extracts.
//!
//! Extracts and references lie beside the repository where they are at hand; the
//! projects and the mapping of names (`reference.toml`) are in `examples/`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::binary::{root, rows, scorewright};

/// `examples/<example>/reference.toml`; its head says what each key means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    as_of: String,
    map: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kpi: String,
    segment: Option<String>,
    metric: String,
    #[serde(default = "value")]
    statistic: String,
    dimension: Option<String>,
    #[serde(default)]
    segments: HashMap<String, String>,
    #[serde(default = "same")]
    period: String,
    #[serde(default)]
    periods: HashMap<String, String>,
    #[serde(default)]
    is_period_the_segment: bool,
    #[serde(default = "one")]
    divide: f64,
    num: Option<String>,
    den: Option<String>,
}

fn value() -> String {
    "value".into()
}

fn same() -> String {
    "same".into()
}

fn one() -> f64 {
    1.0
}

/// A row of `expected/kpi.csv`.
struct Expected {
    kpi: String,
    period: String,
    segment: String,
    value: f64,
    num: Option<f64>,
    den: Option<f64>,
}

/// Metric, statistic, period, dimension, segment of a row of `kpi.value`.
type Name = (String, String, String, String, String);

fn data(dataset: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/data").join(dataset);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("the extracts of `{dataset}` are not at hand: nothing was compared");
    None
}

fn expected(folder: &Path) -> Vec<Expected> {
    let text = fs::read_to_string(folder.join("expected/kpi.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 6, "{line}");
        let [kpi, period, segment] = [0, 1, 2].map(|field| fields[field].to_owned());
        let number = |field: usize| fields[field].parse::<f64>().ok();
        Expected { kpi, period, segment, value: number(3).unwrap(), num: number(4), den: number(5) }
    });
    rows.collect()
}

fn ours(project: &str, extracts: &Path, as_of: &str) -> HashMap<Name, Value> {
    let state = tempfile::tempdir().unwrap();
    let folder = root().join("examples").join(project);
    let shared = [
        "--project",
        folder.to_str().unwrap(),
        "--state",
        state.path().to_str().unwrap(),
        "--extracts",
        extracts.to_str().unwrap(),
    ];
    let ran = scorewright(state.path(), &[&shared[..], &["run", "--as-of", as_of]].concat());
    assert_eq!(ran.status, 0, "{}{}", ran.answer, ran.said);
    let asked = scorewright(
        state.path(),
        &[&shared[..], &["query", "--output", "json", "SELECT * FROM kpi.value"]].concat(),
    );
    assert_eq!(asked.status, 0, "{}", asked.said);
    rows(&asked.answer).into_iter().map(|row| (name(&row), row)).collect()
}

fn name(row: &Value) -> Name {
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    (text("metric"), text("statistic"), text("period"), text("dimension"), text("segment"))
}

/// Where the entry finds a reference row among ours.
fn found_as(entry: &Entry, row: &Expected) -> Name {
    let (their_period, their_segment) = if entry.is_period_the_segment {
        (&row.segment, &row.period)
    } else {
        (&row.period, &row.segment)
    };
    let is_total = their_segment == "all" || entry.dimension.is_none();
    let statistic =
        if entry.statistic == "$segment" { their_segment.clone() } else { entry.statistic.clone() };
    let segment = entry.segments.get(their_segment).unwrap_or(their_segment);
    let (dimension, segment) = if is_total {
        Default::default()
    } else {
        (entry.dimension.clone().unwrap_or_default(), segment.clone())
    };
    (entry.metric.clone(), statistic, period(entry, their_period), dimension, segment)
}

/// `2016-03-01` is the midnight that ends `2016-02`.
fn period(entry: &Entry, theirs: &str) -> String {
    if entry.period == "same" {
        return entry.periods.get(theirs).map_or(theirs, String::as_str).to_owned();
    }
    assert_eq!(entry.period, "month_before");
    let day: jiff::civil::Date = theirs.parse().unwrap();
    day.yesterday().unwrap().strftime("%Y-%m").to_string()
}

/// What differs between a reference row and ours, if anything.
fn difference(entry: &Entry, row: &Expected, ours: &HashMap<Name, Value>) -> Option<String> {
    let name = found_as(entry, row);
    let Some(found) = ours.get(&name) else { return Some(format!("{name:?} is not measured")) };
    let number = |column: &str| found[column].as_f64().unwrap_or(f64::NAN);
    let mut compared = vec![("value", number("value") / entry.divide, Some(row.value))];
    compared.extend(entry.num.as_ref().map(|column| ("num", number(column), row.num)));
    compared.extend(entry.den.as_ref().map(|column| ("den", number(column), row.den)));
    let differs = |ours: f64, theirs: f64| {
        ours.is_nan() || (ours - theirs).abs() > 5e-7 * theirs.abs().max(1.0)
    };
    let wrong = compared
        .iter()
        .find(|(_, ours, theirs)| theirs.is_some_and(|theirs| differs(*ours, theirs)));
    wrong.map(|(what, ours, theirs)| {
        format!("{name:?}: {what} is {ours}, the reference says {theirs:?}")
    })
}

fn compare(project: &str, dataset: &str) {
    let Some(folder) = data(dataset) else { return };
    let reference =
        fs::read_to_string(root().join("examples").join(project).join("reference.toml")).unwrap();
    let reference: Reference = toml::from_str(&reference).unwrap();
    let ours = ours(project, &folder.join("raw"), &reference.as_of);
    let rows = expected(&folder);
    assert!(!rows.is_empty(), "no reference value was compared");
    let mut wrong = Vec::new();
    for row in &rows {
        let names = |entry: &&Entry| {
            entry.kpi == row.kpi
                && entry.segment.as_ref().is_none_or(|segment| *segment == row.segment)
        };
        let entries: Vec<&Entry> = reference.map.iter().filter(names).collect();
        match entries[..] {
            [entry] => wrong.extend(difference(entry, row, &ours)),
            _ => wrong.push(format!("{} falls under {} entries", row.kpi, entries.len())),
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    println!("{project}: {} reference values are met", rows.len());
}

#[test]
fn incidents_meet_their_reference_values() {
    compare("incidents", "uci_incident_log");
}

#[test]
fn store_meets_its_reference_values() {
    compare("store", "olist_sample");
}

#[test]
fn campaign_meets_its_reference_values() {
    compare("campaign", "bank_marketing");
}

#[test]
fn leads_meet_their_reference_values() {
    compare("leads", "olist_marketing_funnel");
}

#[test]
fn mentions_meet_their_reference_values() {
    compare("mentions", "airline_tweets_messy");
}

#[test]
fn music_shop_meets_its_reference_values() {
    compare("music_shop", "cdnow");
}

#[test]
fn staff_meets_its_reference_values() {
    compare("staff", "hr_attrition");
}

#[test]
fn subscriptions_meet_their_reference_values() {
    compare("subscriptions", "subscription_periods");
}

#[test]
fn telco_meets_its_reference_values() {
    compare("telco", "telco_churn");
}

#[test]
fn airport_meets_its_reference_values() {
    compare("airport", "sfo_passenger_survey");
}
