//! Numbered periods, joined with rows that hold from one moment until another.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;
use scorewright_domain::{Fault, Grain, Period};
use scorewright_warehouse::Cell;

use super::counted_rows::CountedRows;
use super::time_type::TimeType;
use crate::calendar::Calendar;
use crate::measure::answer::MeasureRow;
use crate::measure::context::MeasureContext;
use crate::metric::{PERIOD_END_COLUMN, ValidIntervals};
use crate::sql::Sql;

/// The periods that a metric over valid intervals is stated for, and what its time columns hold.
pub(crate) struct PeriodGrid {
    counted: CountedRows,
    everything: Period,
    periods: Vec<Period>,
    time_type: TimeType,
}

impl PeriodGrid {
    /// Finds the periods from the first interval to the last whole period.
    ///
    /// Without any the last ones stand in: they have no rows, and a slip in the query is found before there are rows.
    pub(crate) fn of(context: &MeasureContext, intervals: &ValidIntervals) -> Result<Self, Fault> {
        let ValidIntervals { fact, from, until, .. } = intervals;
        let time_type = TimeType::of_ends(context, fact, from, until)?;
        let counted = CountedRows::of(context, &intervals.fact, &intervals.left_out)?;
        let first = first_day(context, intervals, time_type, &counted)?;
        let first = first.filter(|first| *first < context.calendar.as_of());
        let first = first.map(|first| first.max(context.calendar.since()));
        let until = context.calendar.as_of();
        let everything = Period { grain: Grain::All, from: first.unwrap_or(until), until };
        let mut periods = first.map_or_else(Vec::new, |first| whole_periods(context, first));
        if periods.is_empty() {
            periods = last_periods(context);
        }
        Ok(Self { counted, everything, periods, time_type })
    }

    /// From the first interval up to the as-of day.
    pub(crate) fn everything(&self) -> Period {
        self.everything
    }

    /// The periods, length by length, with both ends of each as time columns have them.
    pub(crate) fn spans(&self, context: &MeasureContext) -> Vec<PeriodSpans<'_>> {
        let number = |day| self.time_type.number_of(day, context);
        let of_grain = |periods| PeriodSpans::of(periods, number);
        self.periods.chunk_by(|one, next| one.grain == next.grain).map(of_grain).collect()
    }

    /// Reads the period of a grouped row from its number.
    pub(crate) fn period_of(&self, row: MeasureRow) -> Result<Period, Fault> {
        let number = usize::try_from(row.count("_number")?).ok();
        let period = number.and_then(|number| self.periods.get(number));
        period.copied().ok_or_else(|| row.unusable("_number"))
    }

    /// Adds the periods as a relation of number, start and end.
    pub(crate) fn add_periods(&self, sql: &mut Sql, context: &MeasureContext) {
        let number_of = |day| self.time_type.number_of(day, context);
        let rows: Vec<String> = self
            .periods
            .iter()
            .enumerate()
            .map(|(number, period)| {
                let (start, end) = (number_of(period.from), number_of(period.until));
                let moment = self.time_type.start_of(period.until, context);
                format!("({number}, {start}, {end}, {moment})")
            })
            .collect();
        sql.add("period AS (SELECT column1 AS \"_number\", column2 AS \"_starts\", column3 AS \"_ends\", ");
        sql.add(format!("column4 AS \"{PERIOD_END_COLUMN}\" FROM (VALUES ")).list(&rows).add("))");
    }

    /// Adds both ends of an interval as whole numbers, and the fact they come from.
    pub(crate) fn add_ends(&self, sql: &mut Sql, intervals: &ValidIntervals) {
        let numbers = match self.time_type {
            TimeType::Instant => {
                "CAST(\"_begun\" AS BIGINT) AS \"_from\", CAST(\"_ended\" AS BIGINT) AS \"_until\""
            }
            TimeType::Day => {
                "CAST(arrow_cast(\"_begun\", 'Int32') AS BIGINT) AS \"_from\", CAST(arrow_cast(\"_ended\", 'Int32') AS BIGINT) AS \"_until\""
            }
        };
        sql.add(numbers).add("\n  FROM (SELECT *, ");
        self.time_type.add_to(sql, &intervals.from, "_begun");
        sql.add(", ");
        self.time_type.add_to(sql, &intervals.until, "_ended");
        sql.add(" FROM");
        self.counted.add_to(sql, &intervals.fact);
        sql.add(")");
        if let Some(filter) = &intervals.filter {
            sql.add("\n  WHERE ").expression(filter);
        }
    }
}

