//! How often a source delivers, and how far its newest row reaches.

use jiff::Span;
use jiff::civil::Weekday;
use serde::Deserialize;

/// How often a source delivers: what happened by the end of the last whole one of these is expected to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// Every working day.
    Daily,
    /// Every week that begins on a Monday.
    Weekly,
    /// Every calendar month.
    Monthly,
    /// Every calendar quarter.
    Quarterly,
}

/// A day of the week, by the first three letters of its English name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "days have the names they have")]
pub enum WorkingDay {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl WorkingDay {
    pub(super) fn weekday(self) -> Weekday {
        match self {
            Self::Mon => Weekday::Monday,
            Self::Tue => Weekday::Tuesday,
            Self::Wed => Weekday::Wednesday,
            Self::Thu => Weekday::Thursday,
            Self::Fri => Weekday::Friday,
            Self::Sat => Weekday::Saturday,
            Self::Sun => Weekday::Sunday,
        }
    }
}

/// A time span as people write it: days are those of the calendar.
pub(crate) fn span(text: Option<&str>) -> Option<Span> {
    text?.parse().ok()
}
