//! Texts of JSON values: strings without escapes, objects without blanks.

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
