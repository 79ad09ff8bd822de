//! What a value is counted in, and which way is better.

use serde::{Deserialize, Serialize};

/// What a value is counted in. Percent and percentage points never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share from 0 to 1, shown as a percentage; its changes are percentage points.
    Share,
    /// Points from -100 to 100, never with a percent sign: NPS.
    Points,
    /// A score on the scale of its question: 1 to 5, 1 to 7.
    Score,
    /// Seconds, shown as minutes, hours or days.
    Duration,
    /// Money in the project's reporting currency.
    Money,
    /// How many.
    Count,
    /// How many for each year.
    PerYear,
    /// A relative change, 0.05 shown as +5 %.
    Growth,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// CSAT, NPS, retention.
    HigherIsBetter,
    /// Churn, resolution time, effort where 1 is little.
    LowerIsBetter,
    /// Volumes: a change is news, neither good nor bad.
    Neutral,
}

impl Direction {
    /// Whether `value` is at least as good as `line`; equality counts as met.
    pub fn is_met(self, value: f64, line: f64) -> bool {
        match self {
            Self::HigherIsBetter => value >= line,
            Self::LowerIsBetter => value <= line,
            Self::Neutral => true,
        }
    }
}
