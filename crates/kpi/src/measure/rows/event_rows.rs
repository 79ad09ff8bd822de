//! Rows that fall into a period by one moment.

use scorewright_domain::{Fault, Grain, Period, SqlName};

use super::counted_rows::CountedRows;
use super::grouping::{Grouping, add_dimension, period_column};
use super::latest_rows::{LatestRows, latest_column};
use super::period_ends::PeriodEnds;
use super::time_type::TimeType;
use crate::measure::answer::MeasureAnswer;
use crate::measure::context::MeasureContext;
use crate::metric::{EventRows, Expression};
use crate::sql::Sql;

/// Known rows with their `_day`, the first day of each of their periods and their dimensions, none of them null.
///
/// Where only the newest of some rows counts, every row also says for each length of period whether it is that one.
pub(crate) struct EventRelation {
    pub(crate) sql: Sql,
    /// The ends of the periods that rows fall into, where an aggregate asks for them.
    ends: Option<PeriodEnds>,
    /// Whether a row counts in the periods it is the newest of, and not in all.
    pub(crate) has_latest: bool,
}

impl EventRelation {
    pub(crate) fn of(context: &MeasureContext, rows: &EventRows) -> Result<Self, Fault> {
        let sql = all_rows(context, rows)?;
        let ends = PeriodEnds::of(context, rows, &sql)?;
        let Some(latest) = LatestRows::of(context, rows)? else {
            return Ok(Self { sql, ends, has_latest: false });
        };
        let mut flagged = Sql::new();
        flagged.add("SELECT *, ");
        latest.add_to(&mut flagged, &context.metric.grains);
        flagged.add("\nFROM (").nested(&sql).add(")");
        Ok(Self { sql: flagged, ends, has_latest: true })
    }

    /// The same periods of other rows, which have all columns of these.
    pub(crate) fn with_rows(&self, sql: Sql) -> Self {
        Self { sql, ends: self.ends.clone(), has_latest: self.has_latest }
    }

    /// Whether a row may count in one of its periods and not in another, or each of them asks for its end.
    pub(crate) fn counts_by_grain(&self) -> bool {
        self.has_latest || self.ends.is_some()
    }

    /// Column with the day of which the smallest is the first day of everything known.
    pub(crate) fn first_day(&self) -> &'static str {
        if self.has_latest { "_first_day" } else { "_day" }
    }

    /// Selects from the rows of each period and segment; `also` joins every grouping.
    pub(crate) fn grouped(
        &self,
        context: &MeasureContext,
        select: &Sql,
        also: Option<&str>,
    ) -> Sql {
        if self.counts_by_grain() {
            return self.grouped_by_grain(context, select, also);
        }
        let grouping = Grouping::by_first_days(context.metric);
        let mut sql = Sql::new();
        sql.add("SELECT ").list(&grouping.columns());
        sql.add(comma(&grouping)).nested(select);
        sql.add("\nFROM (").nested(&self.sql).add(")\n").add(grouping.sets(also));
        sql
    }

    /// The same where a row may count in its month and not in its week, or each of them ends at another moment: one query for
    /// each length of period.
    fn grouped_by_grain(&self, context: &MeasureContext, select: &Sql, also: Option<&str>) -> Sql {
        let mut sql = Sql::new();
        sql.add("WITH event AS (").nested(&self.sql).add(")");
        for (at, grain) in context.metric.grains.iter().enumerate() {
            let grouping = Grouping::by_first_days_of(context.metric, &[*grain]);
            sql.add(if at > 0 { "\nUNION ALL\n" } else { "\n" });
            self.add_grain(&mut sql, *grain, &grouping, select);
            sql.add(grouping.sets(also));
        }
        sql
    }

    /// Queries that give the same together, one for each length of period with each dimension: what all groupings keep at
    /// once may be more than there is room for.
    pub(crate) fn grouped_apart(&self, context: &MeasureContext, select: &Sql) -> Vec<Sql> {
        let metric = context.metric;
        let dimensions = || std::iter::once(None).chain(metric.by.iter().map(Some));
        let all = metric.grains.iter().flat_map(|grain| dimensions().map(move |by| (*grain, by)));
        let query = |(grain, dimension): (Grain, Option<&Expression>)| {
            let grouping = Grouping::by_first_days_of(metric, &[grain]).of_one(dimension);
            let mut sql = Sql::new();
            sql.add("WITH event AS (").nested(&self.sql).add(")\n");
            self.add_grain(&mut sql, grain, &grouping, select);
            sql.add(grouping.sets(None));
            sql
        };
        all.map(query).collect()
    }

    /// Selects from the rows that count in periods of a length.
    fn add_grain(&self, sql: &mut Sql, grain: Grain, grouping: &Grouping, select: &Sql) {
        sql.add("SELECT ").list(&grouping.columns()).add(comma(grouping)).nested(select);
        sql.add("\nFROM ");
        match &self.ends {
            Some(ends) => ends.add_events(sql, grain),
            None => drop(sql.add("event")),
        }
        let is_latest = latest_column(grain);
        let counts = if self.has_latest { SqlName(&is_latest).to_string() } else { "TRUE".into() };
        sql.add(format!(" WHERE {counts}\n"));
    }
}

fn comma(grouping: &Grouping) -> &'static str {
    if grouping.columns().is_empty() { "" } else { ", " }
}

fn all_rows(context: &MeasureContext, rows: &EventRows) -> Result<Sql, Fault> {
    let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
    let mut sql = Sql::new();
    sql.add("SELECT *, CAST(\"_local\" AS DATE) AS \"_day\"");
    let is_column = |grain: &&Grain| !matches!(grain, Grain::Day | Grain::All);
    for grain in context.metric.grains.iter().filter(is_column) {
        let (name, column) = (grain.name(), period_column(*grain));
        let column = SqlName(&column);
        sql.add(format!(",\n  CAST(date_trunc('{name}', \"_local\") AS DATE) AS {column}"));
    }
    for dimension in &context.metric.by {
        sql.add(",\n  ");
        add_dimension(&mut sql, context.metric, dimension);
    }
    sql.add("\nFROM (").nested(&known_rows(context, rows, time_type)?).add(")");
    Ok(sql)
}

/// Rows that count, fall on a day that is measured, are known on the as-of day and meet the filter, with their local time as `_local`.
fn known_rows(
    context: &MeasureContext,
    rows: &EventRows,
    time_type: TimeType,
) -> Result<Sql, Fault> {
    let counted = CountedRows::of(context, &rows.fact, &rows.left_out)?;
    let since = time_type.start_of(context.calendar.since(), context);
    let as_of = time_type.start_of(context.calendar.as_of(), context);
    let local = time_type.local("\"_at\"", context.calendar.time_zone());
    let mut sql = Sql::new();
    sql.add(format!("SELECT *, {local} AS \"_local\"\nFROM (SELECT *, "));
    time_type.add_to(&mut sql, &rows.time, "_at");
    sql.add(" FROM");
    counted.add_to(&mut sql, &rows.fact);
    sql.add(format!(")\nWHERE \"_at\" >= {since} AND \"_at\" < {as_of}"));
    if let Some(filter) = &rows.filter {
        sql.add(" AND (").expression(filter).add(")");
    }
    Ok(sql)
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
