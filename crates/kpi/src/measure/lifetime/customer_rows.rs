//! When each customer bought, and for how much.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use scorewright_domain::{Fault, Grain, Period, SqlName};
use scorewright_warehouse::AnswerColumn;
use scorewright_warehouse::arrow::array::Array as _;

use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, EventRelation, RowReader, SegmentCodes, dimension_column};
use crate::metric::LifetimeMetric;
use crate::sql::Sql;

/// Column of what the purchases after the first came to.
pub(super) const AMOUNT: &str = "_amount";

/// Share of the time known after which purchases are held out, to see how well they are foretold.
const SEEN: f64 = 0.7;

/// One customer; purchases of one day are one.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct CustomerRow {
    /// Days with a purchase after the first.
    pub(super) repeats: u32,
    /// Days from the first purchase to the last.
    pub(super) recency: i32,
    /// Days from the first purchase to the last day before the as-of day.
    pub(super) age: i32,
    /// What all purchases after the first came to.
    pub(super) spent: f64,
    /// Repeats and recency up to the day from which purchases are held out; none of who came later.
    pub(super) early: Option<(u32, i32)>,
}

/// All customers, in an order that does not depend on that of their rows.
pub(super) struct CustomerRows {
    /// From the first purchase to the as-of day.
    pub(super) everything: Period,
    /// The day from which purchases are held out.
    pub(super) held_out_from: Date,
    pub(super) rows: Vec<(CustomerRow, Vec<usize>)>,
    pub(super) codes: SegmentCodes,
}

impl CustomerRows {
    /// Reads the customers of a metric.
    pub(super) fn read(context: &MeasureContext, metric: &LifetimeMetric) -> Result<Self, Fault> {
        let relation = EventRelation::of(context, &metric.rows)?;
        let until = context.calendar.as_of();
        let from = first_day(context, &relation)?.unwrap_or(until);
        let held_out_from = held_out_from(from, until);
        let sql = customers_sql(context, metric, &relation, held_out_from);
        let (mut reader, mut rows) = (RowReader::of(context), Vec::new());
        let read = reader.read(&columns(), &sql, |answer| {
            let customers = CustomerColumns::of(answer)?;
            for row in 0..answer.count {
                let segments: Vec<usize> = answer.segments.iter().map(|codes| codes[row]).collect();
                rows.push((customers.row(row, until)?, segments));
            }
            Some(())
        })?;
        if read.is_none() {
            // The engine says what is wrong with the query.
            return Err(context.query(&sql)?.unusable(AMOUNT));
        }
        let codes = reader.codes;
        let ranks = codes.ranks();
        let by_name = |segments: &[usize]| -> Vec<usize> {
            segments.iter().map(|segment| ranks[*segment]).collect()
        };
        rows.sort_by(|one: &(CustomerRow, Vec<usize>), other| {
            let amounts = one.0.partial_cmp(&other.0).unwrap_or(std::cmp::Ordering::Equal);
            amounts.then_with(|| by_name(&one.1).cmp(&by_name(&other.1)))
        });
        let everything = Period { grain: Grain::All, from, until };
        Ok(Self { everything, held_out_from, rows, codes })
    }
}

