//! One line of a sample, and the standing and definition made from it.

use jiff::civil::{Date, date};
use scorewright_domain::{
    ChangeTest, Comparison, Coverage, Direction, Evidence, GoalKind, Grain, KpiValue, NullReason,
    Period, Segment, Standing, Status, Target, TestedChange, Unit,
};
use scorewright_report::MetricFacts;

/// What distinguishes one line of a sample from another.
#[derive(Clone)]
pub struct SampleLine {
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

/// The standing of a line for one segment; the interval is the value plus and minus the width.
pub fn standing(line: &SampleLine, segment: Segment) -> Standing {
    let (metric, statistic) = line.name.split_once(':').unwrap_or((line.name, "value"));
    let value = line.series.last().copied().flatten();
    let before = line.series.iter().rev().nth(1).copied().flatten();
    let kpi = |period: Period, value: Option<f64>| KpiValue {
        metric: metric.into(),
        version: 1,
        statistic: statistic.into(),
        period,
        segment: segment.clone(),
        numerator: None,
        denominator: None,
        n: Some(line.n),
        value,
        low: value.map(|value| value - line.width),
        high: value.map(|value| value + line.width),
        interval: scorewright_domain::IntervalMethod::from_name(line.interval).unwrap(),
        null_reason: value.is_none().then_some(NullReason::NoBase),
        tested_change: None,
    };
    let change = value.zip(before).map(|(value, before)| value - before);
    Standing {
        current: KpiValue {
            tested_change: change.map(|change| tested(change, 1.4 * line.width)),
            ..kpi(period(line.period), value)
        },
        series: line.series.clone(),
        title: line.title.into(),
        says: line.says.into(),
        unit: line.unit,
        direction: line.direction,
        minimum_sample: line.minimum,
        definition: line.formula.into(),
        target: line.target.map(|value| target(metric, statistic, value)),
        benchmarks: Vec::new(),
        status: line.status,
        gap: value.zip(line.target).map(|(value, target)| value - target),
        comparison: Comparison { previous: before, previous_n: before.map(|_| line.n), change },
        evidence: line.evidence,
        trend_break: None,
        coverage: Coverage::whole(),
    }
}

fn tested(change: f64, half: f64) -> TestedChange {
    TestedChange {
        interval: (change - half, change + half),
        standard_error: half / 1.96,
        probability: 0.5,
        test: ChangeTest::CombinedIntervals,
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

pub fn metric(line: &SampleLine) -> MetricFacts {
    let (metric, statistic) = line.name.split_once(':').unwrap_or((line.name, "value"));
    MetricFacts {
        metric: metric.into(),
        version: 1,
        title: line.title.into(),
        says: line.says.into(),
        unit: line.unit,
        direction: line.direction,
        statistics: if statistic == "value" {
            vec!["value".into()]
        } else {
            vec!["median".into(), "p90".into()]
        },
        by: vec!["team".into(), "segment".into()],
        grains: [Grain::Week, Grain::Month]
            .into_iter()
            .filter(|grain| *grain >= period(line.period).grain)
            .collect(),
        formula: line.formula.into(),
        decided: None,
        interval: scorewright_domain::IntervalMethod::from_name(line.interval).unwrap(),
        minimum_sample: line.minimum,
        sources: line.sources.iter().map(|source| (*source).to_owned()).collect(),
        absent_columns: std::collections::BTreeSet::new(),
    }
}
