//! Formats made of numbers, names of months, offsets and literals, compiled once and read without a general parser.

use super::calendar::WrittenMoment;
use super::month_name::MonthName;
use super::offset::offset;

/// A date format of `%Y %y %m %b %B %d %H %I %p %M %S %.f %z` (and `%T %R %F %D`) with literals between them.
///
/// Reads what the general parser reads, except that a year of `%Y` must have four digits. Beyond that, months have
/// names in several languages, an offset may be `GMT+1` or `EST`, half a day `a. m.`, and a blank of the format may be
/// one that does not break, as browsers write it before `PM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<PatternStep>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatternStep {
    Year,
    YearOfCentury,
    Month,
    MonthName(MonthName),
    Day,
    Hour,
    HourOfHalfDay,
    HalfDay,
    Minute,
    Second,
    Fraction,
    Offset,
    Blank,
    Literal(u8),
}

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PatternMoment {
    /// On the clock of whoever wrote it.
    pub(crate) moment: WrittenMoment,
    /// How many seconds that clock is ahead of UTC, where the text says so.
    pub(crate) offset: Option<i64>,
}

impl Pattern {
    /// Compiles a format; `None` when it has more than numbers and literals.
    pub(crate) fn of(format: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut letters = format.as_bytes().iter();
        while let Some(&letter) = letters.next() {
            match letter {
                b'%' if letters.as_slice().starts_with(b".f") => {
                    letters = letters.as_slice()[2..].iter();
                    steps.push(PatternStep::Fraction);
                }
                b'%' => steps.extend_from_slice(directive(*letters.next()?)?),
                _ if letter.is_ascii_whitespace() => steps.push(PatternStep::Blank),
                _ => steps.push(PatternStep::Literal(letter)),
            }
        }
        // Half a clock is a slip that the general parser judges.
        (steps.contains(&PatternStep::HourOfHalfDay) == steps.contains(&PatternStep::HalfDay))
            .then_some(Self(steps))
    }

    /// The moment a text says; `None` when it does not follow the pattern or names no day of the calendar.
    #[inline]
    pub(crate) fn read(&self, text: &[u8]) -> Option<PatternMoment> {
        let mut moment = WrittenMoment::day(0, 1, 1);
        let (mut rest, mut is_afternoon, mut ahead) = (text, None, None);
        for (place, step) in self.0.iter().enumerate() {
            match step {
                PatternStep::Year => moment.year = year(&mut rest)?,
                PatternStep::YearOfCentury => {
                    let year = i16::from(number(&mut rest)?);
                    moment.year = if year <= 68 { 2000 + year } else { 1900 + year };
                }
                PatternStep::Month => moment.month = number(&mut rest)?,
                PatternStep::MonthName(length) => {
                    (moment.month, rest) = length.read(rest)?;
                    if self.0.get(place + 1) != Some(&PatternStep::Literal(b'.')) {
                        rest = rest.strip_prefix(b".").unwrap_or(rest);
                    }
                }
                PatternStep::Day => moment.day = number(&mut rest)?,
                PatternStep::Hour => moment.hour = number(&mut rest)?,
                PatternStep::HourOfHalfDay => {
                    moment.hour = number(&mut rest).filter(|hour| (1..=12).contains(hour))?;
                }
                PatternStep::HalfDay => is_afternoon = Some(half_day(&mut rest)?),
                PatternStep::Minute => moment.minute = number(&mut rest)?,
                PatternStep::Second => moment.second = number(&mut rest)?,
                PatternStep::Fraction => {
                    if let [b'.', digits @ ..] = rest {
                        (moment.micros, rest) = fraction(digits)?;
                    }
                }
                PatternStep::Offset => {
                    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
                    ahead = Some(offset(&rest[..end])?);
                    rest = &rest[end..];
                }
                PatternStep::Blank => rest = after_blanks(rest),
                PatternStep::Literal(letter) => match rest {
                    [first, after @ ..] if first == letter => rest = after,
                    _ => return None,
                },
            }
        }
        if let Some(is_afternoon) = is_afternoon {
            moment.hour = moment.hour % 12 + if is_afternoon { 12 } else { 0 };
        }
        let found = PatternMoment { moment, offset: ahead };
        (rest.is_empty() && moment.exists()).then_some(found)
    }
}

