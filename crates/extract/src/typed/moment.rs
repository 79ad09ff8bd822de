//! Dates and timestamps from text, by ISO or by declared formats.

use jiff::fmt::strtime::BrokenDownTime;

use super::calendar::{MICROS_PER_DAY, MICROS_PER_SECOND, WrittenMoment, Zone};
use super::offset::offset;
use super::pattern::{Pattern, fraction};
use super::serial::{self, EpochUnit};
use scorewright_domain::Reason;

/// How the dates or timestamps of one column are read.
#[derive(Debug, Clone)]
pub(crate) struct MomentReader {
    first: MomentStyle,
    /// Tried in order when the first does not fit.
    others: Vec<MomentStyle>,
    zone: Zone,
}

#[derive(Debug, Clone)]
enum MomentStyle {
    Iso,
    /// Numbers, names of months, offsets and literals: the usual case, read without a general parser.
    Pattern(Pattern),
    General(String),
    Epoch(EpochUnit),
    Excel,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MomentText {
    /// Microseconds since 1970 in UTC: the text says where it stands.
    Utc(i64),
    /// A time on the clock of the column's zone.
    Local(WrittenMoment),
    /// Microseconds since 1970 on the clock of the column's zone.
    OnClock(i64),
}

impl MomentText {
    /// A moment on the clock of the column, or on one that is so many seconds east of Greenwich.
    fn at(written: WrittenMoment, offset: Option<i64>) -> Self {
        match offset {
            Some(offset) => Self::Utc(written.micros_on_its_clock() - offset * MICROS_PER_SECOND),
            None => Self::Local(written),
        }
    }
}

impl MomentReader {
    /// Dates and timestamps as one of the formats says, or ISO; local times are of `zone`.
    pub(crate) fn new(formats: &[String], zone: Zone) -> Self {
        let mut styles = formats.iter().map(|format| MomentStyle::of(format));
        Self { first: styles.next().unwrap_or(MomentStyle::Iso), others: styles.collect(), zone }
    }

    /// Microseconds since 1970 in UTC.
    #[inline]
    pub(crate) fn timestamp(&self, text: &[u8]) -> Result<i64, Reason> {
        match self.read(text) {
            Some(MomentText::Utc(micros)) => Ok(micros),
            Some(MomentText::Local(written)) => self.zone.to_utc(written),
            Some(MomentText::OnClock(micros)) => self.zone.micros_to_utc(micros),
            None => Err(Reason::NotATimestamp),
        }
    }

    #[inline]
    fn read(&self, text: &[u8]) -> Option<MomentText> {
        self.first.read(text).or_else(|| self.others.iter().find_map(|style| style.read(text)))
    }

    /// Whether a text tells a time on the clock of the column's zone: it states no offset.
    pub(crate) fn is_on_clock(&self, text: &[u8]) -> bool {
        matches!(self.read(text), Some(MomentText::Local(_) | MomentText::OnClock(_)))
    }

    /// Days since 1970 of a timestamp on the clock that it is written by.
    pub(crate) fn written_day(&self, text: &[u8]) -> Option<i32> {
        let styles = std::iter::once(&self.first).chain(&self.others);
        let day_of = |style: &MomentStyle| match style {
            MomentStyle::Iso => iso_day(text).map(|day| day.days()),
            _ => style.day(text),
        };
        styles.into_iter().find_map(day_of)
    }

    /// Microseconds in UTC of microseconds on the clock of the column's zone.
    pub(crate) fn local(&self, micros: i64) -> Result<i64, Reason> {
        self.zone.micros_to_utc(micros)
    }

    /// Days since 1970, as written: no zone moves a date.
    #[inline]
    pub(crate) fn date(&self, text: &[u8]) -> Result<i32, Reason> {
        let day =
            self.first.day(text).or_else(|| self.others.iter().find_map(|style| style.day(text)));
        day.ok_or(Reason::NotADate)
    }
}

impl MomentStyle {
    fn of(format: &str) -> Self {
        match format {
            "iso" => Self::Iso,
            "excel" => Self::Excel,
            "epoch_seconds" => Self::Epoch(EpochUnit::Second),
            "epoch_milliseconds" => Self::Epoch(EpochUnit::Millisecond),
            pattern => Pattern::of(pattern)
                .map_or_else(|| Self::General(pattern.to_owned()), Self::Pattern),
        }
    }

