//! Time spans from text, as whole seconds.

use super::number;

/// How the durations of one column are written.
pub(crate) struct SpanReader(Vec<SpanStyle>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SpanStyle {
    /// `3:12`: hours and minutes.
    HoursMinutes,
    /// `3:12:09`.
    HoursMinutesSeconds,
    /// A number of units of so many seconds.
    Number(u32),
}

impl SpanStyle {
    fn of(format: &str) -> Option<Self> {
        match format {
            "h:mm" => Some(Self::HoursMinutes),
            "h:mm:ss" => Some(Self::HoursMinutesSeconds),
            "seconds" => Some(Self::Number(1)),
            "minutes" => Some(Self::Number(60)),
            "hours" => Some(Self::Number(3_600)),
            _ => None,
        }
    }
}

/// Whether a text names a way to write durations.
pub(crate) fn is_format(format: &str) -> bool {
    SpanStyle::of(format).is_some()
}

/// Whether a format is a plain number of units.
pub(crate) fn is_number(format: &str) -> bool {
    matches!(SpanStyle::of(format), Some(SpanStyle::Number(_)))
}

impl SpanReader {
    pub(crate) fn new(formats: &[String]) -> Self {
        Self(formats.iter().filter_map(|format| SpanStyle::of(format)).collect())
    }

    /// The seconds of a text; `plain` is the same text when it is a number as the column writes them.
    ///
    /// Half a second and more counts as one, on both sides of zero.
    pub(crate) fn read(&self, text: &[u8], plain: Option<&[u8]>) -> Option<i64> {
        self.0.iter().find_map(|style| match style {
            SpanStyle::HoursMinutes => clock(text, false),
            SpanStyle::HoursMinutesSeconds => clock(text, true),
            SpanStyle::Number(unit) => number::nearest(plain?, *unit),
        })
    }
}

/// `[-]h:mm` or `[-]h:mm:ss[.f]`, hours as many as there are.
fn clock(text: &[u8], has_seconds: bool) -> Option<i64> {
    let (is_negative, text) = match text {
        [b'-', rest @ ..] | [0xE2, 0x88, 0x92, rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (hours, rest) = text.split_at(memchr::memchr(b':', text)?);
    if !hours.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (minutes, rest) = sixtieths(rest)?;
    let mut seconds = number::integer(hours)?.checked_mul(3_600)?.checked_add(minutes * 60)?;
    let rest = if has_seconds {
        let (of_minute, rest) = sixtieths(rest)?;
        seconds = seconds.checked_add(of_minute)?;
        match rest {
            [b'.' | b',', fraction @ ..] => {
                seconds = seconds.checked_add(i64::from(*fraction.first()? >= b'5'))?;
                &fraction[fraction.iter().take_while(|byte| byte.is_ascii_digit()).count()..]
            }
            rest => rest,
        }
    } else {
        rest
    };
    rest.is_empty().then_some(if is_negative { -seconds } else { seconds })
}

/// `:mm`, at most 59, and what follows.
fn sixtieths(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b':', tens @ b'0'..=b'5', ones @ b'0'..=b'9', rest @ ..] = text else { return None };
    Some((i64::from(tens - b'0') * 10 + i64::from(ones - b'0'), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Option<i64> {
        SpanReader::new(&[format.to_owned()]).read(text.as_bytes(), Some(text.as_bytes()))
    }

    // Expected seconds: Python, `int(h) * 3600 + int(m) * 60 + int(s)`, sign applied to the whole.
    #[test]
    fn clocks_run_past_a_day_and_below_zero() {
        for (format, text, seconds) in [
            ("h:mm", "3:12", Some(11_520)),
            ("h:mm", "-3:12", Some(-11_520)),
            ("h:mm", "-0:30", Some(-1_800)),
            ("h:mm", "\u{2212}0:30", Some(-1_800)),
            ("h:mm", "125:59", Some(453_540)),
            ("h:mm", "3:60", None),
            ("h:mm", "3:1", None),
            ("h:mm", "3:12:00", None),
            ("h:mm", ":12", None),
            ("h:mm", "3h12", None),
            ("h:mm", "-+3:12", None),
            ("h:mm", "９:12", None),
            ("h:mm:ss", "26:02:03", Some(93_723)),
            ("h:mm:ss", "-0:00:01", Some(-1)),
            ("h:mm:ss", "0:00:01.5", Some(2)),
            ("h:mm:ss", "0:00:01.", None),
            ("h:mm:ss", "0:00:01.x", None),
            ("h:mm:ss", "3:12", None),
            ("h:mm:ss", "9999999999999999:00:00", None),
        ] {
            assert_eq!(read(format, text), seconds, "{format} {text}");
        }
    }

    // Expected seconds: Python, `(Decimal(text) * unit).to_integral_value(ROUND_HALF_UP)`, which rounds away from zero.
    #[test]
    fn numbers_of_units_come_out_as_whole_seconds() {
        for (format, text, seconds) in [
            ("seconds", "90", Some(90)),
            ("seconds", "0.5", Some(1)),
            ("seconds", "-0.5", Some(-1)),
            ("seconds", "0.49999999999999999999", Some(0)),
            ("minutes", "1.5", Some(90)),
            ("minutes", "-12", Some(-720)),
            ("hours", "1.25", Some(4_500)),
            ("hours", "0.333", Some(1_199)),
            ("hours", "3.3333333333333335", Some(12_000)),
            ("hours", "0.00013888888888888889", Some(1)),
            ("hours", "9999999999999999999", None),
            ("seconds", "1e5", None),
            ("seconds", "NaN", None),
            ("seconds", "1:30", None),
            ("minutes", "", None),
            ("minutes", ".", None),
        ] {
            assert_eq!(read(format, text), seconds, "{format} {text}");
        }
    }

    #[test]
    fn the_first_format_that_fits_wins() {
        let span = SpanReader::new(&["h:mm:ss".into(), "h:mm".into(), "minutes".into()]);
        let read = |text: &str| span.read(text.as_bytes(), Some(text.as_bytes()));
        assert_eq!(
            [read("1:00:00"), read("1:00"), read("1")],
            [Some(3_600), Some(3_600), Some(60)]
        );
    }
}
