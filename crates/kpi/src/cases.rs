//! Runs the cases under `tests/metrics/<metric>/<case>/`.
//!
//! A case holds one CSV for each fact, named by table, the header naming types;
//! `case.toml` with the day, the time zone and who computed the expected
//! figures; and `expected.csv`. For every statistic, grain and dimension that
//! `expected.csv` mentions it must name all values. The metric is the standard
//! one, or a file `<metric>.toml` in the case. A column that the model of the
//! fact does not have, or that nothing is compared with, fails the case.

mod expected;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use scorewright_domain::{KpiValue, ProjectFile, TableName};
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::measure::{FormerValues, measure};
use crate::metric::{Metric, SoundMetrics, read_metrics};
use crate::targets::{read_benchmarks, read_targets};
use expected::{ExpectedValue, group};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "says")]
    _says: String,
    #[serde(rename = "expected_by")]
    _expected_by: String,
    as_of: Date,
    time_zone: String,
}

/// The companion of a model, as far as its columns go.
#[derive(serde::Deserialize)]
struct Companion {
    columns: toml::Table,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn file(path: &Path) -> ProjectFile {
    ProjectFile::new(
        format!("pipelines/metrics/{}", name_of(path)),
        fs::read_to_string(path).unwrap(),
    )
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml")
}

/// The standard metrics, those that the case brings replaced.
fn files(case: &Path) -> Vec<ProjectFile> {
    let own: Vec<PathBuf> = below(case)
        .into_iter()
        .filter(|path| is_toml(path) && !path.ends_with("case.toml"))
        .collect();
    let is_replaced = |path: &PathBuf| own.iter().any(|own| own.file_name() == path.file_name());
    let standard =
        below(&root().join("pipelines/metrics")).into_iter().filter(|path| !is_replaced(path));
    standard.filter(|path| is_toml(path)).chain(own.clone()).map(|path| file(&path)).collect()
}

/// The metric and everything it is computed from.
fn needed(metrics: &[Metric], name: &str) -> Vec<Metric> {
    let mut wanted = vec![name.to_owned()];
    let mut known = 0;
    while known < wanted.len() {
        let metric = metrics.iter().find(|metric| metric.name == wanted[known]);
        wanted.extend(metric.into_iter().flat_map(Metric::parts).map(str::to_owned));
        known += 1;
    }
    metrics.iter().filter(|metric| wanted.contains(&metric.name)).cloned().collect()
}

/// The table that a file of a case stands for.
fn table_of(path: &Path) -> Option<TableName> {
    let name = name_of(path);
    if name == "expected.csv" || is_toml(path) {
        return None;
    }
    let stem = name.strip_suffix(".csv").unwrap_or(&name);
    Some(stem.parse().unwrap_or_else(|bad| panic!("{}: {bad}", path.display())))
}

/// Refuses a column that the model of the table does not have.
fn check_columns(table: &TableName, text: &str) -> Result<(), String> {
    let path = format!("pipelines/models/{}/{}.toml", table.layer(), table.noun());
    let companion: Companion =
        toml::from_str(&fs::read_to_string(root().join(&path)).unwrap()).unwrap();
    let header = text.lines().next().unwrap_or_default();
    let names = header.split(',').map(|column| column.split(':').next().unwrap_or_default());
    match names.into_iter().find(|name| !companion.columns.contains_key(*name)) {
        Some(unknown) => Err(format!("`{path}` has no column `{unknown}`")),
        None => Ok(()),
    }
}

fn measured(folder: &Path, metric: &str) -> Vec<KpiValue> {
    let case: Case =
        toml::from_str(&fs::read_to_string(folder.join("case.toml")).unwrap()).unwrap();
    let session = Session::without_data().unwrap();
    for path in below(folder) {
        if let Some(table) = table_of(&path) {
            let text = fs::read_to_string(&path).unwrap();
            check_columns(&table, &text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            session
                .add_fixture(&table, &text)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    let metrics = read_metrics(&files(folder)).unwrap();
    let calendar = Calendar::new(case.as_of, &case.time_zone).unwrap();
    let (needed, coverage) = (needed(&metrics, metric), MetricCoverage::whole(calendar));
    let measured = measure(&needed, &session, &coverage, usize::MAX, &FormerValues::default());
    measured
        .unwrap_or_else(|faults| panic!("{}: {:?}", folder.display(), miette::Report::new(faults)))
        .values
}

fn compare(folder: &Path, metric: &str) {
    let values: Vec<KpiValue> =
        measured(folder, metric).into_iter().filter(|value| value.metric == metric).collect();
    let text = fs::read_to_string(folder.join("expected.csv")).unwrap();
    let expected = expected::read(&text)
        .unwrap_or_else(|why| panic!("{}: {why}", folder.join("expected.csv").display()));
    for line in &expected {
        let at = format!("{}: {}", folder.display(), line.line());
        let value = values.iter().find(|value| line.is_about(value));
        line.compare(value.unwrap_or_else(|| panic!("{at}: not measured")), &at);
    }
    let groups: BTreeSet<[&str; 3]> = expected.iter().map(ExpectedValue::group).collect();
    let measured = values.iter().filter(|value| groups.contains(&group(value))).count();
    assert_eq!(measured, expected.len(), "{}: values measured and expected", folder.display());
}

#[test]
fn every_metric_case_holds() {
    let mut cases = 0;
    for metric in below(&root().join("tests/metrics")) {
        for case in below(&metric) {
            compare(&case, &name_of(&metric));
            cases += 1;
        }
    }
    assert!(cases >= 20, "only {cases} cases were found");
}

#[test]
fn every_standard_metric_has_a_case() {
    for metric in read_metrics(&files(&root().join("pipelines/metrics"))).unwrap() {
        assert!(root().join("tests/metrics").join(&metric.name).is_dir(), "{}", metric.name);
    }
}

#[test]
fn standard_targets_and_benchmarks_are_about_standard_metrics() {
    let pipelines = root().join("pipelines");
    let metrics = SoundMetrics::read(&files(&pipelines.join("metrics")));
    let file =
        |name: &str| ProjectFile::new(name, fs::read_to_string(pipelines.join(name)).unwrap());
    read_targets(&file("targets.toml"), &metrics).unwrap();
    read_benchmarks(&file("benchmarks.toml"), &metrics).unwrap();
}

#[test]
fn a_misspelt_column_of_a_fact_is_refused() {
    let table = "fact.ticket".parse().unwrap();
    assert_eq!(check_columns(&table, "ticket_id,opened_at:timestamp\n"), Ok(()));
    assert_eq!(
        check_columns(&table, "ticket_id,openned_at:timestamp\n"),
        Err("`pipelines/models/fact/ticket.toml` has no column `openned_at`".into())
    );
}
