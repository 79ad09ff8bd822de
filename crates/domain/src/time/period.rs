//! Periods: days `from <= day < until`, on the calendar of the reporting time zone.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One day.
    Day,
    /// ISO week, Monday to Sunday.
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
    /// Everything known at the as-of day.
    All,
}

impl Grain {
    /// Every length, from the shortest on.
    pub const ALL: [Self; 6] =
        [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::All];

    /// The word used in files and columns: `week`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::All => "all",
        }
    }

    /// Days of its longest period; one for [`Grain::All`] too, which has no bounds of its own.
    pub fn most_days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
            Self::Day | Self::All => 1,
        }
    }
}

/// The days a KPI is stated for: `from <= day < until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Its length.
    pub grain: Grain,
    /// First day.
    pub from: Date,
    /// First day after it.
    pub until: Date,
}

/// A period that no calendar has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a period: write a day as `2026-11-21`, a week as `2026-W47`, a month as `2026-11`, a quarter as `2026-Q4`, a year as `2026`"
)]
pub struct BadPeriod(String);

impl Period {
    /// The period of `grain` that `day` falls into.
    ///
    /// [`Grain::All`] has no natural bounds: the result is the one day alone, and a caller
    /// that knows the first day extends it.
    ///
    /// ```
    /// use scorewright_domain::{Grain, Period};
    /// let week = Period::containing(Grain::Week, jiff::civil::date(2026, 1, 1));
    /// assert_eq!(week.label(), "2026-W01");
    /// assert_eq!(week.from, jiff::civil::date(2025, 12, 29));
    /// ```
    ///
    /// # Panics
    ///
    /// Beyond the years -9999 and 9999, which no extract holds.
    pub fn containing(grain: Grain, day: Date) -> Self {
        let from = match grain {
            Grain::Week => day - i64::from(day.weekday().since(Weekday::Monday)).days(),
            Grain::Month => day.first_of_month(),
            Grain::Quarter => {
                let months = (day.month() - 1) % 3;
                day.first_of_month() - i64::from(months).months()
            }
            Grain::Year => day.first_of_year(),
            Grain::Day | Grain::All => day,
        };
        Self { grain, from, until: Self::end(grain, from) }
    }

    fn end(grain: Grain, from: Date) -> Date {
        match grain {
            Grain::Week => from + 1.week(),
            Grain::Month => from + 1.month(),
            Grain::Quarter => from + 3.months(),
            Grain::Year => from + 1.year(),
            Grain::Day | Grain::All => from + 1.day(),
        }
    }

    /// The newest period of `grain` that is over on `day`: the last one that is whole.
    pub fn last_complete(grain: Grain, day: Date) -> Self {
        Self::containing(grain, day).previous()
    }

    /// The period just before; [`Grain::All`] has none and returns itself.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.grain == Grain::All {
            self
        } else {
            Self::containing(self.grain, self.from - 1.day())
        }
    }

    /// The period just after; [`Grain::All`] returns itself.
    #[must_use]
    pub fn next(self) -> Self {
        if self.grain == Grain::All { self } else { Self::containing(self.grain, self.until) }
    }

    /// The comparable period a year earlier: the same month, or the day or week 52 weeks before,
    /// which holds the same weekdays.
    #[must_use]
    pub fn a_year_earlier(self) -> Self {
        match self.grain {
            Grain::All => self,
            Grain::Day | Grain::Week => Self::containing(self.grain, self.from - 52.weeks()),
            Grain::Month | Grain::Quarter | Grain::Year => {
                Self::containing(self.grain, self.from - 1.year())
            }
        }
    }

    /// Days in the period.
    ///
    /// # Panics
    ///
    /// Never: the difference of two days is a number of days.
    pub fn days(self) -> i64 {
        i64::from((self.until - self.from).get_days())
    }

    /// Whether the period is over on `day`, so that its figures are whole.
    pub fn is_complete_on(self, day: Date) -> bool {
        self.until <= day
    }

    /// Its short name: `2026-11-21`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`, `all`.
    pub fn label(self) -> String {
        match self.grain {
            Grain::Day => self.from.to_string(),
            Grain::Week => {
                let week = self.from.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Grain::Month => format!("{}-{:02}", self.from.year(), self.from.month()),
            Grain::Quarter => format!("{}-Q{}", self.from.year(), (self.from.month() - 1) / 3 + 1),
            Grain::Year => self.from.year().to_string(),
            Grain::All => "all".into(),
        }
    }

    /// Reads a short name back.
    ///
    /// # Errors
    ///
    /// When the text is none of the forms that [`Period::label`] writes, or names a week or month that does not exist.
    pub fn from_label(label: &str) -> Result<Self, BadPeriod> {
        parse(label).ok_or_else(|| BadPeriod(label.into()))
    }
}