fn directive(letter: u8) -> Option<&'static [PatternStep]> {
    Some(match letter {
        b'Y' => &[PatternStep::Year],
        b'y' => &[PatternStep::YearOfCentury],
        b'm' => &[PatternStep::Month],
        b'B' => &[PatternStep::MonthName(MonthName::Whole)],
        b'b' | b'h' => &[PatternStep::MonthName(MonthName::Abbreviated)],
        b'd' | b'e' => &[PatternStep::Day],
        b'H' | b'k' => &[PatternStep::Hour],
        b'I' => &[PatternStep::HourOfHalfDay],
        b'p' | b'P' => &[PatternStep::HalfDay],
        b'M' => &[PatternStep::Minute],
        b'S' => &[PatternStep::Second],
        b'z' => &[PatternStep::Offset],
        b'R' => &[PatternStep::Hour, PatternStep::Literal(b':'), PatternStep::Minute],
        b'T' => &[
            PatternStep::Hour,
            PatternStep::Literal(b':'),
            PatternStep::Minute,
            PatternStep::Literal(b':'),
            PatternStep::Second,
        ],
        b'F' => &[
            PatternStep::Year,
            PatternStep::Literal(b'-'),
            PatternStep::Month,
            PatternStep::Literal(b'-'),
            PatternStep::Day,
        ],
        b'D' => &[
            PatternStep::Month,
            PatternStep::Literal(b'/'),
            PatternStep::Day,
            PatternStep::Literal(b'/'),
            PatternStep::YearOfCentury,
        ],
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

/// Whether `AM` or `PM` opens the text, `a. m.` as Spanish has it, or `vorm.` and `nachm.` as German has.
fn half_day(rest: &mut &[u8]) -> Option<bool> {
    for (word, is_afternoon) in [(&b"vorm"[..], false), (&b"nachm"[..], true)] {
        if let Some((found, after)) = rest.split_at_checked(word.len())
            && found.eq_ignore_ascii_case(word)
        {
            *rest = after.strip_prefix(b".").unwrap_or(after);
            return Some(is_afternoon);
        }
    }
    let [half, after @ ..] = *rest else { return None };
    let is_afternoon = match half {
        b'a' | b'A' => false,
        b'p' | b'P' => true,
        _ => return None,
    };
    let (after, has_points) = match after {
        [b'.', after @ ..] => (after_blanks(after), true),
        _ => (after, false),
    };
    let [b'm' | b'M', after @ ..] = after else { return None };
    *rest = if has_points { after.strip_prefix(b".").unwrap_or(after) } else { after };
    Some(is_afternoon)
}

#[inline]
fn after_blanks(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [byte, after @ ..] if byte.is_ascii_whitespace() => after,
            [0xC2, 0xA0, after @ ..] | [0xE2, 0x80, 0xAF, after @ ..] => after,
            _ => return rest,
        }
    }
}

