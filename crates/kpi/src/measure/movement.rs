//! Who was there at the start of a period and at its end.

use scorewright_domain::{Fault, KpiValue, SqlName};

use super::context::MeasureContext;
use super::rows::{Grouping, PeriodGrid, add_dimension, dimension_column};
use super::sums::{Aggregates, period_values};
use crate::metric::{Expression, MovementMetric};
use crate::sql::Sql;

pub(super) fn measure(
    context: &MeasureContext,
    movement: &MovementMetric,
) -> Result<Vec<KpiValue>, Fault> {
    let periods = PeriodGrid::of(context, &movement.intervals)?;
    let sql = grouped(context, &periods, movement);
    period_values(context, &periods, &Aggregates::from(movement), &sql)
}

/// The query whose rows are the sums.
pub(super) fn sql(context: &MeasureContext, movement: &MovementMetric) -> Result<Sql, Fault> {
    let periods = PeriodGrid::of(context, &movement.intervals)?;
    Ok(grouped(context, &periods, movement))
}

/// One row for each entity and period, then the aggregates over those.
fn grouped(context: &MeasureContext, periods: &PeriodGrid, movement: &MovementMetric) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = Sql::new();
    sql.add("WITH ");
    periods.add_periods(&mut sql, context);
    sql.add(",\nvalid_interval AS (SELECT (").expression(&movement.entity).add(") AS \"_entity\"");
    for dimension in &context.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, dimension);
    }
    sql.add(", ");
    periods.add_ends(&mut sql, &movement.intervals);
    sql.add("),\nmoved AS (");
    add_moved(&mut sql, &context.metric.by);
    sql.add(")\nSELECT ").list(&grouping.columns()).add(", ");
    Aggregates::from(movement).add_to(&mut sql);
    sql.add("\nFROM moved\n").add(grouping.sets(None));
    sql
}

/// One row for each entity and period.
///
/// An entity belongs to the segment it was in at the start, else to that at the end, so
/// that segments add up to the total even when somebody moves between them.
fn add_moved(sql: &mut Sql, dimensions: &[Expression]) {
    let (at_start, at_end) = (holds_at("_starts"), holds_at("_ends"));
    sql.add("SELECT \"_number\", \"_entity\"");
    sql.add(format!(", bool_or({at_start}) AS \"at_start\""));
    sql.add(format!(", bool_or({at_end}) AS \"at_end\""));
    for dimension in dimensions {
        let column = SqlName(&dimension_column(dimension)).to_string();
        // The smallest value after a rank: one pass finds the value at the start, else at the end, else any.
        let rank = format!("CASE WHEN {at_start} THEN '0' WHEN {at_end} THEN '1' ELSE '2' END");
        sql.add(format!(",\n  substr(min({rank} || {column}), 2) AS {column}"));
    }
    sql.add("\n  FROM period JOIN valid_interval ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_starts\")");
    sql.add("\n  GROUP BY \"_number\", \"_entity\"");
}

/// Present at an instant: begun before it, and not ended before it.
fn holds_at(instant: &str) -> String {
    format!("\"_from\" < \"{instant}\" AND (\"_until\" IS NULL OR \"_until\" >= \"{instant}\")")
}
