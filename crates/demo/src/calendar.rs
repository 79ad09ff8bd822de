//! The days the extracts cover: weeks, seasons, the bad release.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

use crate::random::RandomStream;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Days before the first week that an extract may still name: older customers.
const PAST: i64 = 1500;
/// Days after the as-of day that an extract may name: ends of paid periods.
const FUTURE: i64 = 500;

/// Tickets of a month in thousandths of a usual one, January first.
const TICKETS: [u32; 12] = [1080, 1030, 1020, 1000, 980, 960, 900, 870, 1000, 1030, 1060, 1070];
/// Orders of a month in thousandths of a usual one, January first.
const SALES: [u32; 12] = [950, 950, 1050, 1000, 1000, 1020, 880, 820, 1040, 1060, 1180, 1050];

/// What the bad release did to the weeks from its own on: tickets and orders in
/// thousandths, points of satisfaction lost.
const RELEASE: [(u32, u32, i32); 3] = [(2100, 850, 22), (1500, 920, 12), (1120, 1000, 3)];

/// The weeks an extract covers. Days are counted from 1970-01-01, moments in seconds from its start.
#[derive(Debug)]
pub(crate) struct CompanyCalendar {
    /// Every week, oldest first; the last one may end early, at the as-of day.
    pub(crate) weeks: Vec<Week>,
    /// The as-of day: nothing of it or after it is known.
    pub(crate) until: i64,
    /// Place of the week of the bad release.
    pub(crate) release: usize,
    oldest: i64,
    days: Vec<String>,
}

/// One week, and how it differs from a usual one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Week {
    /// Its Monday.
    pub(crate) monday: i64,
    /// Tickets, in thousandths of a usual week.
    pub(crate) tickets: u32,
    /// Orders, in thousandths of a usual week.
    pub(crate) sales: u32,
    /// Points of satisfaction lost to a bad release.
    pub(crate) upset: i32,
}

impl CompanyCalendar {
    /// `weeks` whole weeks before the week of `as_of`, and that week up to it.
    pub(crate) fn new(weeks: u32, as_of: Date) -> Self {
        let weeks = weeks.max(1) as usize;
        let until = day_of(as_of);
        let this_monday = until - i64::from(as_of.weekday().since(Weekday::Monday));
        let release = weeks.saturating_sub(9).max(weeks / 2);
        let first = this_monday - 7 * i64::try_from(weeks).expect("some hundred weeks");
        let weeks: Vec<Week> = (first..until)
            .step_by(7)
            .enumerate()
            .map(|(place, monday)| week(place, monday, release))
            .collect();
        let oldest = first - PAST;
        let days = (oldest..until + FUTURE).map(|day| date_of(day).to_string()).collect();
        Self { weeks, until, release, oldest, days }
    }

    /// First day of the first week.
    pub(crate) fn first(&self) -> i64 {
        self.weeks.first().map_or(self.until, |week| week.monday)
    }

    /// The moment after which nothing is known.
    pub(crate) fn end(&self) -> i64 {
        self.until * DAY
    }

    /// Place of the week a day falls into; the first week for older days.
    pub(crate) fn week_of(&self, day: i64) -> usize {
        usize::try_from((day - self.first()).div_euclid(7)).unwrap_or(0)
    }

    /// The day as `2026-11-22`.
    pub(crate) fn text(&self, day: i64) -> &str {
        let place = usize::try_from(day - self.oldest).unwrap_or(0);
        &self.days[place.min(self.days.len() - 1)]
    }
}

fn week(place: usize, monday: i64, release: usize) -> Week {
    let month = usize::try_from(date_of(monday).month() - 1).expect("months count from 1");
    let since = place.checked_sub(release).and_then(|weeks| RELEASE.get(weeks));
    let (tickets, sales, upset) = since.copied().unwrap_or((1000, 1000, 0));
    Week {
        monday,
        tickets: TICKETS[month] * tickets / 1000,
        sales: SALES[month] * sales / 1000,
        upset,
    }
}

/// Days from 1970-01-01 to a date.
pub(crate) fn day_of(day: Date) -> i64 {
    i64::from((day - date(1970, 1, 1)).get_days())
}

fn date_of(day: i64) -> Date {
    date(1970, 1, 1).saturating_add(day.days())
}

/// A moment of a week: people write on working days, in working hours.
pub(crate) fn moment(random: &mut RandomStream, week: Week) -> i64 {
    let day =
        i64::try_from(random.weighted(&[22, 20, 19, 18, 15, 3, 3])).expect("a week has seven days");
    let hour = random.weighted(&[
        1, 1, 1, 1, 2, 4, 12, 30, 44, 48, 46, 36, 34, 44, 42, 36, 24, 14, 9, 7, 6, 4, 3, 2,
    ]);
    let second =
        i64::from(random.below(3600)) + 3600 * i64::try_from(hour).expect("a day has 24 hours");
    (week.monday + day) * DAY + second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_start_on_monday_and_end_before_the_as_of_day() {
        // 2026-11-22 is a Sunday: three whole weeks, and six days of a fourth.
        let calendar = CompanyCalendar::new(3, date(2026, 11, 22));
        assert_eq!(calendar.weeks.len(), 4);
        assert_eq!(calendar.text(calendar.first()), "2026-10-26");
        assert_eq!(calendar.text(calendar.until), "2026-11-22");
        assert_eq!(calendar.week_of(calendar.until - 1), 3);
        assert_eq!(
            CompanyCalendar::new(3, date(2026, 11, 23)).weeks.len(),
            3,
            "a Monday starts no week of its own"
        );
    }

    #[test]
    fn the_bad_release_lies_in_the_last_quarter() {
        let calendar = CompanyCalendar::new(112, date(2026, 11, 23));
        let bad = calendar.weeks[calendar.release];
        assert_eq!(calendar.text(bad.monday), "2026-09-21", "nine weeks before");
        assert_eq!((bad.tickets, bad.upset), (2100, 22));
        assert_eq!(calendar.weeks[calendar.release + 3].upset, 0);
    }
}
