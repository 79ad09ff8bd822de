//! Dates and times of a spreadsheet: numbers of days that a style makes dates.

/// What a number in a cell of some style is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DateStyle {
    #[default]
    Number,
    /// A date, a time of day, or both.
    Moment,
    /// A time span: `[h]:mm`.
    Span,
}

impl DateStyle {
    /// The style of a number format that has no code in the file (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Moment,
            46 => Self::Span,
            _ => Self::Number,
        }
    }

    /// The style that a format code describes: `dd.mm.yyyy`, `[h]:mm:ss`, `#,##0.00 "days"`.
    pub(super) fn of_code(code: &str) -> Self {
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter.to_ascii_lowercase() {
                // The rest is for negative numbers.
                ';' => break,
                '"' => while letters.next().is_some_and(|inside| inside != '"') {},
                '\\' | '_' | '*' => {
                    letters.next();
                }
                '[' => {
                    let inside: String =
                        letters.by_ref().take_while(|inside| *inside != ']').collect();
                    let unit = inside.to_ascii_lowercase();
                    if !unit.is_empty()
                        && ["h", "m", "s"]
                            .iter()
                            .any(|one| unit.trim_matches(|l| one.contains(l)).is_empty())
                    {
                        return Self::Span;
                    }
                }
                'y' | 'd' | 'm' | 'h' | 's' => return Self::Moment,
                'g' if letters.as_str().to_ascii_lowercase().starts_with("eneral") => {
                    letters.nth("eneral".len() - 1);
                }
                _ => {}
            }
        }
        Self::Number
    }
}

const MILLIS_PER_DAY: i64 = 86_400_000;

/// What a number of days says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StyledMoment {
    /// Microseconds since 1970 on a clock that is not told.
    Moment(i64),
    /// A time of day, or a time span: milliseconds.
    Span(i64),
}

/// What a number of days since the beginning of the calendar says in a cell of some style.
///
/// - Milliseconds are rounded, as spreadsheets do: the numbers are too coarse for more.
/// - A number below 1 is a time of day: there is no day 0.
/// - `None` for numbers that are no days, and for 29 February 1900, which spreadsheets have and the year had not.
pub(super) fn styled(number: &str, style: DateStyle, is_1904: bool) -> Option<StyledMoment> {
    const LAST: f64 = 2_958_466.0; // 10000-01-01
    let days: f64 = number.parse().ok()?;
    if style == DateStyle::Number || !(-LAST..LAST).contains(&days) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "days were just found to be few")]
    let millis = (days * 86_400_000.0).round() as i64;
    if style == DateStyle::Span || (0..MILLIS_PER_DAY).contains(&millis) && !is_1904 {
        return Some(StyledMoment::Span(millis));
    }
    let begin = match millis.div_euclid(MILLIS_PER_DAY) {
        0.. if is_1904 => -24_107, // 1904-01-01
        1..60 => -25_568,          // 1899-12-31
        61.. => -25_569,           // a day earlier, for the day that never was
        _ => return None,
    };
    Some(StyledMoment::Moment((begin * MILLIS_PER_DAY + millis) * 1_000))
}

/// A time span as `h:mm:ss`, hours as many as there are.
pub(super) fn clock(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let all = millis.unsigned_abs();
    let (hours, minutes, seconds, rest) =
        (all / 3_600_000, all / 60_000 % 60, all / 1_000 % 60, all % 1_000);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{sign}{hours}:{minutes:02}:{seconds:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_code_tells_dates_from_numbers() {
        for code in
            ["dd.mm.yyyy", "m/d/yy h:mm", "[$-409]mmm\\-yy;@", "hh:mm AM/PM", "[Red]yyyy", "ss.0"]
        {
            assert_eq!(DateStyle::of_code(code), DateStyle::Moment, "{code}");
        }
        for code in ["[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[s]"] {
            assert_eq!(DateStyle::of_code(code), DateStyle::Span, "{code}");
        }
        for code in [
            "General",
            "0.00E+00",
            "#,##0 \"days\"",
            "#,##0.00\\ [$\\u20bd-46D]",
            "_-* #,##0_d",
            "0;[Red]-0\"h\"",
            "@",
            "[Red]0",
        ] {
            assert_eq!(DateStyle::of_code(code), DateStyle::Number, "{code}");
        }
    }

    // Expected: Python's `(datetime(1899, 12, 30) + timedelta(days=n) - datetime(1970, 1, 1))`; 1904 by its own beginning.
    #[test]
    fn days_are_counted_from_the_beginning_of_the_calendar() {
        let moment = |number: &str, is_1904| styled(number, DateStyle::Moment, is_1904);
        assert_eq!(moment("45943.5", false), Some(StyledMoment::Moment(1_760_356_800_000_000)));
        assert_eq!(
            moment("44487.541666666664", false),
            Some(StyledMoment::Moment(1_634_562_000_000_000)),
            "rounded"
        );
        assert_eq!(
            moment("1", false),
            Some(StyledMoment::Moment(-2_208_988_800_000_000)),
            "1900-01-01"
        );
        assert_eq!(moment("60", false), None, "1900-02-29");
        assert_eq!(
            moment("61", false),
            Some(StyledMoment::Moment(-2_203_891_200_000_000)),
            "1900-03-01"
        );
        assert_eq!(
            moment("0", true),
            Some(StyledMoment::Moment(-2_082_844_800_000_000)),
            "1904-01-01"
        );
        assert_eq!(moment("0.4375", false), Some(StyledMoment::Span(37_800_000)));
        assert_eq!(moment("-1", false), None);
        assert_eq!(moment("1e300", false), None);
    }

    #[test]
    fn a_span_has_as_many_hours_as_it_takes() {
        assert_eq!(styled("1.0625", DateStyle::Span, false), Some(StyledMoment::Span(91_800_000)));
        assert_eq!([clock(91_800_000), clock(-61_005)], ["25:30:00", "-0:01:01.005"]);
    }
}
