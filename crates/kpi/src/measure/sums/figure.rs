//! The figures made of sums.

use scorewright_domain::{KpiValue, NullReason, Period};

use super::aggregates::{Aggregates, Sums};
use super::exact_number::ExactNumber;
use super::interval::interval;
use crate::measure::cells::{GridCells, GridKey};
use crate::measure::context::MeasureContext;
use crate::measure::grid::{grid, periods_per_year};
use crate::measure::measurement::Measurement;

/// The values of every period and segment; `refine` may put in a better interval.
pub(crate) fn values(
    context: &MeasureContext,
    aggregates: &Aggregates,
    cells: &GridCells<Sums>,
    refine: impl Fn(&GridKey, Measurement) -> Measurement,
) -> Vec<KpiValue> {
    let has_rows = cells.is_known();
    let values = grid(context, cells).into_iter().map(|key| {
        let figure = match cells.get(&key) {
            Some(sums) => figure(context, aggregates, key.0, sums),
            None => figure_without_rows(aggregates, has_rows),
        };
        refine(&key, figure).into_value(context, "value", key)
    });
    values.collect()
}

/// A period without rows is zero for a sum over a fact that has rows.
fn figure_without_rows(aggregates: &Aggregates, has_rows: bool) -> Measurement {
    if has_rows && aggregates.denominator.is_none() {
        Measurement { numerator: Some(0.0), ..Measurement::exact(0.0, 0) }
    } else {
        Measurement::missing(NullReason::NoRows)
    }
}

fn figure(
    context: &MeasureContext,
    aggregates: &Aggregates,
    period: Period,
    sums: &Sums,
) -> Measurement {
    if let Some(denominator) = sums.denominator {
        return quotient(context, factor(aggregates, period), sums, denominator);
    }
    let value = sums.numerator.as_f64();
    Measurement { numerator: Some(value), ..Measurement::exact(value, sums.observations()) }
}

fn quotient(
    context: &MeasureContext,
    factor: f64,
    sums: &Sums,
    denominator: ExactNumber,
) -> Measurement {
    let choice = context.metric.interval;
    let (top, bottom) = (sums.numerator.as_f64(), denominator.as_f64());
    let value = if denominator.is_zero() {
        Err(NullReason::EmptyDenominator)
    } else {
        Ok(factor * top / bottom)
    };
    let interval = interval(choice, sums, denominator);
    Measurement {
        numerator: Some(top),
        denominator: Some(bottom),
        n: sums.observations(),
        value,
        interval: interval.map(|(low, high)| ((factor * low, factor * high), choice.method())),
    }
}

/// What the plain quotient is multiplied by.
pub(crate) fn factor(aggregates: &Aggregates, period: Period) -> f64 {
    let per_year = if aggregates.per_year { periods_per_year(period) } else { 1.0 };
    aggregates.scale * per_year
}
