//! Moments that files write as one number.

use super::calendar::{MICROS_PER_DAY, MICROS_PER_SECOND};
use super::number;

/// First and last second of the years 1 to 9999, counted from 1970.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A unit that instants are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EpochUnit {
    Second,
    Millisecond,
}

/// Microseconds since 1970 of a count of units since 1970; what is smaller is cut, as it is in an ISO time.
pub(crate) fn epoch(text: &[u8], unit: EpochUnit) -> Option<i64> {
    let places = match unit {
        EpochUnit::Second => 6,
        EpochUnit::Millisecond => 3,
    };
    let (is_negative, whole, fraction) = parts(text)?;
    let mut micros = number::integer(whole)?;
    for place in 0..places {
        let digit = fraction.get(place).map_or(0, |byte| i64::from(byte - b'0'));
        micros = micros.checked_mul(10)?.checked_add(digit)?;
    }
    if is_negative {
        // Cutting goes back in time on both sides of 1970.
        let is_cut = fraction.iter().skip(places).any(|byte| *byte != b'0');
        micros = -micros - i64::from(is_cut);
    }
    within_years(micros)
}

fn within_years(micros: i64) -> Option<i64> {
    SECONDS.contains(&micros.div_euclid(MICROS_PER_SECOND)).then_some(micros)
}

/// Microseconds since 1970 on the clock of the sheet that holds a day number of Excel's 1900 calendar.
///
/// - Day 1 is 1900-01-01. Day 60 is 1900-02-29, which never was, so days before it are one nearer to 1970.
/// - The fraction is the time of day, exact to the millisecond: a sheet keeps no more (15 digits in all).
pub(crate) fn excel(text: &[u8]) -> Option<i64> {
    const KEPT: usize = 17;
    let (is_negative, whole, fraction) = parts(text)?;
    let serial = number::integer(whole)?;
    let day = match serial {
        _ if is_negative => return None,
        1..=59 => serial - 25_568,
        61..=2_958_465 => serial - 25_569,
        _ => return None,
    };
    let fraction = &fraction[..fraction.len().min(KEPT)];
    let one = 10_i128.pow(u32::try_from(fraction.len()).expect("17 at most"));
    let of_day = fraction.iter().fold(0, |value, byte| value * 10 + i128::from(byte - b'0'));
    let millis = i64::try_from((of_day * 86_400_000 + one / 2) / one).expect("at most a day");
    within_years(day * MICROS_PER_DAY + millis * 1_000)
}

/// Sign, digits before the point and digits after it; digits only, and one before the point at least.
fn parts(text: &[u8]) -> Option<(bool, &[u8], &[u8])> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (whole, fraction) = match memchr::memchr(b'.', digits) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &[][..]),
    };
    let are_digits = !whole.is_empty() && whole.iter().chain(fraction).all(u8::is_ascii_digit);
    are_digits.then_some((is_negative, whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::calendar::iso;

    // Expected moments: Python, `datetime(1970, 1, 1) + timedelta(microseconds=floor(Decimal(text) * unit))`.
    #[test]
    fn epochs_count_from_1970_in_both_directions() {
        for (text, unit, expected) in [
            ("1772724240", EpochUnit::Second, "2026-03-05 15:24:00"),
            ("1772724240.123456789", EpochUnit::Second, "2026-03-05 15:24:00.123456"),
            ("0", EpochUnit::Second, "1970-01-01 00:00:00"),
            ("-0.5", EpochUnit::Second, "1969-12-31 23:59:59.5"),
            ("-1.0000005", EpochUnit::Second, "1969-12-31 23:59:58.999999"),
            ("1772724240123", EpochUnit::Millisecond, "2026-03-05 15:24:00.123"),
            ("1772724240123.4567", EpochUnit::Millisecond, "2026-03-05 15:24:00.123456"),
            ("-1", EpochUnit::Millisecond, "1969-12-31 23:59:59.999"),
            ("-62135596800", EpochUnit::Second, "0001-01-01 00:00:00"),
        ] {
            assert_eq!(epoch(text.as_bytes(), unit).map(iso).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            epoch(b"253402300799", EpochUnit::Second),
            Some(253_402_300_799_000_000),
            "the last of 9999"
        );
    }

    #[test]
    fn what_is_no_count_or_no_year_of_the_calendar_is_refused() {
        for text in [
            "253402300800",
            "-62135596801",
            "1772724240123",
            "99999999999999999999999999",
            "-9223372036854775808",
            "1e9",
            "+5",
            ".5",
            "NaN",
            "１２",
            "2026-03-05",
            "",
            "-",
        ] {
            assert_eq!(epoch(text.as_bytes(), EpochUnit::Second), None, "{text}");
            assert_eq!(excel(text.as_bytes()), None, "{text}");
        }
    }

    // Days 1, 59, 61, 36526, 44197 and 2958465 are what Microsoft's DATEVALUE gives for these dates; times: Python,
    // `datetime(1899, 12, 30) + timedelta(days=day, milliseconds=round(Decimal(fraction) * 86400000))`.
    #[test]
    fn days_of_a_sheet_mind_the_29th_of_february_that_never_was() {
        for (text, expected) in [
            ("1", "1900-01-01 00:00:00"),
            ("59", "1900-02-28 00:00:00"),
            ("61", "1900-03-01 00:00:00"),
            ("36526", "2000-01-01 00:00:00"),
            ("44197.0", "2021-01-01 00:00:00"),
            ("44197.75", "2021-01-01 18:00:00"),
            ("42059.4832", "2015-02-24 11:35:48.48"),
            ("46086.430902777778", "2026-03-05 10:20:30"),
            ("44197.9999999999", "2021-01-02 00:00:00"),
        ] {
            assert_eq!(excel(text.as_bytes()).map(iso).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(excel(b"2958465.99"), Some(253_402_299_936_000_000), "9999-12-31 23:45:36");
        for text in ["0", "0.5", "60", "60.5", "2958466", "-1"] {
            assert_eq!(excel(text.as_bytes()), None, "{text}");
        }
    }
}
