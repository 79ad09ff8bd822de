//! How far a clock is ahead of UTC, as a text says it.

/// Names that mean one offset: those of RFC 2822, and of Central Europe's clocks, in English and German.
///
/// No name that means several (`IST`, `BST`) is here.
const NAMED: [(&str, i64); 16] = [
    ("Z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("CET", 1),
    ("CEST", 2),
    ("MEZ", 1),
    ("MESZ", 2),
    ("WEZ", 0),
];

/// Seconds east of Greenwich: `Z`, `+01`, `+0100`, `-3:30`, `+01:00`, `GMT+1`, `UTC-03:30`, `EST`.
pub(super) fn offset(text: &[u8]) -> Option<i64> {
    let is_it = |(name, _): &&(&str, i64)| text.eq_ignore_ascii_case(name.as_bytes());
    if let Some((_, hours)) = NAMED.iter().find(is_it) {
        return Some(hours * 3_600);
    }
    let signed = text.strip_prefix(b"GMT").or_else(|| text.strip_prefix(b"UTC")).unwrap_or(text);
    // A sign, or the one of typography.
    let (is_west, digits) = match signed {
        [b'+', rest @ ..] => (false, rest),
        [b'-', rest @ ..] | [0xE2, 0x88, 0x92, rest @ ..] => (true, rest),
        _ => return None,
    };
    let seconds = hours_and_minutes(digits)?;
    Some(if is_west { -seconds } else { seconds })
}

/// `1`, `01`, `0130`, `1:30`, `01:30`.
fn hours_and_minutes(text: &[u8]) -> Option<i64> {
    let (hours, minutes) = match text.iter().position(|byte| *byte == b':') {
        Some(colon) => (&text[..colon], &text[colon + 1..]),
        None if text.len() == 4 => text.split_at(2),
        None => (text, &b"00"[..]),
    };
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 18 && minutes <= 59).then_some(hours * 3_600 + minutes * 60)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Names as jiff's reader of RFC 2822 knows them.
    #[test]
    fn names_are_those_of_the_standard() {
        for name in ["EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "GMT"] {
            let text = format!("Sun, 22 Nov 2026 10:00:00 {name}");
            let instant = jiff::fmt::rfc2822::parse(&text).unwrap();
            let expected = i64::from(instant.offset().seconds());
            assert_eq!(offset(name.as_bytes()), Some(expected), "{name}");
        }
    }

    #[test]
    fn numbers_may_follow_a_name_and_may_be_short() {
        for (text, minutes) in [
            ("+0100", 60),
            ("+01", 60),
            ("-08:00", -480),
            ("GMT+1", 60),
            ("UTC-03:30", -210),
            ("+5:30", 330),
            ("\u{2212}05:00", -300),
            ("CEST", 120),
        ] {
            assert_eq!(offset(text.as_bytes()), Some(minutes * 60), "{text}");
        }
        for text in ["", "1", "+", "+100", "+19", "+01:60", "+01:0", "GMT1", "IST", "BST", "+a1"] {
            assert_eq!(offset(text.as_bytes()), None, "{text}");
        }
    }
}