    #[inline]
    fn read(&self, text: &[u8]) -> Option<MomentText> {
        match self {
            Self::Iso => iso(text),
            Self::Pattern(pattern) => {
                pattern.read(text).map(|found| MomentText::at(found.moment, found.offset))
            }
            Self::General(format) => general(format, text),
            Self::Epoch(unit) => serial::epoch(text, *unit).map(MomentText::Utc),
            Self::Excel => serial::excel(text).map(MomentText::OnClock),
        }
    }

    #[inline]
    fn day(&self, text: &[u8]) -> Option<i32> {
        match self {
            Self::Iso => iso_day(text).filter(|_| text.len() == 10).map(|day| day.days()),
            Self::Pattern(pattern) => pattern.read(text).map(|found| found.moment.days()),
            Self::General(format) => {
                let parts = BrokenDownTime::parse(format, text).ok()?;
                written(&parts).map(|day| day.days())
            }
            Self::Excel => {
                let micros = serial::excel(text).filter(|micros| micros % MICROS_PER_DAY == 0)?;
                i32::try_from(micros / MICROS_PER_DAY).ok()
            }
            Self::Epoch(_) => None,
        }
    }
}

/// `%Y` of the general parser also reads `16` and `-2026`, which nobody means to be such a year.
const FIRST_YEAR: i16 = 1_000;

fn general(format: &str, text: &[u8]) -> Option<MomentText> {
    let parts = BrokenDownTime::parse(format, text).ok()?;
    if parts.year().is_some_and(|year| year < FIRST_YEAR) {
        return None;
    }
    if parts.offset().is_some() || parts.timestamp().is_some() {
        return Some(MomentText::Utc(parts.to_timestamp().ok()?.as_microsecond()));
    }
    written(&parts).map(MomentText::Local)
}

fn written(parts: &BrokenDownTime) -> Option<WrittenMoment> {
    let date = parts.to_date().ok()?;
    let time = parts.to_time().unwrap_or_default();
    (date.year() >= FIRST_YEAR).then(|| WrittenMoment {
        hour: time.hour(),
        minute: time.minute(),
        second: time.second(),
        micros: time.subsec_nanosecond() / 1_000,
        ..WrittenMoment::day(date.year(), date.month(), date.day())
    })
}

/// `2026-11-22[ T]10:00[:00[.5]][Z|+01:00]`.
#[inline]
fn iso(text: &[u8]) -> Option<MomentText> {
    let mut moment = iso_day(text)?;
    let rest = match text.get(10)? {
        b' ' | b'T' | b't' => &text[11..],
        _ => return None,
    };
    moment.hour = two(rest, 0)?;
    moment.minute = (*rest.get(2)? == b':').then(|| two(rest, 3))??;
    let mut rest = &rest[5..];
    if let [b':', seconds @ ..] = rest {
        moment.second = two(seconds, 0)?;
        rest = &seconds[2..];
        if let [b'.' | b',', digits @ ..] = rest {
            (moment.micros, rest) = fraction(digits)?;
        }
    }
    if !moment.exists() {
        return None;
    }
    if rest.is_empty() {
        return Some(MomentText::at(moment, None));
    }
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    Some(MomentText::at(moment, Some(offset(rest)?)))
}

/// The day that opens the text.
#[inline]
fn iso_day(text: &[u8]) -> Option<WrittenMoment> {
    if text.len() < 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let year = i16::from(two(text, 0)?) * 100 + i16::from(two(text, 2)?);
    let day = WrittenMoment::day(year, two(text, 5)?, two(text, 8)?);
    day.exists().then_some(day)
}

/// Two digits at a place.
#[inline]
fn two(text: &[u8], at: usize) -> Option<i8> {
    let [tens, ones] = text.get(at..at + 2)? else { return None };
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| (tens * 10 + ones).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros_of(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    // Expected instants are read by jiff's own RFC 3339 parser.
    #[test]
    fn iso_is_read_with_and_without_offset() {
        let iso = MomentReader::new(&[], Zone::Utc);
        for (text, instant) in [
            ("2026-11-22 10:00:00", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00.123456789Z", "2026-11-22T10:00:00.123456Z"),
            ("2026-11-22 10:00:00.5", "2026-11-22T10:00:00.5Z"),
            ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52Z"),
            ("2026-11-22T10:00:00+05:30", "2026-11-22T04:30:00Z"),
            ("1969-12-31 23:59:59", "1969-12-31T23:59:59Z"),
            ("2026-11-22 10:00:00 UTC", "2026-11-22T10:00:00Z"),
        ] {
            assert_eq!(iso.timestamp(text.as_bytes()), Ok(micros_of(instant)), "{text}");
        }
    }

    #[test]
    fn what_is_not_iso_is_not_guessed() {
        let iso = MomentReader::new(&[], Zone::Utc);
        for text in [
            "2026-11-22",
            "22/11/2026 10:00",
            "2026-02-30 10:00:00",
            "2026-11-22 24:00:00",
            "2026-11-22 10:60:00",
            "2026-11-22 10:00:00 PM",
            "2026-11-22 10:00:00.",
            "2026-11-22 1:00:00",
            "2026-11-22T10:00:00+99:00",
            "20261122100000",
            "42059.4832",
            "",
        ] {
            assert_eq!(iso.timestamp(text.as_bytes()), Err(Reason::NotATimestamp), "{text}");
        }
        assert_eq!(iso.date(b"2026-11-22 00:00:00"), Err(Reason::NotADate));
        assert_eq!(iso.date(b"1970-01-02"), Ok(1));
    }

    #[test]
    fn a_declared_format_reads_names_and_offsets() {
        let named = MomentReader::new(&["%d %b %Y %I:%M %p".into()], Zone::Utc);
        assert_eq!(named.timestamp(b"5 Mar 2026 1:07 PM"), Ok(micros_of("2026-03-05T13:07:00Z")));
        let offset =
            MomentReader::new(&["%Y-%m-%d %H:%M:%S %z".into()], Zone::named("Asia/Tokyo").unwrap());
        assert_eq!(
            offset.timestamp(b"2026-03-05 13:07:00 +0100"),
            Ok(micros_of("2026-03-05T12:07:00Z"))
        );
        for year in ["16", "-2026"] {
            let text = format!("{year}-03-05 13:07:00 +0100");
            assert_eq!(offset.timestamp(text.as_bytes()), Err(Reason::NotATimestamp), "{text}");
        }
        let epoch = MomentReader::new(&["%s".into()], Zone::Utc);
        assert_eq!(epoch.timestamp(b"86400"), Ok(86_400_000_000));
        let date = MomentReader::new(&["%d %b %y".into()], Zone::Utc);
        assert_eq!(date.date(b"02 Jan 70"), Ok(1));
    }

    // Expected instants: jiff's RFC 3339 parser; the day-first clock is that of Jira's exports.
    #[test]
    fn the_first_format_that_fits_wins() {
        let formats =
            ["%d/%b/%y %I:%M %p", "epoch_milliseconds", "excel", "iso"].map(ToOwned::to_owned);
        let mixed = MomentReader::new(&formats, Zone::named("Europe/Berlin").unwrap());
        for (text, instant) in [
            ("05/Mar/25 3:04 PM", "2025-03-05T14:04:00Z"),
            ("1772724240123", "2026-03-05T15:24:00.123Z"),
            ("2026-03-05 16:24", "2026-03-05T15:24:00Z"),
        ] {
            assert_eq!(mixed.timestamp(text.as_bytes()), Ok(micros_of(instant)), "{text}");
        }
        assert_eq!(mixed.timestamp(b"05.03.2025"), Err(Reason::NotATimestamp));
        let sheet = MomentReader::new(&["excel".into()], Zone::named("Europe/Berlin").unwrap());
        assert_eq!(
            sheet.timestamp(b"46086.5"),
            Ok(micros_of("2026-03-05T11:00:00Z")),
            "noon in Berlin"
        );
        assert_eq!(sheet.date(b"46086"), Ok(20_517), "2026-03-05");
        assert_eq!(
            sheet.date(b"46086.5"),
            Err(Reason::NotADate),
            "a time of day is not thrown away"
        );
    }

    #[test]
    fn local_times_are_of_the_zone_of_the_column() {
        let berlin =
            MomentReader::new(&["%d/%m/%Y %H:%M".into()], Zone::named("Europe/Berlin").unwrap());
        assert_eq!(berlin.timestamp(b"1/7/2026 12:00"), Ok(micros_of("2026-07-01T10:00:00Z")));
        assert_eq!(berlin.timestamp(b"29/3/2026 02:30"), Err(Reason::NonexistentTime));
    }
}
