//! Runs the cases under `tests/metrics/<metric>/<case>/`.
//!
//! A case holds one CSV for each fact, named by table, the header naming types;
//! `case.toml` with the day, the time zone and who computed the expected
//! figures; and `expected.csv`. For every statistic, grain and dimension that
//! `expected.csv` mentions it must name all values. The metric is the standard
//! one, or a file `<metric>.toml` in the case.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use scorewright_domain::{KpiValue, ProjectFile, TableName};
use scorewright_warehouse::Session;

use crate::{Calendar, Metric, measure, read_metrics};

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

/// The standard metrics, those that the case brings replaced.
fn files(case: &Path) -> Vec<ProjectFile> {
    let is_metric = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    let own: Vec<PathBuf> = below(case)
        .into_iter()
        .filter(|path| is_metric(path) && !path.ends_with("case.toml"))
        .collect();
    let is_replaced = |path: &PathBuf| own.iter().any(|own| own.file_name() == path.file_name());
    let standard =
        below(&root().join("pipelines/metrics")).into_iter().filter(|path| !is_replaced(path));
    standard.filter(is_metric).chain(own.clone()).map(|path| file(&path)).collect()
}

/// The metric and everything it is computed from.
fn needed(metrics: &[Metric], name: &str) -> Vec<Metric> {
    let mut wanted = vec![name.to_owned()];
    let mut known = 0;
    while known < wanted.len() {
        let metric = metrics.iter().find(|metric| metric.name == wanted[known]);
        wanted.extend(metric.into_iter().flat_map(crate::metric::parts).map(str::to_owned));
        known += 1;
    }
    metrics.iter().filter(|metric| wanted.contains(&metric.name)).cloned().collect()
}

fn measured(folder: &Path, metric: &str) -> Vec<KpiValue> {
    let case: Case =
        toml::from_str(&fs::read_to_string(folder.join("case.toml")).unwrap()).unwrap();
    let session = Session::without_data().unwrap();
    for path in below(folder) {
        let table =
            name_of(&path).strip_suffix(".csv").and_then(|stem| stem.parse::<TableName>().ok());
        if let Some(table) = table {
            let text = fs::read_to_string(&path).unwrap();
            session
                .add_fixture(&table, &text)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    let metrics = read_metrics(&files(folder)).unwrap();
    let calendar = Calendar::new(case.as_of, &case.time_zone).unwrap();
    let values = measure(&needed(&metrics, metric), &session, &calendar);
    values
        .unwrap_or_else(|faults| panic!("{}: {:?}", folder.display(), miette::Report::new(faults)))
}

/// One line of `expected.csv` by column.
struct Expected<'a> {
    header: Vec<&'a str>,
    fields: Vec<&'a str>,
}

impl<'a> Expected<'a> {
    fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.header.iter().position(|known| *known == column)?;
        Some(self.fields.get(at).copied().unwrap_or_default())
    }

    fn group(&self) -> [&'a str; 3] {
        ["statistic", "grain", "dimension"].map(|column| self.get(column).unwrap())
    }

    fn is_about(&self, value: &KpiValue) -> bool {
        let label = value.period.label();
        self.group() == group(value)
            && self.get("metric") == Some(&value.metric)
            && self.get("period") == Some(&label)
            && self.get("segment") == Some(&value.segment.value)
    }

    fn check(&self, column: &str, found: Option<f64>, place: &str) {
        let Some(written) = self.get(column) else { return };
        let expected: Option<f64> = (!written.is_empty()).then(|| written.parse().unwrap());
        let is_same = match (expected, found) {
            (Some(expected), Some(found)) => {
                (expected - found).abs() <= 1e-9 * expected.abs().max(1.0)
            }
            (expected, found) => expected.is_none() && found.is_none(),
        };
        assert!(is_same, "{place}: {column} is {found:?}, expected {expected:?}");
    }
}

fn group(value: &KpiValue) -> [&str; 3] {
    [&value.statistic, value.period.grain.name(), &value.segment.dimension]
}

#[allow(clippy::cast_precision_loss, reason = "small numbers")]
fn compare(folder: &Path, metric: &str) {
    let values: Vec<KpiValue> =
        measured(folder, metric).into_iter().filter(|value| value.metric == metric).collect();
    let text = fs::read_to_string(folder.join("expected.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let expected: Vec<Expected> = lines
        .map(|line| Expected { header: header.clone(), fields: line.split(',').collect() })
        .collect();
    for line in &expected {
        let place = format!("{}: {}", folder.display(), line.fields.join(","));
        let value = values.iter().find(|value| line.is_about(value));
        let value = value.unwrap_or_else(|| panic!("{place}: not measured"));
        line.check("numerator", value.numerator, &place);
        line.check("denominator", value.denominator, &place);
        line.check("n", Some(value.n as f64), &place);
        line.check("value", value.value, &place);
        line.check("low", value.low, &place);
        line.check("high", value.high, &place);
        let reason = value.null_reason.map_or("", crate::table::reason_code);
        assert_eq!(line.get("null_reason").unwrap_or(reason), reason, "{place}");
    }
    let groups: BTreeSet<[&str; 3]> = expected.iter().map(Expected::group).collect();
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
    let metrics = read_metrics(&files(&pipelines.join("metrics"))).unwrap();
    let file =
        |name: &str| ProjectFile::new(name, fs::read_to_string(pipelines.join(name)).unwrap());
    crate::read_targets(&file("targets.toml"), &metrics).unwrap();
    crate::read_benchmarks(&file("benchmarks.toml"), &metrics).unwrap();
}
