//! Metrics over facts: every metric, period and segment becomes a [`KpiValue`].
//!
//! ```text
//! fact ── rows ──┬── sums ── ratio, total, state, movement ──┐
//!                └── quantile ───────────────────────────────┼── measurement ── KpiValue ──┐
//!                    derived, growth ────────────────────────┘                             │
//!                         └── part_values ─────────────────────────────────────────────────┘
//! ```
//!
//! Each kind of metric has a module of its name. `rows` puts the rows of a fact
//! on periods and dimensions, `sums` adds them up exactly, `grid` names every
//! period and segment that must have a value.

mod answer;
mod context;

mod grid;
mod measurement;
mod rows;
mod sums;

mod movement;
mod quantile;
mod ratio;
mod state;
mod total;

mod derived;
mod growth;
mod part_values;

mod number_kinds;

#[cfg(test)]
mod tests;

use scorewright_domain::{Fault, KpiValue, in_parallel};
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::faults::ProjectFaults;
use crate::metric::{Metric, MetricKind};
use crate::sql::Sql;

pub(crate) use context::MeasureContext;
pub(crate) use rows::{LatestRows, TimeType, in_period};

/// Queries that run at the same time: the engine plans each on one thread.
const WORKERS: usize = 4;

/// Measures metrics over the facts of a session.
///
/// - `metrics` as [`crate::read_metrics`] gives them: parts before what is made of them.
/// - Answers with one value for each metric, statistic, whole period and segment
///   that occurs, from the first period with rows to the last one over before the
///   as-of day, sorted. A silent period is zero for a total and has no value for a
///   quotient. Of a fact without rows, the last whole period has no value.
///
/// # Errors
///
/// [`ProjectFaults`] that point into the metric files: an unknown column, a sum of
/// real numbers, a quantile of a text.
pub fn measure(
    metrics: &[Metric],
    session: &Session,
    calendar: &Calendar,
) -> Result<Vec<KpiValue>, ProjectFaults> {
    let measured = in_parallel(
        metrics,
        WORKERS,
        |_| 1,
        |metric| over_fact(&MeasureContext { metric, session, calendar }),
    );
    let measured = ProjectFaults::collect(measured.into_iter().flatten())?;
    let mut values: Vec<KpiValue> = measured.into_iter().flatten().collect();
    for metric in metrics {
        let context = MeasureContext { metric, session, calendar };
        if let Some(made) = over_metrics(&context, metrics, &values) {
            values.extend(made?);
        }
    }
    values.sort_by(|one, other| crate::table::row_key(one).cmp(&crate::table::row_key(other)));
    Ok(values)
}

/// Proves that metrics can be measured over the facts of a session, whether or not these have rows.
///
/// # Errors
///
/// [`ProjectFaults`] that point into the metric files: what [`measure`] refuses, and a sum or median of values that are
/// no exact numbers.
pub fn plan(
    metrics: &[Metric],
    session: &Session,
    calendar: &Calendar,
) -> Result<(), ProjectFaults> {
    measure(metrics, session, calendar)?;
    let check = |metric| {
        let context = MeasureContext { metric, session, calendar };
        aggregate_sql(&context)?.map_or(Ok(()), |sql| number_kinds::check(&context, &sql))
    };
    ProjectFaults::collect(metrics.iter().map(check)).map(drop)
}

/// Measures a metric over its fact; `None` for a metric made of metrics.
fn over_fact(context: &MeasureContext) -> Option<Result<Vec<KpiValue>, Fault>> {
    match &context.metric.kind {
        MetricKind::Ratio(ratio) => Some(ratio::measure(context, ratio)),
        MetricKind::Total(total) => Some(total::measure(context, total)),
        MetricKind::Quantile(quantile) => Some(quantile::measure(context, quantile)),
        MetricKind::Movement(movement) => Some(movement::measure(context, movement)),
        MetricKind::State(state) => Some(state::measure(context, state)),
        MetricKind::Derived(_) | MetricKind::Growth(_) => None,
    }
}

/// Measures a metric made of metrics from their values; `None` for a metric over a fact.
fn over_metrics(
    context: &MeasureContext,
    metrics: &[Metric],
    values: &[KpiValue],
) -> Option<Result<Vec<KpiValue>, Fault>> {
    match &context.metric.kind {
        MetricKind::Derived(derived) => Some(derived::measure(context, derived, metrics, values)),
        MetricKind::Growth(growth) => Some(growth::measure(context, growth, metrics, values)),
        MetricKind::Ratio(_)
        | MetricKind::Total(_)
        | MetricKind::Quantile(_)
        | MetricKind::Movement(_)
        | MetricKind::State(_) => None,
    }
}

/// The aggregate query of a metric over a fact, for people to read; none for a metric made of metrics.
pub(crate) fn aggregate_sql(context: &MeasureContext) -> Result<Option<Sql>, Fault> {
    match &context.metric.kind {
        MetricKind::Ratio(ratio) => ratio::sql(context, ratio).map(Some),
        MetricKind::Total(total) => total::sql(context, total).map(Some),
        MetricKind::Quantile(quantile) => quantile::sql(context, quantile).map(Some),
        MetricKind::Movement(movement) => movement::sql(context, movement).map(Some),
        MetricKind::State(state) => state::sql(context, state).map(Some),
        MetricKind::Derived(_) | MetricKind::Growth(_) => Ok(None),
    }
}
