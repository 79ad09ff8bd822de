//! What the models expect, for everybody and for each segment.

use scorewright_domain::{IntervalMethod, KpiValue, NullReason, Segment, in_parallel};

use super::customer_rows::{CustomerRow, CustomerRows};
use super::lifetime_fit::{FittedModels, LifetimeFit, WEEK};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::grid::grid;
use crate::measure::measurement::Measurement;
use crate::measure::rows::TOTAL;
use crate::metric::{LifetimeMetric, Prediction};
use crate::statistics::{PurchaseHistory, PurchaseModel, SpendModel, Z};

/// How far a logarithm of a parameter is moved to see what a figure changes by.
const APART: f64 = 1e-4;

/// Days of a step of the horizon: purchases within one are discounted alike.
const STEP: f64 = 365.25 / 12.0;
const YEAR: f64 = 365.25;

/// Customers that one worker takes at a time; it says how sums are parted, so it must not depend on the machine.
const AT_ONCE: usize = 1 << 14;
const WORKERS: usize = 4;

/// A figure with its slopes by the logarithms of all seven parameters.
type Sloped = [f64; 8];

/// What is expected of the customers of a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Expected {
    customers: u64,
    sum: Sloped,
}

/// The values of a metric: what is expected of a customer of each segment, and the parameters of the models.
pub(super) fn values(
    context: &MeasureContext,
    metric: &LifetimeMetric,
    customers: &CustomerRows,
    fit: &LifetimeFit,
) -> Vec<KpiValue> {
    let cells = cells(metric, customers, fit);
    let figures = grid(context, &cells).into_iter().map(|key| {
        let figure = match (&fit.0, cells.get(&key)) {
            (Err(why), cell) => Measurement {
                n: cell.map_or(0, |cell| cell.customers),
                ..Measurement::missing(*why)
            },
            (Ok(models), Some(expected)) => mean(metric.predicts, models, expected),
            (Ok(_), None) => Measurement::missing(NullReason::NoRows),
        };
        figure.into_value(context, "value", key)
    });
    let mut values: Vec<KpiValue> = figures.collect();
    if let Ok(models) = &fit.0 {
        let key = (customers.everything, Segment::total());
        let of_total = cells.get(&key).map_or(0, |cell| cell.customers);
        values.extend(parameters(models).into_iter().map(|(name, value, interval)| {
            let figure = Measurement { interval, ..Measurement::exact(rounded(value), of_total) };
            figure.into_value(context, name, key.clone())
        }));
    }
    values
}

/// Sums over the customers of each segment; customers alone where nothing fits.
fn cells(
    metric: &LifetimeMetric,
    customers: &CustomerRows,
    fit: &LifetimeFit,
) -> GridCells<Expected> {
    let segments = customers.codes.segments();
    let mut sums = vec![Expected::default(); segments.len()];
    let chunks: Vec<&[(CustomerRow, Vec<usize>)]> = customers.rows.chunks(AT_ONCE).collect();
    let foreseen = in_parallel(
        &chunks,
        WORKERS,
        |_| 1,
        |rows| -> Vec<Option<Sloped>> {
            rows.iter().map(|(row, _)| sloped(metric, fit.0.as_ref().ok(), row)).collect()
        },
    );
    for (rows, foreseen) in chunks.iter().zip(foreseen) {
        for ((_, of_row), sloped) in rows.iter().zip(foreseen) {
            let Some(sloped) = sloped else { continue };
            for segment in std::iter::once(&TOTAL).chain(of_row) {
                let cell = &mut sums[*segment];
                cell.customers += 1;
                cell.sum.iter_mut().zip(sloped).for_each(|(sum, one)| *sum += one);
            }
        }
    }
    let mut cells = GridCells::new(customers.everything);
    for (segment, cell) in segments.iter().zip(sums).filter(|(_, cell)| cell.customers > 0) {
        cells.insert((customers.everything, segment.clone()), cell);
    }
    cells
}

/// What is expected of a customer; none of one whom the figure is not about.
fn sloped(
    metric: &LifetimeMetric,
    models: Option<&FittedModels>,
    row: &CustomerRow,
) -> Option<Sloped> {
    let is_meant = metric.predicts != Prediction::Alive || row.repeats > 0;
    let Some(models) = models else { return is_meant.then_some([0.0; 8]) };
    let weeks = |days: i32| f64::from(days) / WEEK;
    let (recency, age) = (weeks(row.recency), weeks(row.age));
    let history = PurchaseHistory { repeats: row.repeats, recency, age, customers: 1 };
    let purchases = |logarithms| {
        let model = PurchaseModel::of(logarithms);
        match metric.predicts {
            Prediction::Alive => model.alive(&history),
            Prediction::Orders => model.expected_purchases(&history, metric.horizon_days / WEEK),
            Prediction::Value => discounted(metric, &model, &history),
        }
    };
    let spend = |logarithms| SpendModel::of(logarithms).mean(row.repeats, row.spent);
    let (count, of_count) = with_slopes(models.purchases.logarithms, purchases);
    let (worth, of_worth) =
        models.spends.as_ref().map_or((1.0, [0.0; 3]), |fit| with_slopes(fit.logarithms, spend));
    let mut all = [count * worth; 8];
    all[1..5].copy_from_slice(&of_count.map(|slope| slope * worth));
    all[5..].copy_from_slice(&of_worth.map(|slope| slope * count));
    is_meant.then_some(all)
}