fn parse(label: &str) -> Option<Period> {
    let (year, rest) =
        label.split_once('-').map_or((label, None), |(year, rest)| (year, Some(rest)));
    let year: i16 = year.parse().ok().filter(|year| (1900..=2999).contains(year))?;
    let (grain, from) = match rest {
        None => (Grain::Year, Date::new(year, 1, 1).ok()?),
        Some(rest) if rest.starts_with('W') => {
            let week: i8 = rest[1..].parse().ok()?;
            (Grain::Week, jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date())
        }
        Some(rest) if rest.starts_with('Q') => {
            let quarter: i8 = rest[1..].parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            (Grain::Quarter, Date::new(year, quarter * 3 - 2, 1).ok()?)
        }
        Some(rest) if rest.contains('-') => (Grain::Day, label.parse().ok()?),
        Some(rest) => (Grain::Month, Date::new(year, rest.parse().ok()?, 1).ok()?),
    };
    Some(Period::containing(grain, from))
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.label())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn week_starts_on_monday() {
        let week = Period::containing(Grain::Week, date(2026, 11, 22));
        assert_eq!((week.from, week.until), (date(2026, 11, 16), date(2026, 11, 23)));
        assert_eq!(week.label(), "2026-W47");
    }

    #[test]
    fn a_long_year_has_week_53() {
        assert_eq!(Period::containing(Grain::Week, date(2021, 1, 1)).label(), "2020-W53");
        assert!(Period::from_label("2021-W53").is_err());
    }

    #[test]
    fn no_period_is_longer_than_the_longest_of_its_grain() {
        for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year] {
            let first = Period::containing(grain, date(2024, 1, 1));
            let periods = std::iter::successors(Some(first), |period| Some(period.next()));
            let longest = periods.take(60).map(Period::days).max();
            assert_eq!(longest, Some(grain.most_days()), "{}", grain.name());
        }
    }

    #[test]
    fn the_week_in_progress_is_not_complete() {
        assert_eq!(Period::last_complete(Grain::Week, date(2026, 11, 22)).label(), "2026-W46");
        assert_eq!(Period::last_complete(Grain::Week, date(2026, 11, 23)).label(), "2026-W47");
    }

    #[test]
    fn a_label_reads_back_as_its_period() {
        for label in ["2024-02-29", "2026-W01", "2024-02", "2026-Q4", "2017"] {
            assert_eq!(Period::from_label(label).unwrap().label(), label);
        }
        assert_eq!(Period::from_label("2024-02").unwrap().days(), 29);
        assert!(Period::from_label("2023-02-29").is_err());
    }

    #[test]
    fn a_year_earlier_keeps_weekdays_for_weeks_and_names_for_months() {
        let week = Period::from_label("2026-W47").unwrap().a_year_earlier();
        assert_eq!(week.from.weekday(), Weekday::Monday);
        assert_eq!(week.label(), "2025-W47");
        assert_eq!(Period::from_label("2024-02").unwrap().a_year_earlier().label(), "2023-02");
    }
}
