//! A metric for each value of a dimension.

use scorewright_domain::{Direction, Evidence, Status};
use serde::{Deserialize, Serialize};

use super::interval::ConfidenceInterval;
use super::period::StatedPeriod;

/// A metric for each value of a dimension that has enough data, at most twelve of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakdownTable {
    /// Id of the figure: `csat_top2`.
    pub line: String,
    /// Title of the figure.
    pub title: String,
    /// The dimension: `team`.
    pub by: String,
    /// Which way is better.
    pub direction: Direction,
    /// The period it is stated for, as in the line of the figure.
    pub period: StatedPeriod,
    /// The common scale of all values; `null` when none is shown.
    pub scale: Option<Scale>,
    /// Value of everybody, for comparison.
    pub total: Option<f64>,
    /// Target of everybody, unless a value of the dimension has another of its own.
    pub target: Option<f64>,
    /// The values of the dimension that are shown, most observations first.
    pub slices: Vec<Slice>,
    /// How many values of the dimension are not shown.
    pub omitted: Omitted,
    /// How it is shown.
    pub display: BreakdownDisplay,
}

/// Values of a dimension that have no row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Omitted {
    /// Have no value, or fewer observations than the metric's minimum.
    pub too_little_data: u64,
    /// Have too few people to be shown, or would reveal those of another that has.
    pub too_few_people: u64,
    /// Have enough data, but the table is full.
    pub others: u64,
}

/// How a breakdown is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakdownDisplay {
    /// `Customer satisfaction (CSAT) by team`.
    pub heading: String,
    /// `Team`.
    pub by: String,
    /// `All: 81.2 %, target 80.0 %`.
    pub total: String,
    /// `week 46, the last one old enough to judge`; `null` when it is the page's own period.
    pub period_note: Option<String>,
    /// Whether any slice is judged against a target.
    pub is_judged: bool,
    /// `And 1,594 more with too little data to show.`; `null` when all are shown.
    pub omitted: Option<String>,
}

/// Ends of a common scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Value at the left end.
    pub from: f64,
    /// Value at the right end.
    pub until: f64,
    /// `60.0 %`.
    pub from_display: String,
    /// `100.0 %`.
    pub until_display: String,
}

/// A metric for one value of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// Value of the dimension: `Billing`.
    pub segment: String,
    /// The value.
    pub value: f64,
    /// 95 % interval.
    pub interval: Option<ConfidenceInterval>,
    /// Observations.
    pub n: u64,
    /// Value minus the value of the period before.
    pub change: Option<f64>,
    /// Whether the change is one.
    pub evidence: Evidence,
    /// The verdict.
    pub status: Status,
    /// The target of this value of the dimension.
    pub target: Option<f64>,
    /// How it is shown.
    pub display: SliceDisplay,
}

/// How one value of a dimension is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceDisplay {
    /// `81.2 %`.
    pub value: String,
    /// `79.0 % to 83.2 %`.
    pub interval: Option<String>,
    /// `1,204`.
    pub n: String,
    /// `+1.8 pp`, or `n/a`.
    pub change: String,
    /// `likely real, better`.
    pub evidence: String,
    /// `off track`.
    pub status: String,
    /// `■`.
    pub shape: String,
    /// `80.0 %`.
    pub target: Option<String>,
    /// The slice as a person would say it.
    pub alt: String,
}