/// A figure of some logarithms, and what it changes by with each of them.
fn with_slopes<const N: usize>(at: [f64; N], figure: impl Fn([f64; N]) -> f64) -> (f64, [f64; N]) {
    let slope = |parameter: usize| {
        let beside = |by: f64| {
            let mut place = at;
            place[parameter] += by;
            figure(place)
        };
        (beside(APART) - beside(-APART)) / (2.0 * APART)
    };
    (figure(at), std::array::from_fn(slope))
}

/// Purchases within the horizon, each worth the less the later it is.
fn discounted(metric: &LifetimeMetric, model: &PurchaseModel, history: &PurchaseHistory) -> f64 {
    let steps = (metric.horizon_days / STEP).ceil().max(1.0);
    let step = metric.horizon_days / steps;
    let (mut sum, mut before, mut number) = (0.0, 0.0, 1.0);
    while number <= steps {
        let until = model.expected_purchases(history, number * step / WEEK);
        let years = (number - 0.5) * step / YEAR;
        sum += (until - before) / (1.0 + metric.discount_per_year).powf(years);
        (before, number) = (until, number + 1.0);
    }
    sum
}

/// The mean over the customers of a segment, with its interval by the delta method.
#[allow(clippy::cast_precision_loss, reason = "a number of customers")]
fn mean(predicts: Prediction, models: &FittedModels, expected: &Expected) -> Measurement {
    let customers = expected.customers as f64;
    let slopes = expected.sum.map(|sum| sum / customers);
    let of_purchases = [slopes[1], slopes[2], slopes[3], slopes[4]];
    let error = models.purchases.standard_error(&of_purchases);
    let of_spends = [slopes[5], slopes[6], slopes[7]];
    let other = models.spends.as_ref().map_or(0.0, |fit| fit.standard_error(&of_spends));
    let half = Z * error.hypot(other);
    let most = if predicts == Prediction::Alive { 1.0 } else { f64::INFINITY };
    let (low, high) = ((slopes[0] - half).max(0.0), (slopes[0] + half).min(most));
    Measurement {
        numerator: Some(rounded(expected.sum[0])),
        denominator: Some(customers),
        n: expected.customers,
        value: Ok(rounded(slopes[0])),
        interval: Some(((rounded(low), rounded(high)), IntervalMethod::Linearised)),
    }
}

/// A figure of the models with its name and interval.
type Parameter = (&'static str, f64, Option<((f64, f64), IntervalMethod)>);

fn parameters(models: &FittedModels) -> Vec<Parameter> {
    let mut all = of_logarithms(
        &PurchaseModel::NAMES,
        &models.purchases.logarithms.map(|it| (it, 0.0)),
        |parameter| models.purchases.error_of(parameter),
    );
    if let Some(fit) = &models.spends {
        let [p, q, gamma] = fit.logarithms;
        let bounds = [(p, 0.0), (q, 1.0), (gamma, 0.0)];
        all.extend(of_logarithms(&SpendModel::NAMES, &bounds, |at| fit.error_of(at)));
        all.push(("log_likelihood_of_spends", fit.log_likelihood, None));
    }
    all.push(("log_likelihood", models.purchases.log_likelihood, None));
    all.extend(models.holdout_error.map(|error| ("holdout_error", error, None)));
    all
}

/// Parameters from logarithms of what they have above their bounds.
fn of_logarithms(
    names: &[&'static str],
    logarithms: &[(f64, f64)],
    error: impl Fn(usize) -> f64,
) -> Vec<Parameter> {
    let parameter = |(at, (name, (logarithm, bound))): (usize, (&&'static str, &(f64, f64)))| {
        let beside = |by: f64| rounded(bound + (logarithm + by).exp());
        let half = Z * error(at);
        let interval = ((beside(-half), beside(half)), IntervalMethod::Linearised);
        (*name, beside(0.0), Some(interval))
    };
    names.iter().zip(logarithms).enumerate().map(parameter).collect()
}

/// To twelve digits: beyond them a search for a maximum says nothing, and mathematics of machines differ.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}
