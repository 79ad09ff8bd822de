//! A value with its interval on a common scale, one strip for each row of a breakdown.

use serde::Serialize;

use super::place;
use crate::scorecard::{BreakdownTable, Interval, Scale, Slice};

const WIDTH: f64 = 200.0;
const AIR: f64 = 5.0;

/// The strips of a breakdown, 200 wide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Strip {
    /// Where everybody's value lies.
    pub(crate) total: Option<String>,
    /// Where everybody's target lies.
    pub(crate) target: Option<String>,
    /// One for each slice.
    pub(crate) slices: Vec<Mark>,
}

/// A value on its strip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
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
            total: table.total.map(|total| on(scale, total)),
            target: table.target.map(|target| on(scale, target)),
            slices: table.slices.iter().map(|slice| mark(scale, slice)).collect(),
        }
    }
}

fn mark(scale: &Scale, slice: &Slice) -> Mark {
    let end =
        |of: fn(&Interval) -> f64| slice.interval.as_ref().map(|interval| on(scale, of(interval)));
    Mark {
        x: on(scale, slice.value),
        low: end(|interval| interval.low),
        high: end(|interval| interval.high),
        target: slice.target.map(|target| on(scale, target)),
    }
}

/// A value's place, kept on the strip.
fn on(scale: &Scale, value: f64) -> String {
    let (from, until) = (scale.from / 2.0, scale.until / 2.0);
    let part = ((value / 2.0 - from) / (until - from)).clamp(0.0, 1.0);
    place(AIR + part * (WIDTH - 2.0 * AIR))
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
        assert_eq!(on(&scale, 0.5), "5");
        assert_eq!(on(&scale, 0.75), "100");
        assert_eq!(on(&scale, 7.0), "195");
    }
}
