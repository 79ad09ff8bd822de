//! How long a schedule is open between two instants.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::schedule::Schedule;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

/// A schedule, ready to be asked how long it is open between two instants.
///
/// An instant is open when the local clock shows an open minute of its local day. So an hour that the clock skips is
/// not counted, and one that it shows twice is counted twice.
///
/// Times are microseconds since 1970 in UTC; what is open of a year is found once and kept.
#[derive(Debug)]
pub struct OpenHours {
    schedule: Schedule,
    zone: TimeZone,
    years: RwLock<BTreeMap<i16, Arc<YearHours>>>,
    totals: RwLock<BTreeMap<i16, i64>>,
}

/// What is open in one year of UTC, as intervals in order that have nothing in common.
#[derive(Debug, Default)]
struct YearHours {
    opens: Vec<i64>,
    closes: Vec<i64>,
    /// Open time of the year before each interval.
    before: Vec<i64>,
    total: i64,
}

/// A part of time in which the local clock keeps its distance to UTC.
struct SteadyClock {
    from: i64,
    until: i64,
    offset: i64,
}

impl OpenHours {
    /// Prepares a schedule; `None` when its zone is not known on this machine.
    pub fn new(schedule: Schedule) -> Option<Self> {
        let zone = TimeZone::get(&schedule.time_zone).ok()?;
        Some(Self { schedule, zone, years: RwLock::default(), totals: RwLock::default() })
    }

    /// Whole seconds of `from <= instant < until` that are open; zero when `until` is not after `from`.
    ///
    /// `None` for instants outside the years -9999 to 9999.
    pub fn seconds_between(&self, from: i64, until: i64) -> Option<i64> {
        let (first, last) = (year_of(from)?, year_of(until)?);
        if until <= from {
            return Some(0);
        }
        let (opened, closed) = (self.year(first), self.year(last));
        let between: i64 = (first..last).map(|year| self.total(year)).sum();
        let open = between + closed.open_before(until) - opened.open_before(from);
        Some(open.div_euclid(SECOND))
    }

    fn year(&self, year: i16) -> Arc<YearHours> {
        let known = self.years.read().unwrap_or_else(PoisonError::into_inner).get(&year).cloned();
        known.unwrap_or_else(|| {
            let hours = Arc::new(self.find_year(year));
            let mut years = self.years.write().unwrap_or_else(PoisonError::into_inner);
            years.insert(year, Arc::clone(&hours));
            hours
        })
    }

    /// Open time of a whole year; its intervals are not kept, for "without end" is often the year 9999.
    fn total(&self, year: i16) -> i64 {
        let known = self.totals.read().unwrap_or_else(PoisonError::into_inner).get(&year).copied();
        known.unwrap_or_else(|| {
            let total = self.find_year(year).total;
            self.totals.write().unwrap_or_else(PoisonError::into_inner).insert(year, total);
            total
        })
    }

    fn find_year(&self, year: i16) -> YearHours {
        let mut hours = YearHours::default();
        for steady in self.steady_clocks(year_start(year), year_end(year)) {
            self.add_open(&steady, &mut hours);
        }
        hours
    }

    /// The parts of a year in which the distance of the local clock to UTC is one and the same.
    fn steady_clocks(&self, from: i64, until: i64) -> Vec<SteadyClock> {
        let start = instant(from);
        let mut steady = SteadyClock { from, until, offset: offset(self.zone.to_offset(start)) };
        let mut all = Vec::new();
        for change in self.zone.following(start) {
            let at = change.timestamp().as_microsecond();
            if at >= until {
                break;
            }
            let next = SteadyClock { from: at, until, offset: offset(change.offset()) };
            all.push(SteadyClock { until: at, ..steady });
            steady = next;
        }
        all.push(steady);
        all
    }

    /// Adds what is open while the clock is steady, local day by local day.
    fn add_open(&self, steady: &SteadyClock, hours: &mut YearHours) {
        let (from, until) = (steady.from + steady.offset, steady.until + steady.offset);
        for day in from.div_euclid(DAY)..=(until - 1).div_euclid(DAY) {
            let Some(date) = civil_day(day) else { continue };
            for (opens, closes) in self.schedule.open_minutes(date) {
                let local = |minute: u16| day * DAY + i64::from(minute) * MINUTE;
                let (opens, closes) = (local(opens).max(from), local(closes).min(until));
                if opens < closes {
                    hours.push(opens - steady.offset, closes - steady.offset);
                }
            }
        }
    }
}

impl YearHours {
    fn push(&mut self, opens: i64, closes: i64) {
        self.opens.push(opens);
        self.closes.push(closes);
        self.before.push(self.total);
        self.total += closes - opens;
    }

    /// Open time of the year before an instant.
    fn open_before(&self, instant: i64) -> i64 {
        let Some(last) = self.opens.partition_point(|opens| *opens <= instant).checked_sub(1)
        else {
            return 0;
        };
        self.before[last] + instant.min(self.closes[last]) - self.opens[last]
    }
}

/// The year of an instant in UTC; `None` outside the calendar.
fn year_of(instant: i64) -> Option<i16> {
    let instant = Timestamp::from_microsecond(instant).ok()?;
    Some(instant.to_zoned(TimeZone::UTC).year())
}

fn year_start(year: i16) -> i64 {
    let start = date(year, 1, 1).to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::MIN, |start| start.timestamp()).as_microsecond()
}

fn year_end(year: i16) -> i64 {
    year.checked_add(1)
        .filter(|next| *next <= Date::MAX.year())
        .map_or(Timestamp::MAX.as_microsecond(), year_start)
}

/// An instant of a year's start, which is within the calendar.
fn instant(microsecond: i64) -> Timestamp {
    Timestamp::from_microsecond(microsecond).unwrap_or(Timestamp::MIN)
}

fn offset(of_zone: jiff::tz::Offset) -> i64 {
    i64::from(of_zone.seconds()) * SECOND
}

/// The day so many days after 1970-01-01; `None` outside the calendar.
fn civil_day(days: i64) -> Option<Date> {
    date(1970, 1, 1).checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()
}

#[cfg(test)]
mod tests;
