//! Columns that say when: instants and days.

use jiff::civil::Date;
use scorewright_domain::Fault;

use crate::measure::context::MeasureContext;
use crate::metric::Expression;
use crate::sql::{Sql, instant_literal};

/// What a time column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeType {
    /// Instants, put on days in the reporting time zone.
    Instant,
    /// Days, taken as they are.
    Day,
}

impl TimeType {
    /// Asks the engine what an expression over a fact holds.
    pub(crate) fn of(
        context: &MeasureContext,
        fact: &Expression,
        time: &Expression,
    ) -> Result<Self, Fault> {
        let mut sql = Sql::new();
        sql.add("SELECT arrow_typeof(max(")
            .expression(time)
            .add(")) AS \"_type\" FROM")
            .expression(fact);
        let answer = context.query(&sql)?;
        match answer.only_row()?.text("_type")? {
            name if name.starts_with("Timestamp") => Ok(Self::Instant),
            name if name.starts_with("Date") => Ok(Self::Day),
            name => {
                let message = format!("`{}` must be a timestamp or a date, it is {name}", time.key);
                Err(context.metric.fault(time, message))
            }
        }
    }

    /// What both ends of an interval hold.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where one is no moment, or they are of different kinds.
    pub(crate) fn of_ends(
        context: &MeasureContext,
        fact: &Expression,
        from: &Expression,
        until: &Expression,
    ) -> Result<Self, Fault> {
        let time_type = Self::of(context, fact, from)?;
        if time_type == Self::of(context, fact, until)? {
            return Ok(time_type);
        }
        let message = "`from` and `until` must both be timestamps or both be dates";
        Err(context.metric.fault(until, message))
    }

    /// SQL of the column `name` as the local time of day, or the day itself.
    pub(super) fn local(self, name: &str, time_zone: &str) -> String {
        match self {
            Self::Instant => {
                format!(
                    "to_local_time(arrow_cast({name}, 'Timestamp(Microsecond, Some(\"{time_zone}\"))'))"
                )
            }
            Self::Day => name.to_owned(),
        }
    }

    /// Adds an expression as an instant in UTC, or as a day, under a name.
    pub(crate) fn add_to(self, sql: &mut Sql, time: &Expression, name: &str) {
        match self {
            Self::Instant => {
                sql.add("arrow_cast((").expression(time);
                sql.add("), 'Timestamp(Microsecond, Some(\"UTC\"))')");
            }
            Self::Day => {
                sql.add("CAST((").expression(time).add(") AS DATE)");
            }
        }
        sql.add(format!(" AS \"{name}\""));
    }

    /// The start of a day as a literal to compare with.
    pub(crate) fn start_of(self, day: Date, context: &MeasureContext) -> String {
        match self {
            Self::Instant => instant_literal(context.calendar.midnight(day)),
            Self::Day => format!("DATE '{day}'"),
        }
    }

    /// The start of a day as a whole number: microseconds for instants, days for days.
    pub(super) fn number_of(self, day: Date, context: &MeasureContext) -> i64 {
        match self {
            Self::Instant => context.calendar.midnight(day).as_microsecond(),
            Self::Day => i64::from((day - jiff::civil::date(1970, 1, 1)).get_days()),
        }
    }
}
