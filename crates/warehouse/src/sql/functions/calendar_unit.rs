//! Days, weeks, months, quarters and years, numbered.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Span};

/// A length of the calendar. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CalendarUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Days from the Monday before 1970-01-01 to that day, a Thursday.
const FROM_MONDAY: i64 = 3;

impl CalendarUnit {
    /// Their words, as SQL writes them.
    pub(crate) const WORDS: [&'static str; 5] = ["day", "week", "month", "quarter", "year"];

    /// Reads a word; in any case, for SQL has none.
    pub(crate) fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }

    /// The number of the unit a day lies in, one more for each that follows; `None` outside the calendar.
    pub(super) fn number(self, day: i32) -> Option<i64> {
        let days = i64::from(day);
        Some(match self {
            Self::Day => days,
            Self::Week => (days + FROM_MONDAY).div_euclid(7),
            Self::Month => month(civil(day)?),
            Self::Quarter => month(civil(day)?).div_euclid(3),
            Self::Year => civil(day)?.year().into(),
        })
    }

    /// The first day of the unit a day lies in; `None` outside the calendar.
    pub(super) fn first_day(self, day: i32) -> Option<i32> {
        let civil_day = |day: Date| {
            let since = day.since(date(1970, 1, 1)).ok()?;
            Some(since.get_days())
        };
        match self {
            Self::Day => Some(day),
            Self::Week => i32::try_from(self.number(day)? * 7 - FROM_MONDAY).ok(),
            Self::Month => civil_day(civil(day)?.first_of_month()),
            Self::Quarter => {
                let first = civil(day)?.first_of_month();
                let into_quarter = i64::from((first.month() - 1) % 3);
                civil_day(first.checked_sub(Span::new().months(into_quarter)).ok()?)
            }
            Self::Year => civil_day(civil(day)?.first_of_year()),
        }
    }
}

/// Months since the year 0.
fn month(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month()) - 1
}

fn civil(day: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(SignedDuration::from_hours(i64::from(day) * 24)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(day: Date) -> i32 {
        day.since(date(1970, 1, 1)).unwrap().get_days()
    }

    #[test]
    fn every_unit_begins_on_its_first_day() {
        for (unit, first) in [
            (CalendarUnit::Day, date(2026, 11, 1)),
            (CalendarUnit::Week, date(2026, 10, 26)),
            (CalendarUnit::Month, date(2026, 11, 1)),
            (CalendarUnit::Quarter, date(2026, 10, 1)),
            (CalendarUnit::Year, date(2026, 1, 1)),
        ] {
            assert_eq!(unit.first_day(days(date(2026, 11, 1))), Some(days(first)), "{unit:?}");
        }
        assert_eq!(CalendarUnit::Week.first_day(-3), Some(-3), "1969-12-29 is a Monday");
        assert_eq!(CalendarUnit::Month.first_day(i32::MAX), None);
    }

    #[test]
    fn a_unit_begins_where_its_number_changes() {
        for unit in CalendarUnit::WORDS.map(|word| CalendarUnit::of(word).unwrap()) {
            for day in -800..800 {
                let begins = unit.first_day(day) == Some(day);
                assert_eq!(unit.number(day) != unit.number(day - 1), begins, "{unit:?} {day}");
            }
        }
    }
}