/// One row per customer, with its segments as of the last purchase.
pub(super) fn customers_sql(
    context: &MeasureContext,
    metric: &LifetimeMetric,
    relation: &EventRelation,
    held_out_from: Date,
) -> Sql {
    let dimensions: Vec<String> =
        context.metric.by.iter().map(|by| SqlName(&dimension_column(by)).to_string()).collect();
    let last =
        |column: &String| format!(", last_value({column} ORDER BY \"_at\", {column}) AS {column}");
    let early = format!("\"_day\" < DATE '{held_out_from}'");
    let mut sql = Sql::new();
    sql.add("SELECT purchase.*");
    sql.add(dimensions.iter().map(|column| format!(", segment.{column}")).collect::<String>());
    sql.add("\nFROM (SELECT \"_entity\", count(*) - 1 AS \"_repeats\", min(\"_day\") AS \"_first\", max(\"_day\") AS \"_last\",\n");
    sql.add(format!(
        "  sum(\"_sum\") - first_value(\"_sum\" ORDER BY \"_day\") AS \"{AMOUNT}\",\n"
    ));
    sql.add(format!("  count(*) FILTER (WHERE {early}) - 1 AS \"_early_repeats\", max(\"_day\") FILTER (WHERE {early}) AS \"_early_last\"\n"));
    sql.add("  FROM (SELECT (").expression(&metric.entity).add(") AS \"_entity\", \"_day\", ");
    match &metric.amount {
        Some(amount) => sql.add("sum(").expression(amount).add(") AS \"_sum\""),
        None => sql.add("CAST(0 AS BIGINT) AS \"_sum\""),
    };
    sql.add("\n    FROM (").nested(&relation.sql).add(")\n    WHERE (");
    sql.expression(&metric.entity)
        .add(") IS NOT NULL GROUP BY 1, 2)\n  GROUP BY \"_entity\") AS purchase");
    if !dimensions.is_empty() {
        sql.add("\nJOIN (SELECT (").expression(&metric.entity).add(") AS \"_entity\"");
        sql.add(dimensions.iter().map(last).collect::<String>());
        sql.add("\n  FROM (").nested(&relation.sql).add(") GROUP BY 1) AS segment\n");
        sql.add("  ON segment.\"_entity\" = purchase.\"_entity\"");
    }
    sql
}

fn columns() -> Sql {
    let mut sql = Sql::new();
    let names = ["_repeats", "_first", "_last", AMOUNT, "_early_repeats", "_early_last"];
    sql.list(&names.map(|name| SqlName(name).to_string()));
    sql
}

/// Columns of an answer.
struct CustomerColumns<'a>(&'a [AnswerColumn]);

impl<'a> CustomerColumns<'a> {
    fn of(answer: &'a CodedRows) -> Option<Self> {
        (answer.columns.len() == 6).then_some(Self(answer.columns))
    }

    fn row(&self, row: usize, until: Date) -> Option<CustomerRow> {
        let (first, last) = (self.day(1, row)?, self.day(2, row)?);
        let early = self
            .day(5, row)
            .and_then(|early| Some((u32::try_from(self.number(4, row)?).ok()?, early - first)));
        Some(CustomerRow {
            repeats: u32::try_from(self.number(0, row)?).ok()?,
            recency: last - first,
            age: (until - date(1970, 1, 1)).get_days() - 1 - first,
            spent: self.amount(row)?,
            early,
        })
    }

    fn number(&self, column: usize, row: usize) -> Option<i64> {
        match &self.0[column] {
            AnswerColumn::Integer(numbers) => numbers.is_valid(row).then(|| numbers.value(row)),
            _ => None,
        }
    }

    fn day(&self, column: usize, row: usize) -> Option<i32> {
        match &self.0[column] {
            AnswerColumn::Date(days) => days.is_valid(row).then(|| days.value(row)),
            _ => None,
        }
    }

    /// What was spent; nothing where no purchase has an amount.
    #[allow(clippy::cast_precision_loss, reason = "amounts of one customer stay far below 2^53")]
    fn amount(&self, row: usize) -> Option<f64> {
        match &self.0[3] {
            AnswerColumn::Integer(numbers) if numbers.is_valid(row) => {
                Some(numbers.value(row) as f64)
            }
            AnswerColumn::Decimal { unscaled, scale } if unscaled.is_valid(row) => {
                Some(unscaled.value(row) as f64 / 10f64.powi(i32::from(*scale)))
            }
            AnswerColumn::Null | AnswerColumn::Integer(_) | AnswerColumn::Decimal { .. } => {
                Some(0.0)
            }
            _ => None,
        }
    }
}

/// The day of the first purchase.
fn first_day(context: &MeasureContext, relation: &EventRelation) -> Result<Option<Date>, Fault> {
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_day\") AS \"_first\" FROM (").nested(&relation.sql).add(")");
    Ok(context.query(&sql)?.only_row()?.cell("_first")?.as_date())
}

#[allow(clippy::cast_possible_truncation, reason = "a number of days")]
fn held_out_from(from: Date, until: Date) -> Date {
    let days = f64::from((until - from).get_days()) * SEEN;
    from.saturating_add((days.round() as i64).days())
}
