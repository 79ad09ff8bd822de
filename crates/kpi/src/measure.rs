//! Metrics over facts: every metric, period and segment becomes a [`KpiValue`].

mod cells;
mod composed;
mod intervals;
mod moment;
mod movement;
mod number;
mod quantile;
mod ratio;
mod spine;
mod state;
#[cfg(test)]
mod tests;
mod timed;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scorewright_domain::{Fault, KpiValue};
use scorewright_warehouse::{Parameters, QueryResult, Session};

use crate::metric::{Kind, Metric};
use crate::sql::Sql;
use crate::{Calendar, Faults};

pub(crate) use moment::Moment;
pub(crate) use spine::{by_name, local_day};
pub(crate) use timed::in_period;

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
/// [`Faults`] that point into the metric files: an unknown column, a sum of real
/// numbers, a quantile of a text.
pub fn measure(
    metrics: &[Metric],
    session: &Session,
    calendar: &Calendar,
) -> Result<Vec<KpiValue>, Faults> {
    let (composed, simple): (Vec<&Metric>, Vec<&Metric>) = metrics
        .iter()
        .partition(|metric| matches!(metric.kind, Kind::Derived { .. } | Kind::Growth { .. }));
    let measured = in_parallel(&simple, |metric| measure_one(&Bench { metric, session, calendar }));
    let mut values: Vec<KpiValue> = Faults::collect(measured)?.into_iter().flatten().collect();
    for metric in composed {
        let made = composed::measure(&Bench { metric, session, calendar }, metrics, &values)?;
        values.extend(made);
    }
    values.sort_by(|one, other| crate::table::key(one).cmp(&crate::table::key(other)));
    Ok(values)
}

/// One metric on the bench, with all it is measured by.
pub(crate) struct Bench<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) session: &'a Session,
    pub(crate) calendar: &'a Calendar,
}

impl Bench<'_> {
    /// Runs a query; a fault of it is shown in the metric file.
    pub(crate) fn query(&self, sql: &Sql) -> Result<QueryResult, Fault> {
        let as_of = self.calendar.midnight(self.calendar.as_of());
        let parameters = Parameters::new().timestamp("as_of", as_of);
        self.session.query(sql.text(), &parameters).map_err(|fault| sql.fault(self.metric, &fault))
    }
}

fn measure_one(bench: &Bench) -> Result<Vec<KpiValue>, Fault> {
    match &bench.metric.kind {
        Kind::Ratio { .. } | Kind::Total { .. } => ratio::measure(bench),
        Kind::Quantile { rows, value, statistics } => {
            quantile::measure(bench, rows, value, statistics)
        }
        Kind::Movement { .. } => movement::measure(bench),
        Kind::State { .. } => state::measure(bench),
        Kind::Derived { .. } | Kind::Growth { .. } => Ok(Vec::new()),
    }
}

/// The aggregate query of a metric over a fact, for people to read; none for a metric made of metrics.
pub(crate) fn aggregate_sql(bench: &Bench) -> Result<Option<Sql>, Fault> {
    match &bench.metric.kind {
        Kind::Ratio { rows, .. } | Kind::Total { rows, .. } => ratio::sql(bench, rows).map(Some),
        Kind::Quantile { rows, value, .. } => quantile::sql(bench, rows, value).map(Some),
        Kind::Movement { .. } => movement::sql(bench).map(Some),
        Kind::State { .. } => state::sql(bench).map(Some),
        Kind::Derived { .. } | Kind::Growth { .. } => Ok(None),
    }
}

/// Does the work for each item on a few threads; answers in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|threads| {
        for _ in 0..WORKERS.min(items.len()) {
            threads.spawn(|| {
                while let Some(index) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < items.len())
                {
                    let result = work(&items[index]);
                    done.lock()
                        .expect("no worker panics while it holds the list")
                        .push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panics while it holds the list");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
