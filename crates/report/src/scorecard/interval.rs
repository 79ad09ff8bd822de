//! How far a value could move by chance alone.

use serde::{Deserialize, Serialize};

/// Share of the intervals that contain the true value.
const LEVEL: f64 = 0.95;

/// A 95 % interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidenceInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of such intervals that contain the true value: 0.95.
    pub level: f64,
    /// How it was computed: `wilson`; `difference` for a change.
    pub method: String,
}

impl ConfidenceInterval {
    /// The interval between two ends; `None` unless there are both and both are finite.
    pub(crate) fn new(ends: Option<(f64, f64)>, method: &str) -> Option<Self> {
        let (low, high) = ends.filter(|(low, high)| low.is_finite() && high.is_finite())?;
        Some(Self { low, high, level: LEVEL, method: method.into() })
    }
}
