//! Made-up figures, by which a project without data sees whether its pages can show what it will measure.

use jiff::civil::Date;
use scorewright_domain::{Grain, KpiValue, Period, Segment, Unit};

use crate::metric::Metric;

/// Observations behind each figure: more than any metric asks for.
const OBSERVATIONS: u64 = 100_000;

/// A figure of every metric, statistic and length of period, for the total and for two values of each dimension.
///
/// - `history`: periods of each length, the last of them the last complete one before `as_of`.
/// - They rise from one period to the next, within the range of their unit, and have intervals.
pub fn sample_values(metrics: &[Metric], as_of: Date, history: usize) -> Vec<KpiValue> {
    let mut values = Vec::new();
    for metric in metrics {
        for grain in &metric.grains {
            for (step, period) in periods(*grain, as_of, history).into_iter().enumerate() {
                values.extend(of_period(metric, period, step));
            }
        }
    }
    values
}

/// The last periods, oldest first.
fn periods(grain: Grain, as_of: Date, history: usize) -> Vec<Period> {
    let last = Period::last_complete(grain, as_of);
    let count = if grain == Grain::All { 1 } else { history };
    let mut periods: Vec<Period> =
        std::iter::successors(Some(last), |period| Some(period.previous())).take(count).collect();
    periods.reverse();
    periods
}

fn of_period(metric: &Metric, period: Period, step: usize) -> Vec<KpiValue> {
    let of_dimension =
        |dimension: &str| ["A", "B"].map(|value| Segment::of(dimension, value)).to_vec();
    let dimensions = metric.by.iter().flat_map(|dimension| of_dimension(&dimension.text));
    let segments: Vec<Segment> = std::iter::once(Segment::total()).chain(dimensions).collect();
    let statistics = metric.statistics();
    let figures = statistics.iter().flat_map(|statistic| {
        segments.iter().map(move |segment| figure(metric, statistic, segment, period, step))
    });
    figures.collect()
}

#[allow(clippy::cast_precision_loss, reason = "periods are a few hundred")]
fn figure(
    metric: &Metric,
    statistic: &str,
    segment: &Segment,
    period: Period,
    step: usize,
) -> KpiValue {
    let value = middle(metric.unit) * (1.0 + step as f64 / 1_000.0);
    KpiValue {
        metric: metric.name.clone(),
        version: metric.version,
        statistic: statistic.to_owned(),
        period,
        segment: segment.clone(),
        numerator: None,
        denominator: None,
        n: Some(OBSERVATIONS),
        value: Some(value),
        low: Some(value * 0.99),
        high: Some(value * 1.01),
        interval: metric.interval.method(),
        null_reason: None,
        tested_change: None,
    }
}

/// A value that a metric of a unit may have.
fn middle(unit: Unit) -> f64 {
    match unit {
        Unit::Share => 0.5,
        Unit::Points => 20.0,
        Unit::Score => 4.0,
        Unit::Duration => 7_200.0,
        Unit::Money | Unit::Count => 1_000.0,
        Unit::PerYear => 2.0,
        Unit::Growth => 0.05,
        Unit::Ratio => 1.0,
    }
}
