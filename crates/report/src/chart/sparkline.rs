//! The trend of a line, 120 by 28.

use std::fmt::Write;

use serde::Serialize;

use super::coordinate::{rounded, steps};
use crate::scorecard::ScorecardLine;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;

/// Margin around the line, so that no dot is cut off.
const MARGIN: f64 = 3.5;

/// Coordinates of the trend, its target and its dots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sparkline {
    /// The line, as an SVG path; a gap starts a new segment. Empty without two neighbours.
    pub(crate) path: String,
    /// Values without a neighbour, which no line would show.
    pub(crate) lonely: Vec<Dot>,
    /// Height of the target.
    pub(crate) target: Option<String>,
    /// The value of the period shown.
    pub(crate) last: Option<Dot>,
}

/// A point of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Dot {
    pub(crate) x: String,
    pub(crate) y: String,
}

impl Sparkline {
    pub(crate) fn of(line: &ScorecardLine) -> Self {
        let values: Vec<Option<f64>> = line.series.iter().map(|point| point.value).collect();
        Self::new(&values, line.target.as_ref().map(|target| target.value))
    }

    fn new(values: &[Option<f64>], target: Option<f64>) -> Self {
        let area = PlotArea::around(values, target);
        let dots: Vec<Option<Dot>> = values
            .iter()
            .enumerate()
            .map(|(index, value)| value.map(|value| area.dot(index, value)))
            .collect();
        let last = dots.len().checked_sub(1);
        let lonely = dots
            .iter()
            .enumerate()
            .filter(|(index, _)| is_lonely(&dots, *index) && Some(*index) != last);
        Self {
            path: path(&dots),
            lonely: lonely.filter_map(|(_, dot)| dot.clone()).collect(),
            target: target
                .filter(|_| values.iter().any(Option::is_some))
                .map(|target| rounded(area.height(target))),
            last: dots.last().cloned().flatten(),
        }
    }
}

/// How values become coordinates.
struct PlotArea {
    low: f64,
    high: f64,
    points: usize,
}

impl PlotArea {
    fn around(values: &[Option<f64>], target: Option<f64>) -> Self {
        let all = || values.iter().flatten().copied().chain(target);
        let low = all().reduce(f64::min).unwrap_or_default();
        let high = all().reduce(f64::max).unwrap_or_default();
        Self { low, high, points: values.len() }
    }

    fn dot(&self, index: usize, value: f64) -> Dot {
        let fraction = if self.points > 1 { steps(index) / steps(self.points - 1) } else { 1.0 };
        Dot {
            x: rounded(MARGIN + fraction * (WIDTH - 2.0 * MARGIN)),
            y: rounded(self.height(value)),
        }
    }

    fn height(&self, value: f64) -> f64 {
        // Halved before subtracting, so that the widest range does not overflow.
        let (value, low, high) = (value / 2.0, self.low / 2.0, self.high / 2.0);
        let fraction = if high > low { (value - low) / (high - low) } else { 0.5 };
        HEIGHT - MARGIN - fraction * (HEIGHT - 2.0 * MARGIN)
    }
}

fn path(dots: &[Option<Dot>]) -> String {
    let mut path = String::new();
    for (index, dot) in dots.iter().enumerate() {
        let Some(dot) = dot.as_ref().filter(|_| !is_lonely(dots, index)) else { continue };
        let is_start = index == 0 || dots[index - 1].is_none();
        let _ = write!(path, "{}{} {}", if is_start { "M" } else { "L" }, dot.x, dot.y);
    }
    path
}

fn is_lonely(dots: &[Option<Dot>], index: usize) -> bool {
    let is_gap =
        |index: Option<usize>| index.and_then(|index| dots.get(index)).is_none_or(Option::is_none);
    is_gap(index.checked_sub(1)) && is_gap(Some(index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_spans_the_area_and_marks_the_last_value() {
        let chart = Sparkline::new(&[Some(0.0), Some(10.0), Some(5.0)], None);
        assert_eq!(chart.path, "M3.5 24.5L60 3.5L116.5 14");
        assert_eq!(chart.last, Some(Dot { x: "116.5".into(), y: "14".into() }));
    }

    #[test]
    fn a_gap_breaks_the_line_and_a_lonely_value_is_a_dot() {
        let chart = Sparkline::new(&[Some(0.0), None, Some(1.0), Some(0.0), None], None);
        assert_eq!(chart.path, "M60 3.5L88.3 24.5");
        assert_eq!(chart.lonely, [Dot { x: "3.5".into(), y: "24.5".into() }]);
        assert_eq!(chart.last, None, "the period shown has no value");
    }

    #[test]
    fn a_target_beyond_the_values_stays_in_the_area() {
        assert_eq!(
            Sparkline::new(&[Some(0.0), Some(1.0)], Some(2.0)).target.as_deref(),
            Some("3.5")
        );
    }

    #[test]
    fn one_value_none_and_equal_values_are_drawn_without_nonsense() {
        for values in [
            &[Some(4.0)][..],
            &[],
            &[None, None],
            &[Some(4.0), Some(4.0)],
            &[Some(f64::MIN), Some(f64::MAX)],
        ] {
            let text = serde_json::to_string(&Sparkline::new(values, None)).unwrap();
            assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        }
    }
}
