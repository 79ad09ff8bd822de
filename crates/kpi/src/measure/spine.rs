//! Days and periods that rows are put on.

use jiff::civil::Date;
use scorewright_domain::{Grain, Period};
use scorewright_warehouse::{Cell, QueryResult};

use crate::Calendar;
use crate::measure::Bench;

/// Everything known: from the first day with rows up to the as-of day.
pub(super) fn everything<'a>(bench: &Bench, first_days: impl Iterator<Item = &'a Cell>) -> Period {
    let until = bench.calendar.as_of();
    let from = first_days.filter_map(Cell::as_date).min().unwrap_or(until);
    Period { grain: Grain::All, from, until }
}

/// The local day of an instant, or the day itself.
pub(crate) fn local_day(cell: &Cell, calendar: &Calendar) -> Option<Date> {
    match cell {
        Cell::Timestamp(instant) => Some(calendar.day_of(*instant)),
        Cell::Date(day) => Some(*day),
        _ => None,
    }
}

/// The cell of a row under a column name.
pub(crate) fn by_name<'a>(rows: &QueryResult, row: &'a [Cell], name: &str) -> &'a Cell {
    rows.column(name).and_then(|at| row.get(at)).unwrap_or(&Cell::Null)
}
