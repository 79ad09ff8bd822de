//! What was promised.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::time::day;

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
    pub(super) fn default_statistic() -> String {
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
