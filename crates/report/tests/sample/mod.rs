//! Two hand-made runs: a believable company, and one whose every name and number is hostile.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    reason = "shared by several tests and an example"
)]

mod company;
mod facts;
pub mod hostile;

pub use company::*;
pub use facts::*;

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use scorewright_domain::{
    Benchmark, Books, Comparability, Direction, Evidence, Extract, GoalKind, Grain, IntervalMethod,
    KpiValue, Landing, NullReason, Period, ProjectFile, Segment, Standing, Status, Target, Unit,
};
use scorewright_report::{
    CheckWarning, Concern, MetricFacts, RefusedExtract, Report, RunFacts, SourceFacts, Templates,
    UnmatchedRows,
};

/// One line of a sample, said shortly.
#[derive(Clone)]
pub struct Row {
    pub name: &'static str,
    pub title: &'static str,
    pub says: &'static str,
    pub unit: Unit,
    pub direction: Direction,
    pub n: u64,
    pub series: Vec<Option<f64>>,
    pub width: f64,
    pub target: Option<f64>,
    pub status: Status,
    pub evidence: Evidence,
    pub formula: &'static str,
    pub interval: &'static str,
    pub minimum: u64,
    pub sources: &'static [&'static str],
    /// Label of the period it is judged for.
    pub period: &'static str,
}

pub fn week() -> Period {
    Period::from_label("2026-W47").unwrap()
}

pub fn period(label: &str) -> Period {
    Period::from_label(label).unwrap()
}

pub fn as_of() -> Date {
    date(2026, 11, 23)
}

/// The standing of a row for one segment; the interval is the value plus and minus the width.
pub fn standing(row: &Row, segment: Segment) -> Standing {
    let (metric, statistic) = row.name.split_once(':').unwrap_or((row.name, "value"));
    let value = row.series.last().copied().flatten();
    let before = row.series.iter().rev().nth(1).copied().flatten();
    let kpi = |period: Period, value: Option<f64>| KpiValue {
        metric: metric.into(),
        version: 1,
        statistic: statistic.into(),
        period,
        segment: segment.clone(),
        numerator: None,
        denominator: None,
        n: row.n,
        value,
        low: value.map(|value| value - row.width),
        high: value.map(|value| value + row.width),
        interval: IntervalMethod::from_name(row.interval).unwrap(),
        null_reason: value.is_none().then_some(NullReason::NoBase),
    };
    let change = value.zip(before).map(|(value, before)| value - before);
    Standing {
        current: kpi(period(row.period), value),
        previous: before.map(|before| kpi(period(row.period).previous(), Some(before))),
        series: row.series.clone(),
        title: row.title.into(),
        says: row.says.into(),
        unit: row.unit,
        direction: row.direction,
        minimum_sample: row.minimum,
        target: row.target.map(|value| target(metric, statistic, value)),
        benchmarks: Vec::new(),
        status: row.status,
        gap: value.zip(row.target).map(|(value, target)| value - target),
        change,
        change_interval: change.map(|change| (change - 1.4 * row.width, change + 1.4 * row.width)),
        evidence: row.evidence,
    }
}

pub fn target(metric: &str, statistic: &str, value: f64) -> Target {
    Target {
        metric: metric.into(),
        statistic: statistic.into(),
        segment: None,
        kind: GoalKind::Keep,
        value,
        baseline: None,
        from: date(2026, 1, 1),
        due: None,
        owner: "Head of Support".into(),
    }
}

pub fn metric(row: &Row) -> MetricFacts {
    let (metric, statistic) = row.name.split_once(':').unwrap_or((row.name, "value"));
    MetricFacts {
        metric: metric.into(),
        version: 1,
        title: row.title.into(),
        says: row.says.into(),
        unit: row.unit,
        direction: row.direction,
        statistics: if statistic == "value" {
            vec!["value".into()]
        } else {
            vec!["median".into(), "p90".into()]
        },
        by: vec!["team".into(), "segment".into()],
        grains: [Grain::Week, Grain::Month]
            .into_iter()
            .filter(|grain| *grain >= period(row.period).grain)
            .collect(),
        formula: row.formula.into(),
        decided: None,
        interval: IntervalMethod::from_name(row.interval).unwrap(),
        minimum_sample: row.minimum,
        sources: row.sources.iter().map(|source| (*source).to_owned()).collect(),
    }
}

pub const COMPANY_REPORT: &str = r#"title = "Customer scorecard"
grain = "week"
history = 13

[[group]]
title = "What customers say"
lines = ["csat_top2", "nps", "ces"]

[[group]]
title = "How well we help"
lines = ["first_reply:median", "full_resolution:median", "full_resolution:p90", "one_touch", "reopen_rate", "sla_attainment"]

[[group]]
title = "Whether they stay and buy"
lines = ["logo_churn", "average_purchase_value", "purchase_frequency", "sales_growth"]

[[breakdown]]
metric = "csat_top2"
by = "team"

[[breakdown]]
metric = "csat_top2"
by = "segment"

[[breakdown]]
metric = "full_resolution:median"
by = "team"

[mail]
from = "Scorewright <scorecards@example.com>"
to = ["leadership@example.com"]
link = "https://scorecards.example.com/2026-W47/scorecard.html"
"#;

pub fn report(text: &str) -> Report {
    Report::read(&ProjectFile::new("reports/scorecard/report.toml", text)).unwrap()
}

/// The standard templates of the repository.
pub fn templates() -> Templates {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
    let mut files = Vec::new();
    for folder in ["scorecard", "shared"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.extension().is_some_and(|extension| extension == "j2") {
                files.push(ProjectFile::new(
                    format!("reports/{folder}/{name}"),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Templates::read(&files).unwrap()
}
