//! Seconds in the unit a person would choose.

use super::decimal::fixed;

/// `45 s`, `4.5 min`, `12 min`, `3 h 12 min`, `24 h`, `2.4 d`, `120 d`; what is whole has no decimal: `5 min`.
///
/// Days begin at two, so that a promise of 24 hours and a value of 23 h 12 min stay comparable.
/// Rounded first and then put into the unit, so that 59.7 seconds are a minute
/// and never `60 s`.
pub(super) fn words(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    let days = seconds / 86_400.0;
    match seconds {
        seconds if seconds < 59.5 => format!("{}\u{a0}s", fixed(seconds, 0)),
        seconds if seconds < 597.0 => format!("{}\u{a0}min", tenths(seconds / 60.0)),
        _ if minutes < 60.0 => format!("{}\u{a0}min", fixed(minutes, 0)),
        _ if minutes < 2880.0 => hours(minutes),
        _ if days < 99.95 => format!("{}\u{a0}d", tenths(days)),
        _ => format!("{}\u{a0}d", fixed(days, 0)),
    }
}

fn tenths(number: f64) -> String {
    fixed(number, u8::from(number.fract() != 0.0))
}

fn hours(minutes: f64) -> String {
    let (hours, rest) = ((minutes / 60.0).floor(), minutes % 60.0);
    if rest == 0.0 {
        format!("{}\u{a0}h", fixed(hours, 0))
    } else {
        format!("{}\u{a0}h\u{a0}{}\u{a0}min", fixed(hours, 0), fixed(rest, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_takes_the_unit_a_person_would_choose() {
        let cases: [(f64, &str); 15] = [
            (0.0, "0 s"),
            (45.2, "45 s"),
            (59.7, "1.0 min"),
            (270.0, "4.5 min"),
            (300.0, "5 min"),
            (599.0, "10 min"),
            (720.0, "12 min"),
            (3_599.0, "1 h"),
            (11_520.0, "3 h 12 min"),
            (86_399.0, "24 h"),
            (172_799.0, "2.0 d"),
            (172_800.0, "2 d"),
            (207_360.0, "2.4 d"),
            (8_640_000.0, "100 d"),
            (864_000_000.0, "10,000 d"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(words(seconds).replace('\u{a0}', " "), expected, "{seconds} seconds");
        }
    }
}
