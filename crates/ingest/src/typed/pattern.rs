//! Formats made of numbers and literals, compiled once and read without a general parser.

use super::calendar::Written;

/// A date format of `%Y %y %m %d %H %M %S` (and `%T %R %F %D`) with literals between them.
///
/// Reads what the general parser reads, except that a year of `%Y` must have four digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Step>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Year,
    YearOfCentury,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Blank,
    Literal(u8),
}

impl Pattern {
    /// Compiles a format; `None` when it has more than numbers and literals.
    pub(crate) fn of(format: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut letters = format.bytes();
        while let Some(letter) = letters.next() {
            match letter {
                b'%' => steps.extend_from_slice(directive(letters.next()?)?),
                _ if letter.is_ascii_whitespace() => steps.push(Step::Blank),
                _ => steps.push(Step::Literal(letter)),
            }
        }
        Some(Self(steps))
    }

    /// The moment a text says; `None` when it does not follow the pattern or names no day of the calendar.
    #[inline]
    pub(crate) fn read(&self, text: &[u8]) -> Option<Written> {
        let mut moment = Written::day(0, 1, 1);
        let mut rest = text;
        for step in &self.0 {
            match step {
                Step::Year => moment.year = year(&mut rest)?,
                Step::YearOfCentury => {
                    let year = i16::from(number(&mut rest)?);
                    moment.year = if year <= 68 { 2000 + year } else { 1900 + year };
                }
                Step::Month => moment.month = number(&mut rest)?,
                Step::Day => moment.day = number(&mut rest)?,
                Step::Hour => moment.hour = number(&mut rest)?,
                Step::Minute => moment.minute = number(&mut rest)?,
                Step::Second => moment.second = number(&mut rest)?,
                Step::Blank => rest = rest.trim_ascii_start(),
                Step::Literal(letter) => match rest {
                    [first, after @ ..] if first == letter => rest = after,
                    _ => return None,
                },
            }
        }
        (rest.is_empty() && moment.exists()).then_some(moment)
    }
}

fn directive(letter: u8) -> Option<&'static [Step]> {
    Some(match letter {
        b'Y' => &[Step::Year],
        b'y' => &[Step::YearOfCentury],
        b'm' => &[Step::Month],
        b'd' | b'e' => &[Step::Day],
        b'H' | b'k' => &[Step::Hour],
        b'M' => &[Step::Minute],
        b'S' => &[Step::Second],
        b'R' => &[Step::Hour, Step::Literal(b':'), Step::Minute],
        b'T' => &[Step::Hour, Step::Literal(b':'), Step::Minute, Step::Literal(b':'), Step::Second],
        b'F' => &[Step::Year, Step::Literal(b'-'), Step::Month, Step::Literal(b'-'), Step::Day],
        b'D' => &[Step::Month, Step::Literal(b'/'), Step::Day, Step::Literal(b'/'), Step::YearOfCentury],
        _ => return None,
    })
}

/// One or two digits.
#[inline]
fn number(rest: &mut &[u8]) -> Option<i8> {
    let [first, after @ ..] = *rest else { return None };
    let tens = digit(*first)?;
    *rest = after;
    let [second, after @ ..] = *rest else { return Some(tens) };
    let Some(ones) = digit(*second) else { return Some(tens) };
    *rest = after;
    Some(tens * 10 + ones)
}

/// Four digits.
#[inline]
fn year(rest: &mut &[u8]) -> Option<i16> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    digits.iter().try_fold(0, |year, byte| Some(year * 10 + i16::from(digit(*byte)?)))
}

#[inline]
fn digit(byte: u8) -> Option<i8> {
    let digit = byte.wrapping_sub(b'0');
    (digit < 10).then(|| digit.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::fmt::strtime;

    fn by_jiff(format: &str, text: &str) -> Option<Written> {
        let parts = strtime::parse(format, text).ok()?;
        let (date, time) = (parts.to_date().ok()?, parts.to_time().unwrap_or_default());
        let day = Written::day(date.year(), date.month(), date.day());
        Some(Written { hour: time.hour(), minute: time.minute(), second: time.second(), ..day })
    }

    // The general parser of jiff is the independent reading.
    #[test]
    fn numbers_are_read_as_the_general_parser_reads_them() {
        for (format, text) in [
            ("%d/%m/%Y %H:%M", "29/2/2016 01:16"),
            ("%d/%m/%Y %H:%M", "29/02/2016 1:16"),
            ("%d/%m/%Y %H:%M", "30/2/2016 01:16"),
            ("%d/%m/%Y %H:%M", "29/2/2016"),
            ("%d/%m/%Y %H:%M", "29/2/2016 01:16 PM"),
            ("%d/%m/%Y %H:%M", "29-2-2016 01:16"),
            ("%m/%d/%y", "7/14/24"),
            ("%m/%d/%y", "7/14/71"),
            ("%F %T", "2026-11-22 10:00:01"),
            ("%Y%m%d", "20260102"),
            ("%H:%M %d.%m.%Y", "25:00 1.1.2026"),
        ] {
            let pattern = Pattern::of(format).unwrap();
            assert_eq!(pattern.read(text.as_bytes()), by_jiff(format, text), "{format} {text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_not_the_first_century() {
        assert_eq!(Pattern::of("%d/%m/%Y").unwrap().read(b"1/2/16"), None);
    }

    #[test]
    fn names_and_offsets_are_left_to_the_general_parser() {
        for format in ["%d %b %Y", "%Y-%m-%d %z", "%I:%M %p", "%s", "100%"] {
            assert_eq!(Pattern::of(format), None, "{format}");
        }
    }
}
