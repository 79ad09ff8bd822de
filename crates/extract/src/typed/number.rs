//! Whole numbers, decimals and booleans from text, exactly or not at all.

/// Digits a decimal may have in all: the precision of the stored type.
pub(crate) const PRECISION: u32 = 18;

/// A whole number of 64 bits: sign and digits, nothing else.
#[inline]
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = signed(text);
    if digits.is_empty() {
        return None;
    }
    if digits.len() <= 18 {
        let mut value = 0_i64;
        for byte in digits {
            value = value * 10 + i64::from(digit(*byte)?);
        }
        return Some(if is_negative { -value } else { value });
    }
    let mut value = 0_i64;
    for byte in digits {
        // Counted below zero, where one more number lies than above it.
        value = value.checked_mul(10)?.checked_sub(i64::from(digit(*byte)?))?;
    }
    if is_negative { Some(value) } else { value.checked_neg() }
}

/// The digits that open a text and have words after them, as choices of a survey do: `10 - extremely likely`.
///
/// A text whose number goes on, as in `10.5`, `1,000` or `3rd`, is given back whole.
pub(crate) fn leading(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    let goes_on = match rest {
        [b'.' | b',', next, ..] => next.is_ascii_digit(),
        [next, ..] => next.is_ascii_alphanumeric(),
        [] => false,
    };
    if digits == 0 || goes_on { text } else { number }
}

/// A decimal of `scale` digits after the point, as a count of its smallest unit.
///
/// More digits than that are accepted only when they are zeros: nothing is rounded.
#[inline]
pub(crate) fn decimal(text: &[u8], scale: u8) -> Option<i128> {
    let (is_negative, digits) = signed(text);
    let mut value = 0_i64;
    let mut after_point: Option<u8> = None;
    let mut is_empty = true;
    for byte in digits {
        if *byte == b'.' && after_point.is_none() {
            after_point = Some(0);
            continue;
        }
        let digit = digit(*byte)?;
        is_empty = false;
        match &mut after_point {
            Some(kept) if *kept == scale => {
                if digit != 0 {
                    return None;
                }
                continue;
            }
            Some(kept) => *kept += 1,
            None => {}
        }
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    if is_empty {
        return None;
    }
    let missing = u32::from(scale - after_point.unwrap_or(0));
    let value = within_precision(i128::from(value).checked_mul(10_i128.pow(missing))?)?;
    Some(if is_negative { -value } else { value })
}

/// A decimal times a factor as the nearest whole number; halves go away from zero.
///
/// Digits after the 20th behind the point are not looked at: no export of a float has as many that matter.
pub(crate) fn nearest(text: &[u8], factor: u32) -> Option<i64> {
    const KEPT: usize = 20;
    let (is_negative, digits) = signed(text);
    let (whole, fraction) = match memchr::memchr(b'.', digits) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &[][..]),
    };
    if (whole.is_empty() && fraction.is_empty())
        || !whole.iter().chain(fraction).all(u8::is_ascii_digit)
    {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(KEPT)];
    let mut value = 0_i128;
    for byte in whole.iter().chain(fraction) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit(*byte)?))?;
    }
    let one = 10_i128.pow(u32::try_from(fraction.len()).expect("20 at most"));
    let rounded = value.checked_mul(i128::from(factor))?.checked_add(one / 2)? / one;
    i64::try_from(if is_negative { -rounded } else { rounded }).ok()
}

/// The nearest number with a floating point: digits, a point, an exponent. Zero has no sign.
pub(crate) fn float(text: &[u8]) -> Option<f64> {
    let is_mark = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    if !text.iter().all(is_mark) {
        return None;
    }
    let number: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    number.is_finite().then_some(number + 0.0)
}

/// A whole number for each finite number, in the same order.
pub(crate) fn float_order(number: f64) -> i128 {
    let size = i128::from(number.abs().to_bits());
    if number < 0.0 { -size } else { size }
}

/// The same decimal with another count of digits after the point; `None` when digits would be lost.
pub(crate) fn rescaled(value: i128, from: i8, to: u8) -> Option<i128> {
    let shift = i32::from(to) - i32::from(from);
    let factor = 10_i128.checked_pow(shift.unsigned_abs())?;
    let value = match shift {
        0.. => value.checked_mul(factor)?,
        _ if value % factor == 0 => value / factor,
        _ => return None,
    };
    within_precision(value)
}

