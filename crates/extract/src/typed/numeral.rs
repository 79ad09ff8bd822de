//! Numbers as JSON and spreadsheets write them, taken over digit by digit.

use super::field_value::FieldValue;

/// The value of `12`, `-12.50` or `1.5e3`; `None` when it has more than 38 digits, or is no number.
///
/// Digits are moved, not computed with, so nothing is lost. A number of these formats is not written in the
/// manner of its column: a point is a point, whatever the column's decimal mark.
pub(crate) fn numeral(number: &[u8]) -> Option<FieldValue<'static>> {
    let (mantissa, exponent) = match number.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&number[..at], std::str::from_utf8(&number[at + 1..]).ok()?.parse().ok()?),
        None => (number, 0_i32),
    };
    let (sign, digits) = match mantissa {
        [b'-', digits @ ..] => (-1, digits),
        digits => (1, digits),
    };
    let (unscaled, places) = digits_of(digits)?;
    let (unscaled, scale) = shifted(sign * unscaled, places.checked_sub(exponent)?)?;
    match i64::try_from(unscaled) {
        Ok(whole) if scale == 0 => Some(FieldValue::Integer(whole)),
        _ => Some(FieldValue::Decimal { unscaled, scale }),
    }
}

/// All digits as one number, and how many of them stand after the point.
fn digits_of(text: &[u8]) -> Option<(i128, i32)> {
    let (mut value, mut places, mut is_fraction) = (0_i128, 0, false);
    for byte in text {
        match byte {
            b'.' if !is_fraction => is_fraction = true,
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                places += i32::from(is_fraction);
            }
            _ => return None,
        }
    }
    (!text.is_empty()).then_some((value, places))
}

/// The same value without zeros at the end of its fraction.
fn shifted(mut unscaled: i128, mut scale: i32) -> Option<(i128, i8)> {
    if unscaled == 0 {
        return Some((0, 0));
    }
    while scale > 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    if scale < 0 {
        unscaled = unscaled.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?;
        scale = 0;
    }
    Some((unscaled, i8::try_from(scale).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: Python's `decimal.Decimal(text).normalize().as_tuple()`.
    #[test]
    fn an_exponent_moves_the_point_and_loses_no_digit() {
        for (number, unscaled, scale) in [
            ("12", 12, 0),
            ("12.50", 125, 1),
            ("-12.0", -12, 0),
            ("1.5e3", 1_500, 0),
            ("1.50E+2", 150, 0),
            ("1e-7", 1, 7),
            ("-12.345e-1", -12_345, 4),
            ("12345678901234567.89e1", 1_234_567_890_123_456_789, 1),
            ("0.00", 0, 0),
            ("0e99", 0, 0),
            ("0.001e3", 1, 0),
        ] {
            let expected = match i64::try_from(unscaled) {
                Ok(whole) if scale == 0 => FieldValue::Integer(whole),
                _ => FieldValue::Decimal { unscaled, scale },
            };
            assert_eq!(numeral(number.as_bytes()), Some(expected), "{number}");
        }
        for number in ["1e999999999", "1e-99999999999999", "1e-200", "", "-", "1.2.3", "x", "1e"] {
            assert_eq!(numeral(number.as_bytes()), None, "{number}");
        }
    }
}
