//! What a metric says about the survey question behind it.

use serde::Deserialize;

/// What a survey question asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricQuestion {
    /// Willingness to recommend.
    Nps,
    /// Satisfaction.
    Csat,
    /// Effort or ease.
    Ces,
    /// Anything else.
    Other,
}

/// What a high answer to an effort question means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricOrientation {
    /// High is easy: higher is better.
    Ease,
    /// High is much effort: lower is better.
    Effort,
}

impl MetricOrientation {
    /// As files have it: `ease`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ease => "ease",
            Self::Effort => "effort",
        }
    }
}
