//! The models that fit the purchases of all customers, or why none does.

use scorewright_domain::NullReason;

use super::customer_rows::{CustomerRow, CustomerRows};
use crate::metric::{LifetimeMetric, Prediction};
use crate::statistics::{Fitted, PurchaseHistory, PurchaseModel, SpendHistory, SpendModel};

/// Customers who came back below whom nothing is fitted.
const LEAST_REPEATERS: usize = 200;

/// The correlation of how often with how much above which the two cannot be foretold apart.
const MOST_CORRELATED: f64 = 0.3;

/// Days of a week.
pub(super) const WEEK: f64 = 7.0;

/// The models of a metric.
pub(super) struct FittedModels {
    pub(super) purchases: Fitted<4>,
    /// None where no amounts are asked for.
    pub(super) spends: Option<Fitted<3>>,
    /// By how much of themselves the purchases of the time held out were foretold wrongly; none where there were none.
    pub(super) holdout_error: Option<f64>,
}

/// The models of a metric, or why there are none.
pub(super) struct LifetimeFit(pub(super) Result<FittedModels, NullReason>);

impl LifetimeFit {
    /// Fits the models of a metric to its customers.
    pub(super) fn of(metric: &LifetimeMetric, customers: &CustomerRows) -> Self {
        Self(fitted(metric, customers))
    }
}

fn fitted(metric: &LifetimeMetric, customers: &CustomerRows) -> Result<FittedModels, NullReason> {
    let rows = || customers.rows.iter().map(|(row, _)| row);
    if rows().next().is_none() {
        return Err(NullReason::NoRows);
    }
    if rows().filter(|row| row.repeats > 0).count() < LEAST_REPEATERS {
        return Err(NullReason::TooFewCustomers);
    }
    let spends = match metric.predicts {
        Prediction::Value => Some(fitted_spends(rows())?),
        Prediction::Orders | Prediction::Alive => None,
    };
    let histories = histories(rows().map(|row| (row.repeats, row.recency, row.age)).collect());
    let purchases = PurchaseModel::fit(&histories).ok_or(NullReason::NoFit)?;
    Ok(FittedModels { purchases, spends, holdout_error: holdout_error(customers) })
}

/// Distinct histories in ascending order.
pub(super) fn histories(mut all: Vec<(u32, i32, i32)>) -> Vec<PurchaseHistory> {
    all.sort_unstable();
    let of_same = |same: &[(u32, i32, i32)]| {
        let (repeats, recency, age) = same[0];
        let weeks = |days: i32| f64::from(days) / WEEK;
        let customers = same.len() as u64;
        PurchaseHistory { repeats, recency: weeks(recency), age: weeks(age), customers }
    };
    all.chunk_by(|one, next| one == next).map(of_same).collect()
}

/// Refunds belong to the purchase they are of: what is below zero is no worth of one.
fn fitted_spends<'a>(rows: impl Iterator<Item = &'a CustomerRow>) -> Result<Fitted<3>, NullReason> {
    let mut histories = Vec::new();
    for row in rows.filter(|row| row.repeats > 0) {
        if row.spent < 0.0 {
            return Err(NullReason::NoFit);
        }
        let mean = row.spent / f64::from(row.repeats);
        histories.extend((mean > 0.0).then_some(SpendHistory { repeats: row.repeats, mean }));
    }
    if histories.len() < LEAST_REPEATERS {
        return Err(NullReason::TooFewCustomers);
    }
    if correlation(&histories).abs() > MOST_CORRELATED {
        return Err(NullReason::NoFit);
    }
    SpendModel::fit(&histories).ok_or(NullReason::NoFit)
}

/// Pearson's, of how often with how much.
#[allow(clippy::cast_precision_loss, reason = "counts of customers")]
fn correlation(histories: &[SpendHistory]) -> f64 {
    let n = histories.len() as f64;
    let mean = |of: &dyn Fn(&SpendHistory) -> f64| histories.iter().map(of).sum::<f64>() / n;
    let (often, much) = (mean(&|one| f64::from(one.repeats)), mean(&|one| one.mean));
    let apart = |one: &SpendHistory| (f64::from(one.repeats) - often, one.mean - much);
    let both = mean(&|one| apart(one).0 * apart(one).1);
    let spread = mean(&|one| apart(one).0.powi(2)) * mean(&|one| apart(one).1.powi(2));
    if spread > 0.0 { both / spread.sqrt() } else { 0.0 }
}

/// Purchases foretold for the time held out, by a fit to those before, over the purchases that there were, less one.
fn holdout_error(customers: &CustomerRows) -> Option<f64> {
    let held_out = (customers.everything.until - customers.held_out_from).get_days();
    let (mut seen, mut later) = (Vec::new(), 0_u32);
    for (row, _) in &customers.rows {
        let Some((repeats, recency)) = row.early else { continue };
        seen.push((repeats, recency, row.age - held_out));
        later += row.repeats - repeats;
    }
    let histories = histories(seen);
    let model = PurchaseModel::of(PurchaseModel::fit(&histories)?.logarithms);
    let weeks = f64::from(held_out) / WEEK;
    #[allow(clippy::cast_precision_loss, reason = "a number of customers")]
    let expected =
        |one: &PurchaseHistory| one.customers as f64 * model.expected_purchases(one, weeks);
    let foretold: f64 = histories.iter().map(expected).sum();
    (later > 0).then(|| foretold / f64::from(later) - 1.0)
}