/// A decimal of `scale` digits after the point, the nearest one to a number as programs write floats: with more digits, or
/// with an exponent. Halves go away from zero.
pub(crate) fn rounded(text: &[u8], scale: u8) -> Option<i128> {
    const DIGITS: usize = 36;
    let (mantissa, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (is_negative, digits) = signed(mantissa);
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    let all = whole.iter().chain(fraction);
    if whole.len() + fraction.len() == 0 || !all.clone().all(u8::is_ascii_digit) {
        return None;
    }
    // Zeros in front mean nothing, and digits after the 36th neither.
    let zeros = all.clone().take_while(|byte| **byte == b'0').count();
    let kept: Vec<u8> = all.skip(zeros).take(DIGITS).copied().collect();
    let mut value = 0_i128;
    for byte in &kept {
        value = value * 10 + i128::from(digit(*byte)?);
    }
    let dropped = whole.len() + fraction.len() - zeros - kept.len();
    let places = i64::try_from(fraction.len()).ok()? - i64::try_from(dropped).ok()? - exponent;
    let value = at_scale(value, i64::from(scale) - places)?;
    let value = within_precision(value)?;
    Some(if is_negative { -value } else { value })
}

/// A value times a power of ten, the nearest whole one.
fn at_scale(value: i128, power: i64) -> Option<i128> {
    let factor = |power: u64| 10_i128.checked_pow(u32::try_from(power).ok()?);
    if power >= 0 {
        return if value == 0 { Some(0) } else { value.checked_mul(factor(power.unsigned_abs())?) };
    }
    let Some(divisor) = factor(power.unsigned_abs()) else { return Some(0) };
    Some((value + divisor / 2) / divisor)
}

fn exponent(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b"+").unwrap_or(text);
    integer(text).filter(|exponent| exponent.abs() < 1_000)
}

fn within_precision(value: i128) -> Option<i128> {
    (value.unsigned_abs() < 10_u128.pow(PRECISION)).then_some(value)
}

/// A claim in words or digits, in any case.
pub(crate) fn boolean(text: &[u8]) -> Option<bool> {
    let is_any =
        |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    if is_any(["true", "1", "yes", "t"]) {
        Some(true)
    } else if is_any(["false", "0", "no", "f"]) {
        Some(false)
    } else {
        None
    }
}

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

#[inline]
fn digit(byte: u8) -> Option<u8> {
    let digit = byte.wrapping_sub(b'0');
    (digit < 10).then_some(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_after_a_number_are_left_out() {
        for (text, expected) in [
            ("10 - extremely likely", "10"),
            ("0 (not at all)", "0"),
            ("5: agree", "5"),
            ("7. Yes", "7"),
            ("8–very", "8"),
            ("9", "9"),
            ("10.5 of it", "10.5 of it"),
            ("1,000", "1,000"),
            ("3rd", "3rd"),
            ("very", "very"),
        ] {
            assert_eq!(leading(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }

    // Expected: Python's `decimal.Decimal(text).quantize(…, ROUND_HALF_UP)`.
    #[test]
    fn floats_are_rounded_where_that_is_asked() {
        for (text, scale, expected) in [
            ("0.30000000000000004", 4, Some(3_000)),
            ("1.38778e-16", 4, Some(0)),
            ("-2.5", 0, Some(-3)),
            ("2.4999999999999999999999999999999999999999999", 0, Some(2)),
            ("1.005E2", 2, Some(10_050)),
            ("123456789.99995", 4, Some(1_234_567_900_000)),
            ("1e300", 2, None),
            ("1e-999", 2, Some(0)),
            ("0e500", 2, Some(0)),
            ("99999999999999999", 4, None),
            (".", 2, None),
            ("1e", 2, None),
            ("1.2.3", 2, None),
            ("NaN", 2, None),
            (".5", 1, Some(5)),
        ] {
            assert_eq!(rounded(text.as_bytes(), scale), expected, "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_digits_or_nothing() {
        for (text, value) in [
            ("0", Some(0)),
            ("-7", Some(-7)),
            ("+12", Some(12)),
            ("0000045", Some(45)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1.0", None),
            ("1,000", None),
            ("1e3", None),
            ("", None),
            ("-", None),
            ("--1", None),
            ("12a", None),
        ] {
            assert_eq!(integer(text.as_bytes()), value, "{text}");
        }
    }

    #[test]
    fn a_decimal_is_never_rounded() {
        for (text, value) in [
            ("12.34", Some(123_400)),
            ("-0.0001", Some(-1)),
            ("12.34000", Some(123_400)),
            ("12.34001", None),
            (".5", Some(5_000)),
            ("5.", Some(50_000)),
            ("99999999999999.9999", Some(999_999_999_999_999_999)),
            ("100000000000000", None),
            ("1.2.3", None),
            ("1e-5", None),
            (".", None),
            ("", None),
            ("NaN", None),
        ] {
            assert_eq!(decimal(text.as_bytes(), 4), value, "{text}");
        }
        assert_eq!(decimal(b"3.0", 0), Some(3));
    }

    #[test]
    fn a_decimal_changes_its_scale_only_without_loss() {
        assert_eq!(rescaled(1_250, 2, 4), Some(125_000));
        assert_eq!(rescaled(125_000, 4, 2), Some(1_250));
        assert_eq!(rescaled(125_001, 4, 2), None);
        assert_eq!(rescaled(i128::MAX, 0, 4), None);
    }

    #[test]
    fn a_claim_is_read_in_any_case() {
        assert_eq!(boolean(b"TRUE"), Some(true));
        assert_eq!(boolean(b"No"), Some(false));
        assert_eq!(boolean(b"f"), Some(false));
        assert_eq!(boolean(b"on"), None);
    }
}
