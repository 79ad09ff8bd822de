//! The day that a run is made for.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// Years in which days of extracts lie; a run is made for a day of one of them.
pub(crate) const YEARS: RangeInclusive<i16> = 1970..=2200;

/// Reads a day of the years in which days of extracts lie.
pub(super) fn run_day(text: &str) -> Result<Date, String> {
    let day: Date = text.parse().map_err(|_| "write a day as 2026-11-23".to_owned())?;
    let is_one = YEARS.contains(&day.year());
    is_one
        .then_some(day)
        .ok_or_else(|| format!("a run is made for a day from {} to {}", YEARS.start(), YEARS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lies_in_years_that_extracts_have() {
        for text in ["1970-01-01", "2026-11-23", "2200-12-31"] {
            assert!(run_day(text).is_ok(), "{text}");
        }
        for text in ["1969-12-31", "2201-01-01", "0026-11-23", "9999-01-01"] {
            assert_eq!(run_day(text), Err("a run is made for a day from 1970 to 2200".into()));
        }
        assert_eq!(run_day("23.11.2026"), Err("write a day as 2026-11-23".into()));
    }
}
