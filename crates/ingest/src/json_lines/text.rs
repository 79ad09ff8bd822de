//! Texts of JSON values: strings without escapes, numbers without exponents, objects without blanks.

use super::scan::unit;

/// What a string says. It has been scanned, so every escape is sound.
pub(crate) fn unescape(text: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = escaped(rest);
        out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[length.min(rest.len())..];
    }
    out.extend_from_slice(rest);
}

/// The character of the escape a text begins with, and how many bytes it takes.
fn escaped(text: &[u8]) -> (char, usize) {
    let letter = match text.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            let units = [unit(text), text.get(6..).and_then(unit)];
            let letter = char::decode_utf16(units.into_iter().flatten()).next();
            let letter = letter.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER);
            return (letter, 6 * letter.len_utf16());
        }
        Some(other) => char::from(*other),
        None => char::REPLACEMENT_CHARACTER,
    };
    (letter, 2)
}

/// Digits of a number written out: longer ones are no sizes of anything.
const LONGEST: i32 = 100;

/// A number without exponent and without zeros at the end of its fraction: `1.50e2` is `150`.
///
/// Digits are moved, not computed with, so nothing is lost; `None` when it would have absurdly many.
pub(crate) fn plain(number: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (number, exponent) = match number.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&number[..at], std::str::from_utf8(&number[at + 1..]).ok()?.parse().ok()?),
        None => (number, 0_i32),
    };
    let unsigned = number.strip_prefix(b"-").unwrap_or(number);
    let digits: Vec<u8> = unsigned.iter().copied().filter(u8::is_ascii_digit).collect();
    let count = i32::try_from(digits.len()).ok()?;
    let before_point = unsigned.iter().position(|byte| *byte == b'.').unwrap_or(unsigned.len());
    let point = i32::try_from(before_point).ok()?.checked_add(exponent)?;
    if count > LONGEST || point.abs() > LONGEST {
        return None;
    }
    // Where the number has no digit, on either side, there are zeros.
    let digit = |at: i32| usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(b'0');
    out.clear();
    out.extend((number != unsigned).then_some(b'-'));
    let whole = out.len();
    out.extend((0..point).map(digit).skip_while(|digit| *digit == b'0'));
    if out.len() == whole {
        out.push(b'0');
    }
    let fraction = (point..count).rev().find(|at| digit(*at) != b'0');
    if let Some(last) = fraction {
        out.push(b'.');
        out.extend((point..=last).map(digit));
    }
    Some(())
}

/// A value without the blanks between its tokens.
pub(crate) fn compact(value: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let (mut is_string, mut is_escaped) = (false, false);
    for byte in value {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' if !is_string => continue,
            b'"' if !is_escaped => is_string = !is_string,
            _ => {}
        }
        is_escaped = *byte == b'\\' && !is_escaped;
        out.push(*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_of(number: &str) -> Option<String> {
        let mut out = Vec::new();
        plain(number.as_bytes(), &mut out).map(|()| String::from_utf8(out).unwrap())
    }

    // Expected: Python's `format(decimal.Decimal(text).normalize(), "f")`.
    #[test]
    fn an_exponent_moves_the_point_and_loses_no_digit() {
        for (number, expected) in [
            ("12", "12"),
            ("12.50", "12.5"),
            ("-12.0", "-12"),
            ("1.5e3", "1500"),
            ("1.50E+2", "150"),
            ("1e-7", "0.0000001"),
            ("-12.345e-1", "-1.2345"),
            ("12345678901234567.89e1", "123456789012345678.9"),
            ("0.00", "0"),
            ("0.001e3", "1"),
            ("120", "120"),
        ] {
            assert_eq!(plain_of(number).as_deref(), Some(expected), "{number}");
        }
        assert_eq!(plain_of("1e999999999"), None);
        assert_eq!(plain_of("1e-99999999999999"), None);
    }

    // Expected: Python's `json.loads`.
    #[test]
    fn a_string_says_what_its_escapes_mean() {
        let mut out = Vec::new();
        unescape(br#"a\"\\\/\n\t\r\b\f\u00e9\ud83d\ude00."#, &mut out);
        assert_eq!(out, "a\"\\/\n\t\r\u{8}\u{c}é😀.".as_bytes());
    }

    #[test]
    fn blanks_go_but_not_inside_strings() {
        let mut out = Vec::new();
        compact(br#"{ "a b" : [ 1 , "\" , \\" ] }"#, &mut out);
        assert_eq!(out, br#"{"a b":[1,"\" , \\"]}"#);
    }
}
