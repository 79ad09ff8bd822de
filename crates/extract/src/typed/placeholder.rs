//! Dates that systems write where they have none.
//!
//! 0001-01-01 (.NET), 1582-10-10 (the first days of the calendar), 1899-12-30 (a spreadsheet's zero), 2999-12-31 and 9999-12-31
//! (for ever).

use super::calendar::Zone;
use super::moment::MomentReader;

/// 1900-01-01 and 2261-12-31; days since 1970. Many functions of the query engine count nanoseconds, which end in April of
/// 2262: one date behind it would end the night.
const FIRST: i32 = -25_567;
const LAST: i32 = 106_650;

/// Whether a day, as written, is one on which something can have happened.
pub(super) fn is_real(day: i32) -> bool {
    (FIRST..=LAST).contains(&day)
}

/// Whether it is one on the clock of every zone, when it is one in UTC.
#[inline]
pub(super) fn is_real_everywhere(day: i64) -> bool {
    (i64::from(FIRST) + 1..i64::from(LAST)).contains(&day)
}

/// The days among the texts that mean "no value".
pub(super) fn days(null: &[String]) -> Vec<i32> {
    let iso = MomentReader::new(&[], Zone::Utc);
    null.iter().filter_map(|token| iso.date(token.as_bytes()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> i32 {
        (jiff::civil::date(year, month, day) - jiff::civil::date(1970, 1, 1)).get_days()
    }

    // Days are counted by jiff's calendar.
    #[test]
    fn what_systems_write_for_nothing_is_no_day() {
        for (year, month, of_month) in [
            (1, 1, 1),
            (1582, 10, 10),
            (1899, 12, 30),
            (1899, 12, 31),
            (2262, 1, 1),
            (2999, 12, 31),
            (9999, 12, 31),
        ] {
            assert!(!is_real(day(year, month, of_month)), "{year}-{month}-{of_month}");
        }
        assert!(is_real(day(1900, 1, 1)) && is_real(day(2026, 11, 22)));
        assert_eq!((FIRST, LAST), (day(1900, 1, 1), day(2261, 12, 31)));
    }

    #[test]
    fn null_may_name_a_day() {
        let null = ["", "9999-12-31", "?", "0001-01-01"].map(ToOwned::to_owned);
        assert_eq!(days(&null), [day(9999, 12, 31), day(1, 1, 1)]);
    }
}
