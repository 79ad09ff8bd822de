//! Columns that say when: instants and days.

use scorewright_domain::Fault;
use scorewright_warehouse::Cell;

use crate::measure::Bench;
use crate::metric::Expression;
use crate::sql::{Sql, instant_literal};

/// What a time column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Instants, put on days in the reporting time zone.
    Instant,
    /// Days, taken as they are.
    Day,
}

impl Moment {
    /// Asks the engine what an expression over a fact holds.
    pub(crate) fn of(bench: &Bench, fact: &Expression, time: &Expression) -> Result<Self, Fault> {
        let mut sql = Sql::new();
        sql.add("SELECT arrow_typeof(max(")
            .expression(time)
            .add(")) AS \"_type\" FROM")
            .expression(fact);
        let answer = bench.query(&sql)?;
        let found = answer
            .rows
            .first()
            .and_then(|row| row.first())
            .and_then(Cell::as_text)
            .unwrap_or_default();
        match found {
            _ if found.starts_with("Timestamp") => Ok(Self::Instant),
            _ if found.starts_with("Date") => Ok(Self::Day),
            _ => {
                let message =
                    format!("`{}` must be a timestamp or a date, it is {found}", time.key);
                Err(bench.metric.fault(time, message))
            }
        }
    }

    /// SQL of the column `name` as the local time of day, or the day itself.
    pub(crate) fn local(self, name: &str, time_zone: &str) -> String {
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
    pub(crate) fn start_of(self, day: jiff::civil::Date, bench: &Bench) -> String {
        match self {
            Self::Instant => instant_literal(bench.calendar.midnight(day)),
            Self::Day => format!("DATE '{day}'"),
        }
    }
}
