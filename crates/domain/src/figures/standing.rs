//! A value beside what was promised, what others reach and what was before.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::figures::kpi_value::KpiValue;
use crate::figures::unit::{Direction, Unit};
use crate::time::day;

/// A KPI value, judged. A row of `kpi.standing`; a line of a scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The value judged.
    pub current: KpiValue,
    /// The value of the period before, same metric, statistic and segment.
    pub previous: Option<KpiValue>,
    /// Values of the last periods, oldest first, `current` last; `None` is a gap.
    pub series: Vec<Option<f64>>,
    /// Title of the metric: `Customer satisfaction (CSAT)`.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// Observations below which there is no verdict.
    pub minimum_sample: u64,
    /// What was promised.
    pub target: Option<Target>,
    /// What others reach.
    pub benchmarks: Vec<Benchmark>,
    /// The verdict.
    pub status: Status,
    /// Value minus target in the metric's unit; signed as computed, not by goodness.
    pub gap: Option<f64>,
    /// Value minus the previous value.
    pub change: Option<f64>,
    /// 95 % interval of the change.
    pub change_interval: Option<(f64, f64)>,
    /// Whether the change is one.
    pub evidence: Evidence,
}

/// What was promised: one entry of `targets.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Metric it is about.
    pub metric: String,
    /// Figure of a quantile metric: `median`.
    #[serde(default = "Target::default_statistic")]
    pub statistic: String,
    /// Dimension and value it is about, as `team=Billing`; absent for the total.
    #[serde(default)]
    pub segment: Option<String>,
    /// `keep` a line, or `reach` it by a day.
    pub kind: GoalKind,
    /// The line, in the metric's unit: shares from 0 to 1, durations in seconds.
    pub value: f64,
    /// Value at the start of a `reach` goal.
    #[serde(default)]
    pub baseline: Option<f64>,
    /// First day of the goal.
    #[serde(deserialize_with = "day::read")]
    pub from: Date,
    /// Day a `reach` goal is due.
    #[serde(default, deserialize_with = "day::read_some")]
    pub due: Option<Date>,
    /// Who answers for it.
    pub owner: String,
}

impl Target {
    fn default_statistic() -> String {
        "value".into()
    }
}

/// How a goal is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalKind {
    /// Stay on the good side of a line.
    Keep,
    /// Get from a baseline to a line by a day, on a straight path.
    Reach,
}

/// What others reach: one entry of `benchmarks.toml`. A record, not a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Metric it is about.
    pub metric: String,
    /// Figure of a quantile metric: `median`.
    #[serde(default = "Target::default_statistic")]
    pub statistic: String,
    /// Its value, in the metric's unit.
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
    #[serde(deserialize_with = "day::read")]
    pub retrieved: Date,
    /// Whether its definition is ours.
    pub comparability: Comparability,
    /// What differs from our definition.
    #[serde(default)]
    pub notes: Option<String>,
}

/// Whether a benchmark measures what we measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparability {
    /// Same definition: a gap may be stated.
    Same,
    /// Other definition: shown for orientation, never compared.
    Context,
}

/// The verdict on a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Misses its target, and the interval excludes the target.
    OffTrack,
    /// Misses its target, but chance alone could explain it.
    AtRisk,
    /// Meets its target.
    OnTrack,
    /// No target: nothing to judge by.
    NoTarget,
    /// Fewer observations than the metric's minimum.
    TooLittleData,
    /// No value at all for the period.
    NoData,
}

impl Status {
    /// The verdict as a page says it: `off track`.
    pub fn words(self) -> &'static str {
        match self {
            Self::OffTrack => "off track",
            Self::AtRisk => "at risk",
            Self::OnTrack => "on track",
            Self::NoTarget => "no target",
            Self::TooLittleData => "too little data",
            Self::NoData => "no data",
        }
    }
}

/// Whether a change is one: the closed list of words a page may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The interval of the difference excludes zero, after allowing for the number of metrics compared.
    Real,
    /// A difference worth having, but the interval contains zero.
    Noise,
    /// The interval contains zero and the difference is too small to matter.
    NoClearChange,
    /// Too few observations on either side, or nothing to compare with.
    TooLittleData,
}

impl Evidence {
    /// The evidence as a page says it: `likely real`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Real => "likely real",
            Self::Noise => "could be noise",
            Self::NoClearChange => "no clear change",
            Self::TooLittleData => "too little data",
        }
    }
}
