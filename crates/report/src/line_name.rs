//! How a report names a figure of a metric.

use std::fmt;

/// A figure by name: `csat_top2`, or `full_resolution:median`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineName {
    /// Name of the metric.
    pub metric: String,
    /// Which figure of it; `value` unless the metric has several.
    pub statistic: String,
}

impl LineName {
    /// Reads `metric` or `metric:statistic`.
    pub fn new(text: &str) -> Self {
        let (metric, statistic) = text.split_once(':').unwrap_or((text, "value"));
        Self { metric: metric.into(), statistic: statistic.into() }
    }
}

impl fmt::Display for LineName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.metric)?;
        if self.statistic == "value" { Ok(()) } else { write!(out, ":{}", self.statistic) }
    }
}
