//! What stands in quarantine in place of what must not be shown.
//!
//! A value that slipped into another column is still one that must not be shown. So of a row of a source with personal
//! columns only dates, times, short numbers and yes or no are shown wherever they stand, and of all else the shape: it
//! shows what a format got wrong and not who it is about.

use std::borrow::Cow;

/// What stands in quarantine for a row whose personal values cannot be told from the rest.
pub const WITHHELD: &str = "(not kept: the source has personal columns)";

/// What stands in quarantine for a personal value.
pub const MASK: &str = "***";

/// Digits of a number that is nobody's: of a customer or a telephone there are more.
const MOST_DIGITS: usize = 4;

/// A value as its shape: letters as `a` and `A`, digits as `9`, all else as it is.
pub(crate) fn shape(value: &str) -> Cow<'_, str> {
    if is_plain(value.trim()) {
        return Cow::Borrowed(value);
    }
    let shaped = |letter: char| match letter {
        _ if letter.is_numeric() => '9',
        _ if letter.is_uppercase() => 'A',
        _ if letter.is_alphabetic() => 'a',
        _ => letter,
    };
    Cow::Owned(value.chars().map(shaped).collect())
}

/// Pieces of a JSON object between its personal values, each value as its shape. Names of members are shown, unless
/// they are addresses or numbers.
pub(crate) fn shape_of_json(text: &str) -> String {
    let mut shaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let token = match letter {
            '"' => &rest[..string_end(rest)],
            '0'..='9' | '-' | '+' | '.' => {
                let is_number = |it: char| it.is_ascii_alphanumeric() || "+-.".contains(it);
                &rest[..rest.find(|it| !is_number(it)).unwrap_or(rest.len())]
            }
            letter => &rest[..letter.len_utf8()],
        };
        rest = &rest[token.len()..];
        shaped += &match letter {
            '"' if is_name(token, rest) => Cow::Borrowed(token),
            '"' => shape_of_string(token),
            _ if token.len() > 1 => shape(token),
            _ => Cow::Borrowed(token),
        };
    }
    shaped
}

/// A string of JSON without its quotes as its shape; an escape is no letter of the value.
fn shape_of_string(token: &str) -> Cow<'_, str> {
    let inner = token.trim_matches('"');
    if is_plain(inner.trim()) {
        Cow::Borrowed(token)
    } else {
        format!("\"{}\"", shape(inner)).into()
    }
}

/// Length of the string that a text begins with; all of it where the string has no end.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = letter == '\\' && !is_escaped,
        }
    }
    text.len()
}

/// Whether a string is the name of a member and no address or number.
fn is_name(token: &str, rest: &str) -> bool {
    let digits = token.chars().filter(char::is_ascii_digit).count();
    rest.trim_start().starts_with(':') && !token.contains('@') && digits <= MOST_DIGITS
}

/// Whether a value says nothing of anybody by itself.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "null", "none", "n/a", "nan"];
    value.is_empty()
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
        || is_short_number(value)
        || is_time(value)
}

fn is_short_number(value: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || "+-.,% ".contains(letter);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    value.chars().all(is_part) && digits <= MOST_DIGITS
}

/// A day, its year first or last with four digits, and perhaps a time of day behind it.
fn is_time(value: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || " -/.:TZ+,".contains(letter);
    let groups: Vec<&str> = value.split(|letter: char| !letter.is_ascii_digit()).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let Some(year) = (match lengths[..] {
        [4, 1 | 2, 1 | 2, ..] => Some(groups[0]),
        [1 | 2, 1 | 2, 4, ..] => Some(groups[2]),
        _ => None,
    }) else {
        return false;
    };
    let is_of_day = |length: &usize| *length <= 2 || *length == 3 || *length == 6 || *length == 9;
    value.chars().all(is_part)
        && ("1900".."2200").contains(&year)
        && lengths.len() <= 10
        && lengths[3..].iter().all(is_of_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_short_numbers_are_shown_and_of_all_else_the_shape() {
        let shown = [
            "",
            " ",
            "7",
            "-12.5",
            "4,5 %",
            "9999",
            "TRUE",
            "n/a",
            "2026-11-16",
            "16.11.2026 10:00",
            "2026-11-16T10:00:00.123456Z",
            "1/2/2026",
            "2026-11-16 10:00:00+01:00",
        ];
        for value in shown {
            assert_eq!(shape(value), value);
        }
        let outlined = [
            ("ann@example.com", "aaa@aaaaaaa.aaa"),
            ("Ann Müller", "Aaa Aaaaaa"),
            ("+49 170 1234567", "+99 999 9999999"),
            ("12345", "99999"),
            ("2026-11-16 Ann", "9999-99-99 Aaa"),
            ("0170-12-34567", "9999-99-99999"),
            ("日本", "aa"),
            ("1,204.50", "9,999.99"),
        ];
        for (value, outlined) in outlined {
            assert_eq!(shape(value), outlined);
        }
    }

    #[test]
    fn names_of_members_are_shown_and_not_their_values() {
        let text = r#"{"team":"Ann \"B","n":7,"ids":[1234567,-1],"x@y.z" : null,"at":"2026-11-16","ok":true}"#;
        let expected = r#"{"team":"Aaa \"A","n":7,"ids":[9999999,-1],"a@a.a" : null,"at":"2026-11-16","ok":true}"#;
        assert_eq!(shape_of_json(text), expected);
        assert_eq!(shape_of_json("{\"open"), "{\"aaaa\"");
    }
}
