//! How one value came about: its definition, its query, and its rows.

mod explanation;

mod conditions;

mod used_rows;

#[cfg(test)]
mod tests;

use scorewright_domain::{Fault, Period, Segment};
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::faults::ProjectFaults;
use crate::measure::{MeasureContext, aggregate_sql};
use crate::metric::{Metric, MetricKind};

pub use explanation::{Explanation, Role, RowCount};
use used_rows::{UsedRows, events, valid_intervals};

/// Explains one value of a metric.
///
/// # Errors
///
/// [`ProjectFaults`] when the SQL of the metric does not run.
pub fn explain(
    metric: &Metric,
    period: Period,
    segment: &Segment,
    session: &Session,
    calendar: &Calendar,
) -> Result<Explanation, ProjectFaults> {
    let context = MeasureContext { metric, session, calendar };
    let used = used_rows(&context, period, segment)?;
    Ok(Explanation {
        metric: metric.name.clone(),
        version: metric.version,
        title: metric.title.clone(),
        says: metric.says.clone(),
        kind: metric.kind.name(),
        definition: metric.definition_parts(),
        decided: metric.decided.clone(),
        parts: metric.parts().into_iter().map(str::to_owned).collect(),
        sql: aggregate_sql(&context)?.map(|sql| sql.text().to_owned()),
        counts: used.counts,
        rows_sql: used.sql,
    })
}

/// The rows of the fact that a value is made of; none for a metric made of metrics.
fn used_rows(
    context: &MeasureContext,
    period: Period,
    segment: &Segment,
) -> Result<UsedRows, Fault> {
    match &context.metric.kind {
        MetricKind::Ratio(ratio) => events(context, &ratio.rows, period, segment),
        MetricKind::Total(total) => events(context, &total.rows, period, segment),
        MetricKind::Quantile(quantile) => events(context, &quantile.rows, period, segment),
        MetricKind::Movement(movement) => {
            let (from, until) = (period.from, period.until);
            valid_intervals(context, &movement.intervals, from..until, period, segment)
        }
        MetricKind::State(state) => {
            let end = period.until;
            valid_intervals(context, &state.intervals, end..end, period, segment)
        }
        MetricKind::Derived(_) | MetricKind::Growth(_) => Ok(UsedRows::default()),
    }
}
