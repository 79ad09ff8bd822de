//! How one value came about: its definition, its query, and its rows.

mod explanation;

mod conditions;

mod left_out;

mod used_rows;

#[cfg(test)]
mod tests;

use scorewright_domain::{Fault, Period, Segment};
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::faults::ProjectFaults;
use crate::measure::{MeasureContext, MeasuredFrom};
use crate::metric::{FactRows, Metric};

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
    let context = MeasureContext { metric, session, calendar, most_segments: usize::MAX };
    let used = match MeasuredFrom::of(&metric.kind) {
        MeasuredFrom::Fact(kind) => used_rows(&context, kind.rows(), period, segment)?,
        MeasuredFrom::Metrics(_) => UsedRows::default(),
    };
    Ok(Explanation {
        metric: metric.name.clone(),
        version: metric.version,
        title: metric.title.clone(),
        says: metric.says.clone(),
        kind: metric.kind.name(),
        definition: metric.definition_parts(),
        decided: metric.decided.clone(),
        parts: metric.parts().into_iter().map(str::to_owned).collect(),
        sql: measuring_sql(metric, session, calendar)?,
        counts: used.counts,
        rows_sql: used.sql,
        left_out_sql: used.left_out_sql,
    })
}

/// The query that measures a metric for all periods and segments, for people to read; none for a metric made of metrics.
///
/// - `session` knows the fact, with rows or without: without any, the last periods stand for those of its rows.
///
/// # Errors
///
/// [`ProjectFaults`] when the SQL of the metric cannot be planned.
pub fn measuring_sql(
    metric: &Metric,
    session: &Session,
    calendar: &Calendar,
) -> Result<Option<String>, ProjectFaults> {
    let context = MeasureContext { metric, session, calendar, most_segments: usize::MAX };
    match MeasuredFrom::of(&metric.kind) {
        MeasuredFrom::Fact(kind) => Ok(Some(kind.sql(&context)?.text().to_owned())),
        MeasuredFrom::Metrics(_) => Ok(None),
    }
}

/// The rows of the fact that a value is made of.
fn used_rows(
    context: &MeasureContext,
    rows: FactRows,
    period: Period,
    segment: &Segment,
) -> Result<UsedRows, Fault> {
    let (from, until) = (period.from, period.until);
    match rows {
        FactRows::Events(rows) => events(context, rows, period, segment),
        FactRows::During(rows) => valid_intervals(context, rows, from..until, period, segment),
        FactRows::AtEnd(rows) => valid_intervals(context, rows, until..until, period, segment),
    }
}
