//! What others reach.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::figures::target::Target;
use crate::time::day;

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
