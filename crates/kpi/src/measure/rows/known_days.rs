//! The days of which a fact has rows, whether or not a metric counts them.

use scorewright_domain::{Fault, Period};

use super::event_rows::everything;
use super::time_type::TimeType;
use crate::measure::context::MeasureContext;
use crate::metric::EventRows;
use crate::sql::Sql;

/// From the first measured day on which the fact has any row up to the as-of day: a sum over it is known there, and zero
/// where no row is counted.
pub(crate) fn known_days(context: &MeasureContext, rows: &EventRows) -> Result<Period, Fault> {
    let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
    let calendar = context.calendar;
    let since = time_type.start_of(calendar.since(), context);
    let as_of = time_type.start_of(calendar.as_of(), context);
    let day = time_type.local("min(\"_at\")", calendar.time_zone());
    let mut sql = Sql::new();
    sql.add(format!("SELECT CAST({day} AS DATE) AS \"_first\"\nFROM (SELECT "));
    time_type.add_to(&mut sql, &rows.time, "_at");
    sql.add(" FROM").expression(&rows.fact);
    sql.add(format!(")\nWHERE \"_at\" >= {since} AND \"_at\" < {as_of}"));
    everything(context, &context.query(&sql)?, "_first")
}
