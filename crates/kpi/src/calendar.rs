//! The day a run is made for, in the reporting time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The as-of day and the time zone whose midnights cut weeks and months.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    as_of: Date,
    since: Date,
    name: String,
    zone: TimeZone,
}

/// A time zone that this machine does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("there is no time zone `{0}`")]
#[diagnostic(help("use a name of the IANA database, such as `Europe/Berlin` or `UTC`"))]
pub struct UnknownTimeZone(String);

impl Calendar {
    /// Rows of `as_of` and later days are not known yet.
    ///
    /// # Errors
    ///
    /// [`UnknownTimeZone`] when the name is not in the time zone database.
    pub fn new(as_of: Date, time_zone: &str) -> Result<Self, UnknownTimeZone> {
        let is_plain = time_zone
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "/_+-".contains(letter));
        let zone = TimeZone::get(time_zone).ok().filter(|_| is_plain);
        let zone = zone.ok_or_else(|| UnknownTimeZone(time_zone.into()))?;
        Ok(Self { as_of, since: first_day(as_of), name: time_zone.into(), zone })
    }

    /// The same, measured from another day on.
    #[must_use]
    pub fn measured_since(self, since: Date) -> Self {
        Self { since, ..self }
    }

    /// The first day that is measured: no period begins before it.
    pub fn since(&self) -> Date {
        self.since
    }

    /// The first day that is not measured.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Name of the time zone.
    pub fn time_zone(&self) -> &str {
        &self.name
    }

    /// The instant at which a day begins here.
    ///
    /// A day without a midnight begins when its clock first runs.
    ///
    /// # Panics
    ///
    /// Beyond the years -9999 and 9999, which no extract holds.
    pub fn midnight(&self, day: Date) -> Timestamp {
        self.zone
            .to_zoned(day.at(0, 0, 0, 0))
            .expect("extracts hold days between the years -9999 and 9999")
            .start_of_day()
            .expect("a day within the calendar has a start")
            .timestamp()
    }

    /// The local day an instant falls on.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }
}

/// The first day that is measured where nobody says otherwise: the first of the year ten years before.
fn first_day(as_of: Date) -> Date {
    const YEARS: i16 = 10;
    Date::new(as_of.year().saturating_sub(YEARS), 1, 1).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn midnight_is_local_in_winter_and_in_summer() {
        let berlin = Calendar::new(date(2026, 11, 23), "Europe/Berlin").unwrap();
        assert_eq!(berlin.midnight(date(2026, 11, 23)).to_string(), "2026-11-22T23:00:00Z");
        assert_eq!(berlin.midnight(date(2026, 7, 1)).to_string(), "2026-06-30T22:00:00Z");
        assert_eq!(berlin.day_of("2026-06-30T22:00:00Z".parse().unwrap()), date(2026, 7, 1));
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let refused = Calendar::new(date(2026, 11, 23), "Europe/Berln").unwrap_err();
        assert_eq!(refused.to_string(), "there is no time zone `Europe/Berln`");
    }
}