/// Periods times segments up to which each of them has a place; of more the engine groups those that have rows.
const MOST_PLACES: usize = 1 << 20;

/// The periods of one length, in order, with both ends as whole numbers.
pub(crate) struct PeriodSpans<'a> {
    pub(crate) periods: &'a [Period],
    starts: Vec<i64>,
    ends: Vec<i64>,
}

impl<'a> PeriodSpans<'a> {
    fn of(periods: &'a [Period], number: impl Fn(Date) -> i64) -> Self {
        let starts = periods.iter().map(|period| number(period.from)).collect();
        let ends = periods.iter().map(|period| number(period.until)).collect();
        Self { periods, starts, ends }
    }

    /// Places for each period and segment, and one segment's more behind the last period; `None` where these are too many.
    pub(crate) fn places(&self, segments: usize) -> Option<usize> {
        let places = (self.periods.len() + 1).checked_mul(segments)?;
        (places <= MOST_PLACES).then_some(places)
    }

    /// The periods at whose end an interval holds: it has begun before, and not ended before.
    pub(crate) fn held_at_end(&self, from: i64, until: Option<i64>) -> Range<usize> {
        held(&self.ends, from, until)
    }

    /// The periods at whose start an interval holds.
    pub(crate) fn held_at_start(&self, from: i64, until: Option<i64>) -> Range<usize> {
        held(&self.starts, from, until)
    }

    /// The periods that an interval reaches into: it begins before their end, and does not end before their start.
    pub(crate) fn reached(&self, from: i64, until: Option<i64>) -> Range<usize> {
        let first = self.ends.partition_point(|end| *end <= from);
        let behind = until.map_or(self.starts.len(), |until| {
            self.starts.partition_point(|start| *start <= until)
        });
        first..behind.max(first)
    }
}

/// Of moments in order those after the beginning of an interval and not after its end.
fn held(moments: &[i64], from: i64, until: Option<i64>) -> Range<usize> {
    let first = moments.partition_point(|moment| *moment <= from);
    let behind =
        until.map_or(moments.len(), |until| moments.partition_point(|moment| *moment <= until));
    first..behind.max(first)
}

/// The local day on which the first interval begins; none without intervals.
fn first_day(
    context: &MeasureContext,
    intervals: &ValidIntervals,
    time_type: TimeType,
    counted: &CountedRows,
) -> Result<Option<Date>, Fault> {
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_from\") AS \"_first\" FROM (SELECT *, ");
    time_type.add_to(&mut sql, &intervals.from, "_from");
    sql.add(" FROM");
    counted.add_to(&mut sql, &intervals.fact);
    sql.add(")");
    if let Some(filter) = &intervals.filter {
        sql.add("\nWHERE ").expression(filter);
    }
    let answer = context.query(&sql)?;
    let row = answer.only_row()?;
    local_day(row, "_first", context.calendar)
}

/// The local day of an instant, or the day itself.
fn local_day(row: MeasureRow, column: &str, calendar: &Calendar) -> Result<Option<Date>, Fault> {
    match row.cell(column)? {
        Cell::Null => Ok(None),
        Cell::Timestamp(instant) => Ok(Some(calendar.day_of(*instant))),
        Cell::Date(day) => Ok(Some(*day)),
        _ => Err(row.unusable(column)),
    }
}

/// The last whole period of each length.
fn last_periods(context: &MeasureContext) -> Vec<Period> {
    let as_of = context.calendar.as_of();
    let of_grain = |grain: &Grain| match grain {
        Grain::All => Period { grain: Grain::All, from: as_of - 1.day(), until: as_of },
        grain => Period::last_complete(*grain, as_of),
    };
    context.metric.grains.iter().map(of_grain).collect()
}

fn whole_periods(context: &MeasureContext, first: Date) -> Vec<Period> {
    let (since, as_of) = (context.calendar.since(), context.calendar.as_of());
    let of_grain = |grain: &Grain| match grain {
        Grain::All => vec![Period { grain: Grain::All, from: first, until: as_of }],
        grain => std::iter::successors(Some(Period::containing(*grain, first)), |period| {
            Some(period.next())
        })
        .skip_while(|period| period.from < since)
        .take_while(|period| period.is_complete_on(as_of))
        .collect(),
    };
    context.metric.grains.iter().flat_map(of_grain).collect()
}
