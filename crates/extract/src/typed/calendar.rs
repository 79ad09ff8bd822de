//! Days and moments as the numbers that are stored.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::offset::offset;
use crate::source::{Ambiguous, Column, Missing, ZoneSetting};
use scorewright_domain::Reason;

pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;
const SECONDS_PER_DAY: i64 = 86_400;

/// A day and a time of day as written, before any zone is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrittenMoment {
    pub(crate) year: i16,
    pub(crate) month: i8,
    pub(crate) day: i8,
    pub(crate) hour: i8,
    pub(crate) minute: i8,
    pub(crate) second: i8,
    pub(crate) micros: i32,
}

impl WrittenMoment {
    /// Midnight of a day.
    pub(crate) fn day(year: i16, month: i8, day: i8) -> Self {
        Self { year, month, day, hour: 0, minute: 0, second: 0, micros: 0 }
    }

    /// Whether the calendar has this day and the clock this time.
    pub(crate) fn exists(&self) -> bool {
        (1..=12).contains(&self.month)
            && self.day >= 1
            && self.day <= days_in_month(self.year, self.month)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second)
    }

    /// Days since 1970-01-01.
    pub(crate) fn days(&self) -> i32 {
        days_since_1970(self.year, self.month, self.day)
    }

    /// Microseconds since 1970-01-01 00:00:00 on the same clock.
    pub(crate) fn micros_on_its_clock(&self) -> i64 {
        let of_day =
            (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        (i64::from(self.days()) * SECONDS_PER_DAY + of_day) * MICROS_PER_SECOND
            + i64::from(self.micros)
    }
}

/// Turns the clock of a place into UTC.
#[derive(Debug, Clone)]
pub(crate) enum Zone {
    /// Nothing to turn.
    Utc,
    /// A place whose clock jumps now and then.
    ZoneRules(ZoneRules),
}

/// A place, and what is done with the times its clock skips or shows twice.
#[derive(Debug, Clone)]
pub(crate) struct ZoneRules {
    zone: TimeZone,
    ambiguous: Ambiguous,
    missing: Missing,
}

impl Zone {
    /// A zone by its name in the IANA database; `None` when there is no such zone.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if matches!(name, "UTC" | "Etc/UTC" | "Z") {
            return Some(Self::Utc);
        }
        let zone = TimeZone::get(name).ok()?;
        Some(Self::ZoneRules(ZoneRules {
            zone,
            ambiguous: Ambiguous::default(),
            missing: Missing::default(),
        }))
    }

    /// The zone of a column that has been verified; UTC where rows or headers name it.
    pub(crate) fn of(column: &Column) -> Self {
        match &column.time_zone {
            Some(ZoneSetting::Named(name)) => {
                Self::named(name).unwrap_or(Self::Utc).with_rules(column)
            }
            Some(ZoneSetting::InHeader(_) | ZoneSetting::InColumn(_)) | None => Self::Utc,
        }
    }

    /// A zone as rows name it: by its name, or by its distance from Greenwich.
    pub(crate) fn written(text: &str) -> Option<Self> {
        Self::named(text).or_else(|| {
            let seconds = i32::try_from(offset(text.as_bytes())?).ok()?;
            let zone = TimeZone::fixed(Offset::from_seconds(seconds).ok()?);
            Some(Self::ZoneRules(ZoneRules {
                zone,
                ambiguous: Ambiguous::default(),
                missing: Missing::default(),
            }))
        })
    }

    /// The zone with what a column does with times that its clock skips or shows twice.
    pub(crate) fn with_rules(self, column: &Column) -> Self {
        match self {
            Self::ZoneRules(place) => Self::ZoneRules(ZoneRules {
                ambiguous: column.ambiguous,
                missing: column.missing,
                ..place
            }),
            Self::Utc => Self::Utc,
        }
    }

    /// Microseconds in UTC of a time on this zone's clock.
    pub(crate) fn to_utc(&self, written: WrittenMoment) -> Result<i64, Reason> {
        let micros = written.micros_on_its_clock();
        let Self::ZoneRules(place) = self else { return Ok(micros) };
        let local = DateTime::new(
            written.year,
            written.month,
            written.day,
            written.hour,
            written.minute,
            written.second,
            0,
        )
        .map_err(|_| Reason::NotATimestamp)?;
        Ok(micros - i64::from(place.offset(local)?.seconds()) * MICROS_PER_SECOND)
    }

    /// Microseconds in UTC of microseconds on this zone's clock.
    pub(crate) fn micros_to_utc(&self, local: i64) -> Result<i64, Reason> {
        if matches!(self, Self::Utc) {
            return Ok(local);
        }
        let on_clock =
            jiff::Timestamp::from_microsecond(local).map_err(|_| Reason::NotATimestamp)?;
        let clock = Offset::UTC.to_datetime(on_clock);
        self.to_utc(WrittenMoment {
            year: clock.year(),
            month: clock.month(),
            day: clock.day(),
            hour: clock.hour(),
            minute: clock.minute(),
            second: clock.second(),
            micros: clock.subsec_nanosecond() / 1_000,
        })
    }
}

