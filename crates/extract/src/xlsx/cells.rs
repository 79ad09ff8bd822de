//! What the cells of a sheet say: texts, claims, moments, and numbers as Excel shows them.

use super::book::Book;
use super::moment::{StyledMoment, clock, styled};
use super::sheet::CellValue;
use crate::refusal::Refusal;
use crate::source::Kind;
use crate::typed::FieldValue;
use crate::typed::numeral;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Significant digits that a spreadsheet shows and keeps.
const DIGITS: usize = 15;

/// A value as a column takes it; `scratch` holds its text where it has to be written anew.
pub(super) fn cell<'a>(
    value: &'a CellValue,
    book: &'a Book,
    kind: Kind,
    scratch: &'a mut String,
) -> Result<FieldValue<'a>, Refusal> {
    Ok(match value {
        CellValue::Text(text) | CellValue::Iso(text) | CellValue::Error(text) => {
            FieldValue::Text(text.as_bytes())
        }
        CellValue::Shared(index) => {
            let missing = || Refusal::BadXlsx(format!("its shared text {index} is missing"));
            FieldValue::Text(book.texts.get(*index).ok_or_else(missing)?.as_bytes())
        }
        CellValue::Boolean(claim) if kind == Kind::Boolean => FieldValue::Boolean(*claim),
        CellValue::Boolean(claim) => FieldValue::Text(if *claim { b"true" } else { b"false" }),
        CellValue::Number(number, style) => {
            let style = book.styles.get(*style).copied().unwrap_or_default();
            match styled(number, style, book.is_1904) {
                Some(styled) => moment(styled, kind, scratch),
                None => plain(number, kind, scratch),
            }
        }
    })
}

fn moment(styled: StyledMoment, kind: Kind, scratch: &mut String) -> FieldValue<'_> {
    match styled {
        StyledMoment::Span(millis) if kind == Kind::Duration && millis % 1_000 == 0 => {
            FieldValue::Seconds(millis / 1_000)
        }
        StyledMoment::Span(millis) => {
            *scratch = clock(millis);
            FieldValue::Text(scratch.as_bytes())
        }
        StyledMoment::Moment(micros) if kind == Kind::Text => {
            let days = micros.div_euclid(MICROS_PER_DAY);
            *scratch = match i32::try_from(days) {
                Ok(day) if days * MICROS_PER_DAY == micros => FieldValue::Day(day).to_text(),
                _ => FieldValue::Local(micros).to_text(),
            };
            FieldValue::Text(scratch.as_bytes())
        }
        StyledMoment::Moment(micros) => FieldValue::Local(micros),
    }
}

/// A number that is no date. Digits alone are kept as they are, fractions as the program that shows them.
fn plain<'a>(number: &'a str, kind: Kind, scratch: &'a mut String) -> FieldValue<'a> {
    let is_whole = number.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    let text = match number.parse::<f64>() {
        Ok(float) if !is_whole && float.is_finite() => {
            *scratch = as_excel_shows(float);
            scratch.as_str()
        }
        _ => number,
    };
    match kind {
        Kind::Text | Kind::Boolean => FieldValue::Text(text.as_bytes()),
        _ => numeral(text.as_bytes()).unwrap_or(FieldValue::Text(text.as_bytes())),
    }
}

/// A fraction to 15 significant digits, as Excel shows it: what sums and products leave beyond them is the noise of
/// binary fractions, 494.00000000000006 for 494.
fn as_excel_shows(float: f64) -> String {
    let shortest = float.to_string();
    let digits =
        shortest.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if digits <= DIGITS {
        return shortest;
    }
    // A decimal of 15 digits is the shortest text of the float nearest to it, so nothing is lost on this way.
    match format!("{float:.*e}", DIGITS - 1).parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => rounded.to_string(),
        _ => shortest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: Python's `format(Decimal(format(float(text), ".15g")), "f")`, which rounds the float exactly.
    #[test]
    fn fractions_have_fifteen_digits_and_whole_numbers_all_of_theirs() {
        for (number, expected) in [
            ("494.00000000000006", "494"),
            ("0.30000000000000004", "0.3"),
            ("1.1000000000000001", "1.1"),
            ("-2.2999999999999998", "-2.3"),
            ("99.999999999999986", "100"),
            ("0.1234567890123456", "0.123456789012346"),
            ("123456789012345.6", "123456789012346"),
            ("1.0000000000000002E-5", "0.00001"),
            ("12345678.12345678", "12345678.1234568"),
            ("123456789012345", "123456789012345"),
            ("9007199254740993", "9007199254740993"),
            ("-12.5", "-12.5"),
        ] {
            let mut scratch = String::new();
            assert_eq!(
                plain(number, Kind::Text, &mut scratch),
                FieldValue::Text(expected.as_bytes()),
                "{number}"
            );
        }
        assert_eq!(as_excel_shows(f64::MAX).len(), 309, "the largest float stays a number");
        assert_eq!(
            plain("494.00000000000006", Kind::Decimal, &mut String::new()),
            FieldValue::Integer(494)
        );
    }
}
