//! The moments at which the periods of rows end, for aggregates that ask for `$period_end`.

use jiff::civil::Date;
use scorewright_domain::{Fault, Grain, Period, SqlName};

use super::grouping::period_column;
use super::time_type::TimeType;
use crate::measure::context::MeasureContext;
use crate::metric::{EventRows, Expression, PERIOD_END_COLUMN};
use crate::sql::Sql;

/// For each length of period the first days of its periods, each with the moment it ends as a literal.
#[derive(Clone)]
pub(super) struct PeriodEnds {
    of_grains: Vec<(Grain, Vec<(Date, String)>)>,
    /// The as-of day: the end of everything known.
    of_all: String,
}

impl PeriodEnds {
    /// The ends of all periods of known rows; `None` where no aggregate of the metric asks for them.
    pub(super) fn of(
        context: &MeasureContext,
        rows: &EventRows,
        known: &Sql,
    ) -> Result<Option<Self>, Fault> {
        let metric = context.metric;
        if !metric.kind.expressions().into_iter().any(Expression::uses_period_end) {
            return Ok(None);
        }
        let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
        let end = |day: Date| time_type.start_of(day, context);
        let as_of = context.calendar.as_of();
        let first = first_day(context, known)?.unwrap_or(as_of);
        let of_grain = |grain: Grain| {
            let periods = std::iter::successors(Some(Period::containing(grain, first)), |period| {
                Some(period.next())
            });
            let known = periods.take_while(|period| period.from <= as_of);
            (grain, known.map(|period| (period.from, end(period.until))).collect())
        };
        let grains = metric.grains.iter().filter(|grain| **grain != Grain::All);
        Ok(Some(Self {
            of_grains: grains.map(|grain| of_grain(*grain)).collect(),
            of_all: end(as_of),
        }))
    }

    /// Adds the rows of `event` as a relation, each with the end of its period of a length.
    pub(super) fn add_events(&self, sql: &mut Sql, grain: Grain) {
        let column = SqlName(PERIOD_END_COLUMN).to_string();
        match self.of_grains.iter().find(|(other, _)| *other == grain) {
            None => sql.add(format!("(SELECT *, {} AS {column} FROM event)", self.of_all)),
            Some((_, ends)) => {
                let ends: Vec<String> =
                    ends.iter().map(|(first, end)| format!("(DATE '{first}', {end})")).collect();
                let first_day = SqlName(&period_column(grain)).to_string();
                sql.add(format!("(SELECT event.*, period.{column} FROM event JOIN (SELECT column1 AS \"_first\", "));
                sql.add(format!("column2 AS {column} FROM (VALUES ")).list(&ends);
                sql.add(format!(")) AS period ON period.\"_first\" = event.{first_day})"))
            }
        };
    }
}

/// The day of the earliest row.
fn first_day(context: &MeasureContext, known: &Sql) -> Result<Option<Date>, Fault> {
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_day\") AS \"_first\" FROM (").nested(known).add(")");
    let answer = context.query(&sql)?;
    Ok(answer.only_row()?.cell("_first")?.as_date())
}