impl ZoneRules {
    /// How far the clock is ahead of UTC at a local time.
    fn offset(&self, local: DateTime) -> Result<Offset, Reason> {
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(offset),
            AmbiguousOffset::Fold { before, after } => match self.ambiguous {
                Ambiguous::Earlier => Ok(before),
                Ambiguous::Later => Ok(after),
                Ambiguous::Refuse => Err(Reason::AmbiguousTime),
            },
            // By the clock before the jump a skipped time lies after it, by the clock after the jump before it.
            AmbiguousOffset::Gap { before, after } => match self.missing {
                Missing::After => Ok(before),
                Missing::Before => Ok(after),
                Missing::Refuse => Err(Reason::NonexistentTime),
            },
        }
    }
}

/// Microseconds since 1970 as text: `2026-11-22 10:00:00`.
pub(crate) fn iso(micros: i64) -> String {
    match jiff::Timestamp::from_microsecond(micros) {
        Ok(instant) => Offset::UTC.to_datetime(instant).strftime("%F %T%.f").to_string(),
        Err(_) => format!("{micros} us"),
    }
}

fn days_in_month(year: i16, month: i8) -> i8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts days with years that begin in March, so that the leap day comes last (H. Hinnant,
/// "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days_since_1970(year: i16, month: i8, day: i8) -> i32 {
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = (i32::from(month) + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + i32::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    // Compared with jiff's own calendar over every day of 400 years.
    #[test]
    fn days_agree_with_an_independent_calendar() {
        let start = jiff::civil::date(1970, 1, 1);
        let mut day = jiff::civil::date(1800, 1, 1);
        while day.year() < 2200 {
            let expected = (day - start).get_days();
            assert_eq!(
                WrittenMoment::day(day.year(), day.month(), day.day()).days(),
                expected,
                "{day}"
            );
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn the_calendar_has_no_30th_of_february() {
        assert!(WrittenMoment::day(2024, 2, 29).exists());
        for (year, month, day) in
            [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1)]
        {
            assert!(!WrittenMoment::day(year, month, day).exists(), "{year}-{month}-{day}");
        }
    }

    // Expected instants: Python's `datetime(..., fold=f, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)`; fold 0
    // is `earlier` and `after`, fold 1 is `later` and `before` (PEP 495).
    #[test]
    fn a_declared_rule_settles_a_clock_that_jumps() {
        let settled = |ambiguous, missing, month, day| {
            let Some(Zone::ZoneRules(place)) = Zone::named("Europe/Berlin") else {
                panic!("a place")
            };
            let zone = Zone::ZoneRules(ZoneRules { ambiguous, missing, ..place });
            iso(zone
                .to_utc(WrittenMoment {
                    hour: 2,
                    minute: 30,
                    ..WrittenMoment::day(2026, month, day)
                })
                .unwrap())
        };
        assert_eq!(settled(Ambiguous::Earlier, Missing::Refuse, 10, 25), "2026-10-25 00:30:00");
        assert_eq!(settled(Ambiguous::Later, Missing::Refuse, 10, 25), "2026-10-25 01:30:00");
        assert_eq!(settled(Ambiguous::Refuse, Missing::After, 3, 29), "2026-03-29 01:30:00");
        assert_eq!(settled(Ambiguous::Refuse, Missing::Before, 3, 29), "2026-03-29 00:30:00");
    }

    // Berlin skipped 02:00-03:00 on 2026-03-29 and lived 02:00-03:00 twice on 2026-10-25 (EU rule: last Sundays).
    #[test]
    fn a_clock_that_jumps_is_not_guessed() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let at = |month, day, hour| WrittenMoment {
            hour,
            minute: 30,
            ..WrittenMoment::day(2026, month, day)
        };
        assert_eq!(berlin.to_utc(at(3, 29, 2)), Err(Reason::NonexistentTime));
        assert_eq!(berlin.to_utc(at(10, 25, 2)), Err(Reason::AmbiguousTime));
        let utc = berlin.to_utc(at(7, 1, 12)).unwrap();
        assert_eq!(utc, at(7, 1, 10).micros_on_its_clock(), "two hours ahead in summer");
        assert_eq!(berlin.micros_to_utc(at(7, 1, 12).micros_on_its_clock()), Ok(utc));
    }
}
