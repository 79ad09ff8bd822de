//! A value with its interval on a common scale, one strip for each row of a breakdown.

use serde::Serialize;

use super::coordinate::rounded;
use crate::scorecard::{BreakdownTable, ConfidenceInterval, Scale, Slice};

const WIDTH: f64 = 200.0;
const MARGIN: f64 = 5.0;

/// The strips of a breakdown, 200 wide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Strip {
    /// Coordinate of everybody's value.
    pub(crate) total: Option<String>,
    /// Coordinate of everybody's target.
    pub(crate) target: Option<String>,
    /// One for each slice.
    pub(crate) slices: Vec<StripMark>,
}

/// A value on its strip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct StripMark {
    pub(crate) x: String,
    pub(crate) low: Option<String>,
    pub(crate) high: Option<String>,
    pub(crate) target: Option<String>,
}

impl Strip {
    pub(crate) fn of(table: &BreakdownTable) -> Self {
        let Some(scale) = &table.scale else {
            return Self { total: None, target: None, slices: Vec::new() };
        };
        Self {
            total: table.total.map(|total| x(scale, total)),
            target: table.target.map(|target| x(scale, target)),
            slices: table.slices.iter().map(|slice| strip_mark(scale, slice)).collect(),
        }
    }
}

fn strip_mark(scale: &Scale, slice: &Slice) -> StripMark {
    let end = |of: fn(&ConfidenceInterval) -> f64| {
        slice.interval.as_ref().map(|interval| x(scale, of(interval)))
    };
    StripMark {
        x: x(scale, slice.value),
        low: end(|interval| interval.low),
        high: end(|interval| interval.high),
        target: slice.target.map(|target| x(scale, target)),
    }
}

/// The coordinate of a value, kept on the strip.
fn x(scale: &Scale, value: f64) -> String {
    let (from, until) = (scale.from / 2.0, scale.until / 2.0);
    let fraction = ((value / 2.0 - from) / (until - from)).clamp(0.0, 1.0);
    rounded(MARGIN + fraction * (WIDTH - 2.0 * MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_between_the_ends_and_never_beyond() {
        let scale = Scale {
            from: 0.5,
            until: 1.0,
            from_display: String::new(),
            until_display: String::new(),
        };
        assert_eq!(x(&scale, 0.5), "5");
        assert_eq!(x(&scale, 0.75), "100");
        assert_eq!(x(&scale, 7.0), "195");
    }
}
