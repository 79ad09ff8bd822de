//! A value beside what was promised, what others reach and what was before.

use serde::{Deserialize, Serialize};

use crate::figures::benchmark::Benchmark;
use crate::figures::coverage::Coverage;
use crate::figures::declared_change::DeclaredChange;
use crate::figures::kpi_value::KpiValue;
use crate::figures::target::Target;
use crate::figures::unit::{Direction, Unit};

/// A KPI value, judged. A row of `kpi.standing`; a line of a scorecard.
///
/// Grain: as [`KpiValue`], of the one period of each length that is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The value judged.
    pub current: KpiValue,
    /// Values of the last periods, the oldest known one first, `current` last; `None` is a gap.
    ///
    /// At most [`Standing::LONGEST_SERIES`] of them.
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
    /// How it is computed, in one line: `numerator: sum(a); denominator: count(*)`.
    pub definition: String,
    /// What was promised.
    pub target: Option<Target>,
    /// What others reach.
    pub benchmarks: Vec<Benchmark>,
    /// The verdict.
    pub status: Status,
    /// Value minus target in the metric's unit; signed as computed, not by goodness.
    pub gap: Option<f64>,
    /// The value beside that of the period before.
    pub comparison: Comparison,
    /// Whether the change is one.
    pub evidence: Evidence,
    /// The newest declared change that parts the values before it from this one: they are neither compared nor in the series.
    pub trend_break: Option<DeclaredChange>,
    /// How much of the period was delivered.
    pub coverage: Coverage,
}

impl Standing {
    /// Periods that a series has at most: two years of weeks.
    pub const LONGEST_SERIES: usize = 104;
}

/// A value beside that of the period before, same metric, statistic and segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The value of the period before.
    pub previous: Option<f64>,
    /// Observations behind it.
    pub previous_n: Option<u64>,
    /// Value minus the previous value; how it was tested stands with the value.
    pub change: Option<f64>,
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
    /// Not everything of the period was delivered.
    Partial,
}

impl Status {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 7] = [
        Self::OffTrack,
        Self::AtRisk,
        Self::OnTrack,
        Self::NoTarget,
        Self::TooLittleData,
        Self::NoData,
        Self::Partial,
    ];

    /// The verdict as a page says it: `off track`.
    pub fn words(self) -> &'static str {
        match self {
            Self::OffTrack => "off track",
            Self::AtRisk => "at risk",
            Self::OnTrack => "on track",
            Self::NoTarget => "no target",
            Self::TooLittleData => "too little data",
            Self::NoData => "no data",
            Self::Partial => "partial",
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
    /// What is asked, or how, was changed between the two periods or within one of them.
    NotComparable,
}

impl Evidence {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 5] =
        [Self::Real, Self::Noise, Self::NoClearChange, Self::TooLittleData, Self::NotComparable];

    /// The evidence as a page says it: `likely real`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Real => "likely real",
            Self::Noise => "could be noise",
            Self::NoClearChange => "no clear change",
            Self::TooLittleData => "too little data",
            Self::NotComparable => "not comparable",
        }
    }
}
