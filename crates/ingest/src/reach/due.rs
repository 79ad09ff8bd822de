//! How far a source should have delivered on a day.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use scorewright_domain::{Grain, Period};
use scorewright_extract::{Expectation, Source};

use super::ReachDay;

/// Whole days, weeks and months before the day that are looked at for one that is due.
const LOOKED_AT: usize = 500;

impl ReachDay {
    /// The end of the last whole day, week, month or quarter that is due; `None` where nothing is expected.
    ///
    /// It is due once the grace time after it is over by the beginning of the day. A day off is not expected.
    pub(super) fn due(&self, source: &Source) -> Option<Timestamp> {
        let expectation = source.expect?;
        let now = self.midnight(self.as_of);
        let mut end = self.last_end(expectation);
        for _ in 0..LOOKED_AT {
            let due = self.midnight(end);
            let is_due = self.after(due, source.grace()) <= now;
            if is_due && is_expected(expectation, source, end) {
                return Some(due);
            }
            end = before(expectation, end)?;
        }
        None
    }

    /// The end of the last whole day, week, month or quarter.
    fn last_end(&self, expectation: Expectation) -> Date {
        match grain(expectation) {
            None => self.as_of,
            Some(grain) => Period::last_complete(grain, self.as_of).until,
        }
    }
}

/// Whether anything happens on the last day before an end: of longer times, always.
fn is_expected(expectation: Expectation, source: &Source, end: Date) -> bool {
    let last = end.yesterday().ok();
    grain(expectation).is_some() || last.is_some_and(|day| source.works_on(day.weekday()))
}

/// The end of the one before.
fn before(expectation: Expectation, end: Date) -> Option<Date> {
    match grain(expectation) {
        None => end.checked_sub(1.day()).ok(),
        Some(grain) => Some(Period::last_complete(grain, end).from),
    }
}

/// The length of what is expected; `None` is a day.
fn grain(expectation: Expectation) -> Option<Grain> {
    match expectation {
        Expectation::Daily => None,
        Expectation::Weekly => Some(Grain::Week),
        Expectation::Monthly => Some(Grain::Month),
        Expectation::Quarterly => Some(Grain::Quarter),
    }
}
