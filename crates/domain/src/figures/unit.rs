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
    /// One amount over another, 1.12 shown as 112 %; its changes are percentage points. Unlike a share it may exceed all:
    /// net revenue retention.
    Ratio,
}

impl Unit {
    /// Its name in files and tables: `per_year`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Points => "points",
            Self::Score => "score",
            Self::Duration => "duration",
            Self::Money => "money",
            Self::Count => "count",
            Self::PerYear => "per_year",
            Self::Growth => "growth",
            Self::Ratio => "ratio",
        }
    }

    /// Whether a figure in this unit can have a value, but for what is lost in rounding.
    ///
    /// ```
    /// use scorewright_domain::Unit;
    /// assert!(!Unit::Share.holds(1.5));
    /// assert!(Unit::Ratio.holds(1.5));
    /// ```
    pub fn holds(self, value: f64) -> bool {
        const ROUNDING: f64 = 1e-9;
        match self {
            Self::Share => (-ROUNDING..=1.0 + ROUNDING).contains(&value),
            Self::Points => (-100.0 - ROUNDING..=100.0 + ROUNDING).contains(&value),
            _ => true,
        }
    }
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
    /// Its name in files and tables: `lower_is_better`.
    pub fn name(self) -> &'static str {
        match self {
            Self::HigherIsBetter => "higher_is_better",
            Self::LowerIsBetter => "lower_is_better",
            Self::Neutral => "neutral",
        }
    }

    /// Whether `value` is at least as good as `line`; equality counts as met.
    pub fn is_met(self, value: f64, line: f64) -> bool {
        match self {
            Self::HigherIsBetter => value >= line,
            Self::LowerIsBetter => value <= line,
            Self::Neutral => true,
        }
    }
}
