//! Of the rows of a period that agree in some columns, the newest.

use scorewright_domain::{Fault, Grain, SqlName, nearest};

use super::grouping::period_column;
use crate::measure::context::MeasureContext;
use crate::metric::{EventRows, Expression};
use crate::sql::Sql;

/// Tells the newest of the rows that agree in all columns of `latest_of`.
///
/// - Rows without a value in one of the columns agree with no other row.
/// - Of rows of one time the last counts when rows are sorted by the columns of the fact, from its first column on. So
///   the order in which rows are stored means nothing; rows that are equal throughout can stand for each other.
pub(crate) struct LatestRows<'a> {
    columns: &'a [Expression],
    of_fact: Vec<String>,
}

impl<'a> LatestRows<'a> {
    /// What the rows of a metric are told by; `None` where every row counts.
    pub(crate) fn of(context: &MeasureContext, rows: &'a EventRows) -> Result<Option<Self>, Fault> {
        let columns = rows.latest_of.as_slice();
        if columns.is_empty() {
            return Ok(None);
        }
        let of_fact = context.columns_of(&rows.fact)?;
        match columns.iter().find(|column| !of_fact.contains(&column.text)) {
            Some(unknown) => Err(not_there(context, &rows.fact, unknown, &of_fact)),
            None => Ok(Some(Self { columns, of_fact })),
        }
    }

    /// Adds whether a row is the newest of those that meet a condition, as the column `name`; what it says of other rows
    /// means nothing. `_at` is the time of a row.
    pub(crate) fn add_among(&self, sql: &mut Sql, condition: &Sql, name: &str) {
        let mut first = Sql::new();
        first.add("coalesce(").nested(condition).add(", FALSE) DESC, ");
        self.add_flag(sql, None, &first, name);
    }

    /// Adds whether a row comes first among those that agree in the columns, and in that of the period.
    fn add_flag(&self, sql: &mut Sql, period: Option<&str>, first: &Sql, name: &str) {
        sql.add("(");
        for column in self.columns {
            sql.add("nullif(CAST(").expression(column).add(" AS VARCHAR), '') IS NULL OR ");
        }
        sql.add("row_number() OVER (PARTITION BY ");
        if let Some(period) = period {
            sql.add(format!("{}, ", SqlName(period)));
        }
        for (at, column) in self.columns.iter().enumerate() {
            sql.add(if at > 0 { ", " } else { "" }).expression(column);
        }
        sql.add("ORDER BY ").nested(first).add("\"_at\" DESC");
        for column in self.of_ties() {
            sql.add(format!(", {} DESC NULLS LAST", SqlName(column)));
        }
        sql.add(format!(") = 1) AS {}", SqlName(name)));
    }

    /// Columns in which rows that agree in the others may differ.
    fn of_ties(&self) -> impl Iterator<Item = &String> {
        let is_common = |column: &&String| self.columns.iter().any(|it| it.text == **column);
        self.of_fact.iter().filter(move |column| !is_common(column))
    }

    /// Adds whether a row is the newest of each of its periods, and the first day of all rows.
    pub(super) fn add_to(&self, sql: &mut Sql, grains: &[Grain]) {
        sql.add("min(\"_day\") OVER () AS \"_first_day\"");
        for grain in grains {
            sql.add(",\n  ");
            let period = period_column(*grain);
            let period = Some(period.as_str()).filter(|_| *grain != Grain::All);
            self.add_flag(sql, period, &Sql::new(), &latest_column(*grain));
        }
    }
}

/// Column that says whether a row is the newest of its period.
pub(crate) fn latest_column(grain: Grain) -> String {
    format!("_is_latest_{}", grain.name())
}

fn not_there(
    context: &MeasureContext,
    fact: &Expression,
    unknown: &Expression,
    of_fact: &[String],
) -> Fault {
    let known: Vec<&str> = of_fact.iter().map(String::as_str).collect();
    let message = format!("`{}` has no column `{}`", fact.text, unknown.text);
    let fault = context.metric.fault(unknown, message);
    match nearest(&unknown.text, &known) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("columns there: {}", known.join(", "))),
    }
}
