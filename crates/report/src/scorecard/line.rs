//! A line of the scorecard: one KPI for one period.

use jiff::civil::Date;
use scorewright_domain::{
    ChangedPart, Comparability, CoverageState, Direction, Evidence, GoalKind, NullReason, Status,
    Unit,
};
use serde::{Deserialize, Serialize};

use super::interval::ConfidenceInterval;
use super::period::StatedPeriod;

/// Lines under one heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineGroup {
    /// The heading.
    pub title: String,
    /// The lines, in configured order.
    pub lines: Vec<ScorecardLine>,
}

/// One KPI for one period: raw numbers, and how they are shown.
///
/// Numbers are in the metric's unit: shares from 0 to 1, durations in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScorecardLine {
    /// `csat_top2`, or `full_resolution:median`; one line of a page each.
    pub id: String,
    /// Name of the metric.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Which figure of it.
    pub statistic: String,
    /// Title, with the figure where there are several.
    pub title: String,
    /// Title short enough for a heading: `CSAT`.
    pub short: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// The period it is stated for: the page's own, unless the metric is judged later or for longer periods.
    pub period: StatedPeriod,
    /// The value; `null` exactly when `missing` is given.
    pub value: Option<f64>,
    /// Why there is no value.
    pub missing: Option<MissingReason>,
    /// Top of the ratio.
    pub numerator: Option<f64>,
    /// Bottom of the ratio.
    pub denominator: Option<f64>,
    /// Observations behind the value; `null` where they are too few to be told.
    pub n: Option<u64>,
    /// Observations below which there is no verdict.
    pub minimum_sample: u64,
    /// 95 % interval of the value.
    pub interval: Option<ConfidenceInterval>,
    /// Value of the period before.
    pub previous: Option<f64>,
    /// Value minus previous value.
    pub change: Option<f64>,
    /// 95 % interval of the change.
    pub change_interval: Option<ConfidenceInterval>,
    /// Whether the change is one.
    pub evidence: Evidence,
    /// The newest change of what is asked, or of how: values before it are neither compared nor in the series.
    pub trend_break: Option<LineBreak>,
    /// How much of its period was delivered.
    pub coverage: CoverageState,
    /// Up to when it was delivered, in RFC 3339; `null` where a source does not say.
    pub covered_until: Option<String>,
    /// Names of the sources that do not reach its end, or of which it is not known.
    pub coverage_sources: Vec<String>,
    /// The verdict.
    pub status: Status,
    /// What was promised.
    pub target: Option<LineTarget>,
    /// What others reach.
    pub benchmarks: Vec<LineBenchmark>,
    /// The last periods of its own length, oldest first, its own period last.
    pub series: Vec<Point>,
    /// How all of it is shown.
    pub display: LineDisplay,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingReason {
    /// The reason.
    pub reason: NullReason,
    /// The reason in words, with the columns that extracts came without where they are its cause.
    pub words: String,
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Short name of the period: `2026-W47`.
    pub period: String,
    /// The value; `null` is a gap.
    pub value: Option<f64>,
    /// How it is shown; `n/a` for a gap.
    pub display: String,
}

/// A change of what is asked, or of how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineBreak {
    /// The first day on which it holds.
    pub on: Date,
    /// What changed.
    pub what: ChangedPart,
    /// What it was, and what it is.
    pub says: String,
}

/// What was promised for a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineTarget {
    /// `keep` a line, or `reach` it by a day.
    pub kind: GoalKind,
    /// The line.
    pub value: f64,
    /// Value at the start of a `reach` goal.
    pub baseline: Option<f64>,
    /// First day of the goal.
    pub from: Date,
    /// Day a `reach` goal is due.
    pub due: Option<Date>,
    /// Who answers for it.
    pub owner: String,
    /// Value minus target, signed as computed.
    pub gap: Option<f64>,
}

/// What others reach, with where it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineBenchmark {
    /// Id of the line it stands beside.
    pub line: String,
    /// Its value.
    pub value: f64,
    /// Who published it.
    pub publisher: String,
    /// Title of the publication.
    pub source: String,
    /// Year the figure describes.
    pub year: i16,
    /// Who was asked, and how many.
    pub population: String,
    /// Day the figure was read.
    pub retrieved: Date,
    /// Whether its definition is ours.
    pub comparability: Comparability,
    /// What differs from our definition.
    pub notes: Option<String>,
    /// Whether it describes a year that ended more than 24 months ago.
    pub is_expired: bool,
    /// Value minus benchmark; `null` unless the definitions agree.
    pub gap: Option<f64>,
    /// Its value as shown: `84.0 %`.
    pub display: String,
    /// `XM Institute 2023`.
    pub origin: String,
    /// `2.8 pp below`, `for orientation`, or `out of date`.
    pub comparison: String,
    /// What to know about it: who was asked, what differs, when it was read.
    pub note: String,
}

/// How a line is shown. Every renderer prints these and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineDisplay {
    /// `81.2 %`, or `n/a`.
    pub value: String,
    /// `no rows in the period`.
    pub missing: Option<String>,
    /// `until Thursday 19 November`; `null` unless only a part of the period was delivered.
    pub part: Option<String>,
    /// `week 46`; `null` when it is the page's own period.
    pub period: Option<String>,
    /// `week 46, the last one old enough to judge`; `null` when it is the page's own period.
    pub period_note: Option<String>,
    /// `79.0 % to 83.2 %`.
    pub interval: Option<String>,
    /// `+1.8 pp`, `unchanged`, or `n/a`.
    pub change: String,
    /// `+0.2 pp to +3.4 pp`.
    pub change_interval: Option<String>,
    /// `79.4 %`.
    pub previous: Option<String>,
    /// `likely real, better`.
    pub evidence: String,
    /// `off track`.
    pub status: String,
    /// Shape of the status, so that colour is never alone: `■`.
    pub shape: String,
    /// `80.0 %`.
    pub target: Option<String>,
    /// `at least 80.0 %`, with the day of a `reach` goal.
    pub goal: Option<String>,
    /// `3.9 pp short`.
    pub gap: Option<String>,
    /// What others reach, figures of one origin together.
    pub benchmarks: Vec<BenchmarkDisplay>,
    /// `1,204`.
    pub n: String,
    /// `n = 12, fewer than 30`.
    pub sample: String,
    /// `▂▃▅·▇█`.
    pub sparkline: String,
    /// Lowest and highest of the series: `76.1 % to 83.0 %`.
    pub range: String,
    /// `Scale changed on 4 May 2026: Asked from 1 to 7`; `null` where nothing of the trend was changed.
    pub trend_break: Option<String>,
    /// How far the series reaches back, `13 months`; `null` when its periods are as long as the page's.
    pub history: Option<String>,
    /// The line as a person would say it.
    pub alt: String,
}

/// How the benchmarks of one origin are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkDisplay {
    /// Whether the value is compared with it: same definition, and not out of date.
    pub is_compared: bool,
    /// `XM Institute 2023: 84.0 %, 2.8 pp below`.
    pub text: String,
}

impl LineBenchmark {
    /// Whether its definition is ours, so that a gap may be stated.
    pub fn is_comparable(&self) -> bool {
        self.comparability == Comparability::Same
    }
}
