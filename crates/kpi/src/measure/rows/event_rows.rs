//! Rows that fall into a period by one moment.

use scorewright_domain::{Fault, Grain, Period, SqlName};

use super::grouping::{add_dimension, period_column};
use super::time_type::TimeType;
use crate::measure::answer::MeasureAnswer;
use crate::measure::context::MeasureContext;
use crate::metric::EventRows;
use crate::sql::Sql;

/// Known rows with their `_day`, the first day of each of their periods and their dimensions, none of them null.
pub(crate) fn event_relation(context: &MeasureContext, rows: &EventRows) -> Result<Sql, Fault> {
    let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
    let mut sql = Sql::new();
    sql.add("SELECT *, CAST(\"_local\" AS DATE) AS \"_day\"");
    for grain in context.metric.grains.iter().filter(|grain| **grain != Grain::All) {
        let (name, column) = (grain.name(), period_column(*grain));
        let column = SqlName(&column);
        sql.add(format!(",\n  CAST(date_trunc('{name}', \"_local\") AS DATE) AS {column}"));
    }
    for dimension in &context.metric.by {
        sql.add(",\n  ");
        add_dimension(&mut sql, dimension);
    }
    sql.add("\nFROM (").nested(&known_rows(context, rows, time_type)).add(")");
    Ok(sql)
}

/// Rows known on the as-of day that meet the filter, with their local time as `_local`.
fn known_rows(context: &MeasureContext, rows: &EventRows, time_type: TimeType) -> Sql {
    let as_of = time_type.start_of(context.calendar.as_of(), context);
    let local = time_type.local("\"_at\"", context.calendar.time_zone());
    let mut sql = Sql::new();
    sql.add(format!("SELECT *, {local} AS \"_local\"\nFROM (SELECT *, "));
    time_type.add_to(&mut sql, &rows.time, "_at");
    sql.add(" FROM").expression(&rows.fact);
    sql.add(format!(")\nWHERE \"_at\" < {as_of}"));
    if let Some(filter) = &rows.filter {
        sql.add(" AND (").expression(filter).add(")");
    }
    sql
}

/// A condition that puts `_local` or a day into a period.
pub(crate) fn in_period(
    period: Period,
    time_type: TimeType,
    column: &str,
    context: &MeasureContext,
) -> String {
    let from = time_type.start_of(period.from, context);
    let until = time_type.start_of(period.until, context);
    format!("{column} >= {from} AND {column} < {until}")
}

/// Everything known: from the first day in a column of an answer up to the as-of day.
pub(crate) fn everything(
    context: &MeasureContext,
    answer: &MeasureAnswer,
    column: &str,
) -> Result<Period, Fault> {
    let position = answer.position(column)?;
    let until = context.calendar.as_of();
    let days = answer.rows().filter_map(|row| row.at(position).as_date());
    Ok(Period { grain: Grain::All, from: days.min().unwrap_or(until), until })
}