/// Digits of a fraction of a second, cut after microseconds, and what follows them.
pub(super) fn fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&digits) {
        return None;
    }
    let value = (0..6).fold(0, |value, place| {
        value * 10 + text[..digits].get(place).map_or(0, |byte| i32::from(byte - b'0'))
    });
    Some((value, &text[digits..]))
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

    fn by_jiff(format: &str, text: &str) -> Option<PatternMoment> {
        let parts = strtime::parse(format, text).ok()?;
        let (date, time) = (parts.to_date().ok()?, parts.to_time().unwrap_or_default());
        let day = WrittenMoment::day(date.year(), date.month(), date.day());
        let moment = WrittenMoment {
            hour: time.hour(),
            minute: time.minute(),
            second: time.second(),
            micros: time.subsec_nanosecond() / 1_000,
            ..day
        };
        Some(PatternMoment { moment, offset: parts.offset().map(|it| i64::from(it.seconds())) })
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
            ("%d/%b/%y %I:%M %p", "05/Mar/25 3:04 PM"),
            ("%d/%b/%y %I:%M %p", "05/MAR/25 12:04 am"),
            ("%d/%b/%y %I:%M %p", "05/Mar/25 12:04 PM"),
            ("%d/%b/%y %I:%M %p", "05/Mar/25 13:04 PM"),
            ("%d/%b/%y %I:%M %p", "05/Mar/25 0:04 PM"),
            ("%d/%b/%y %I:%M %p", "05/Mrx/25 3:04 PM"),
            ("%d/%b/%y %I:%M %p", "05/Mar/25 3:04"),
            ("%d/%b/%y %I:%M%p", "05/Mar/25 3:04pm"),
            ("%B %d, %Y", "september 1, 2026"),
            ("%B %d, %Y", "Sep 1, 2026"),
            ("%F %T%.f", "2026-11-22 10:00:01.5"),
            ("%F %T%.f", "2026-11-22 10:00:01"),
            ("%F %T%.f", "2026-11-22 10:00:01."),
            ("%F %T %z", "2026-11-22 10:00:01 +0130"),
            ("%F %T%z", "2026-11-22 10:00:01-0800"),
            ("%F %T %z", "2026-11-22 10:00:01"),
        ] {
            let pattern = Pattern::of(format).unwrap();
            assert_eq!(pattern.read(text.as_bytes()), by_jiff(format, text), "{format} {text}");
        }
    }

    // Chrome and Node have written a narrow blank that does not break before PM since CLDR 42.
    #[test]
    fn a_blank_that_does_not_break_is_a_blank() {
        let pattern = Pattern::of("%d/%m/%Y %I:%M %p").unwrap();
        let moment = WrittenMoment { hour: 15, minute: 4, ..WrittenMoment::day(2026, 3, 5) };
        let expected = Some(PatternMoment { moment, offset: None });
        assert_eq!(pattern.read("05/03/2026 3:04\u{202f}PM".as_bytes()), expected);
        assert_eq!(pattern.read("05/03/2026\u{a0}3:04 PM".as_bytes()), expected);
    }

    // As Jira writes them in Spanish, Java in French and German, and a browser in Spanish.
    #[test]
    fn other_languages_have_their_own_months_and_halves_of_days() {
        for (format, text, month, hour) in [
            ("%d/%b/%y %I:%M %p", "04/dic/25 10:57 AM", 12, 10),
            ("%d %b %Y %H:%M", "4 févr. 2025 10:57", 2, 10),
            ("%d. %B %Y %H:%M", "4. März 2025 22:57", 3, 22),
            ("%d.%b.%Y %H:%M", "04.Okt.2025 10:57", 10, 10),
            ("%d/%b/%Y %I:%M %p", "4/ene/2025 10:57 p. m.", 1, 22),
            ("%d/%m/%Y %I:%M %p", "4/1/2025 10:57 a.m.", 1, 10),
            ("%d.%m.%Y %I:%M %p", "4.1.2025 10:57 vorm.", 1, 10),
            ("%d.%m.%Y %I:%M %p", "4.1.2025 10:57 Nachm.", 1, 22),
        ] {
            let found = Pattern::of(format).unwrap().read(text.as_bytes()).map(|it| it.moment);
            let expected = WrittenMoment { hour, minute: 57, ..WrittenMoment::day(2025, month, 4) };
            assert_eq!(found, Some(expected), "{text}");
        }
    }

    #[test]
    fn an_offset_may_have_a_name() {
        let pattern = Pattern::of("%Y/%m/%d %I:%M:%S %p %z").unwrap();
        for (text, hours) in [
            ("2026/11/01 9:21:33 AM GMT+1", 1),
            ("2026/11/01 9:21:33 AM EST", -5),
            ("2026/11/01 9:21:33 AM MESZ", 2),
        ] {
            assert_eq!(pattern.read(text.as_bytes()).and_then(|it| it.offset), Some(hours * 3_600));
        }
        assert_eq!(pattern.read(b"2026/11/01 9:21:33 AM IST"), None);
    }

    #[test]
    fn a_year_of_two_digits_is_not_the_first_century() {
        assert_eq!(Pattern::of("%d/%m/%Y").unwrap().read(b"1/2/16"), None);
    }

    #[test]
    fn days_of_the_week_and_half_a_clock_are_left_to_the_general_parser() {
        for format in ["%a %d %b %Y", "%I:%M", "%H:%M %p", "%s", "100%"] {
            assert_eq!(Pattern::of(format), None, "{format}");
        }
    }
}
