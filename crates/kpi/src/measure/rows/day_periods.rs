//! Days by number, and the periods that each of them is in.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use scorewright_domain::{Grain, Period};
use scorewright_warehouse::AnswerColumn;

use crate::measure::context::MeasureContext;

/// The first day that the engine counts days from.
const EPOCH: Date = date(1970, 1, 1);

/// The days that are measured, by number: the first is 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MeasuredDays {
    since: Date,
    first: i32,
    count: usize,
}

impl MeasuredDays {
    pub(crate) fn of(context: &MeasureContext) -> Self {
        let (since, as_of) = (context.calendar.since(), context.calendar.as_of());
        let count = usize::try_from((as_of - since).get_days()).unwrap_or(0);
        Self { since, first: (since - EPOCH).get_days(), count }
    }

    /// Number of a day of the engine; `None` for one that is not measured.
    fn number(&self, day: i32) -> Option<usize> {
        let number = usize::try_from(day.checked_sub(self.first)?).ok()?;
        (number < self.count).then_some(number)
    }

    /// Numbers of the days of a column; `None` where it holds anything else.
    pub(crate) fn numbers(&self, column: &AnswerColumn) -> Option<Vec<usize>> {
        let AnswerColumn::Date(days) = column else { return None };
        days.iter().map(|day| self.number(day?)).collect()
    }

    /// The day of a number.
    pub(crate) fn day(&self, number: usize) -> Date {
        let days = i64::try_from(number).unwrap_or(i64::MAX);
        self.since.saturating_add(days.days())
    }

    /// By number of a day, the number of its period of a length, and those periods.
    ///
    /// - `everything`: the one period of all days.
    pub(crate) fn periods(&self, grain: Grain, everything: Period) -> (Vec<usize>, Vec<Period>) {
        if grain == Grain::All {
            return (vec![0; self.count], vec![everything]);
        }
        let mut periods: Vec<Period> = Vec::new();
        let numbers = (0..self.count).map(|number| {
            let day = self.day(number);
            if periods.last().is_none_or(|last| last.until <= day) {
                periods.push(Period::containing(grain, day));
            }
            periods.len() - 1
        });
        (numbers.collect(), periods)
    }
}
