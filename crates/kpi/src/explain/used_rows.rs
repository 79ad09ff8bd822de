//! The rows of a fact that a value is made of, and what excluded the others.

use std::ops::Range;

use jiff::civil::Date;
use scorewright_domain::{Fault, Period, Segment};

use super::conditions::{IS_LATEST, RowCondition, all_of};
use super::explanation::{Role, RowCount};
use super::left_out;
use crate::measure::{CountedRows, LatestRows, MeasureContext, TimeType, in_period};
use crate::metric::{EventRows, ValidIntervals};
use crate::sql::Sql;

/// How many rows were used and left out, and a query that lists those used.
#[derive(Default)]
pub(super) struct UsedRows {
    pub(super) counts: Vec<RowCount>,
    pub(super) sql: Option<String>,
    /// A query that lists the rows of the period that the fact leaves out; none where it marks none.
    pub(super) left_out_sql: Option<String>,
}

/// Rows that fall into the period by one moment.
pub(super) fn events(
    context: &MeasureContext,
    rows: &EventRows,
    period: Period,
    segment: &Segment,
) -> Result<UsedRows, Fault> {
    let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
    let mut relation = Sql::new();
    relation.add("SELECT *, ");
    time_type.add_to(&mut relation, &rows.time, "_at");
    relation.add(" FROM").expression(&rows.fact);
    let is_inside = in_period(period, time_type, "\"_at\"", context);
    let mut conditions = vec![
        RowCondition::new(format!("without `{}`", rows.time.text), "\"_at\" IS NOT NULL"),
        RowCondition::new(format!("outside {period}"), is_inside),
    ];
    let counted = CountedRows::of(context, &rows.fact, &rows.left_out)?;
    let left_out_sql = left_out::listing(&relation, &conditions, &counted);
    conditions.extend(left_out::reasons(context, &relation, &conditions, &counted)?);
    conditions.extend(rows.filter.as_ref().map(RowCondition::filter));
    if let Some(latest) = LatestRows::of(context, rows)? {
        relation = with_latest(&relation, &latest, &conditions);
        conditions.push(RowCondition::latest(&rows.latest_of));
    }
    conditions.extend(RowCondition::segment(context.metric, segment));
    Ok(UsedRows { left_out_sql, ..used(context, &relation, &conditions)? })
}

/// The rows with a flag that says whether each is the newest among those that meet the conditions.
fn with_latest(relation: &Sql, latest: &LatestRows, conditions: &[RowCondition]) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT *, ");
    latest.add_among(&mut sql, &all_of(conditions), IS_LATEST);
    sql.add("\nFROM (").nested(relation).add(")");
    sql
}

/// Rows that hold at any time of `days`: a whole period, or the instant at its end.
pub(super) fn valid_intervals(
    context: &MeasureContext,
    intervals: &ValidIntervals,
    days: Range<Date>,
    period: Period,
    segment: &Segment,
) -> Result<UsedRows, Fault> {
    let time_type = TimeType::of(context, &intervals.fact, &intervals.from)?;
    let mut relation = Sql::new();
    relation.add("SELECT *, ");
    time_type.add_to(&mut relation, &intervals.from, "_from");
    relation.add(", ");
    time_type.add_to(&mut relation, &intervals.until, "_until");
    relation.add(" FROM").expression(&intervals.fact);
    let start = time_type.start_of(days.start, context);
    let end = time_type.start_of(days.end, context);
    let before = if days.is_empty() { "its end".into() } else { period.to_string() };
    let mut conditions = vec![
        RowCondition::new(format!("begun after {period}"), format!("\"_from\" < {end}")),
        RowCondition::new(
            format!("ended before {before}"),
            format!("(\"_until\" IS NULL OR \"_until\" >= {start})"),
        ),
    ];
    let counted = CountedRows::of(context, &intervals.fact, &intervals.left_out)?;
    let left_out_sql = left_out::listing(&relation, &conditions, &counted);
    conditions.extend(left_out::reasons(context, &relation, &conditions, &counted)?);
    conditions.extend(intervals.filter.as_ref().map(RowCondition::filter));
    conditions.extend(RowCondition::segment(context.metric, segment));
    Ok(UsedRows { left_out_sql, ..used(context, &relation, &conditions)? })
}

/// Counts what each condition takes of the rows the earlier ones left, and lists what is left in the end.
fn used(
    context: &MeasureContext,
    relation: &Sql,
    conditions: &[RowCondition],
) -> Result<UsedRows, Fault> {
    let answer = context.query(&counting_sql(relation, conditions))?;
    let row = answer.only_row()?;
    let all = row.count("_0")?;
    let mut counts = vec![RowCount { what: "rows of the fact".into(), rows: all, role: Role::All }];
    let mut left = all;
    for (at, condition) in conditions.iter().enumerate() {
        let kept = row.count(&format!("_{}", at + 1))?;
        let what = condition.excluded.clone();
        counts.push(RowCount { what, rows: left - kept, role: Role::Excluded });
        left = kept;
    }
    counts.push(RowCount { what: "rows used".into(), rows: left, role: Role::Used });
    let mut listing = Sql::new();
    listing.add("SELECT *\nFROM (").nested(relation).add(")\nWHERE ").nested(&all_of(conditions));
    Ok(UsedRows { counts, sql: Some(listing.text().to_owned()), left_out_sql: None })
}

/// Counts all rows as `_0`, those that meet the first condition as `_1`, the first two as `_2`.
fn counting_sql(relation: &Sql, conditions: &[RowCondition]) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT count(*) AS \"_0\"");
    for met in 1..=conditions.len() {
        sql.add(", count(*) FILTER (WHERE ")
            .nested(&all_of(&conditions[..met]))
            .add(format!(") AS \"_{met}\""));
    }
    sql.add("\nFROM (").nested(relation).add(")");
    sql
}
