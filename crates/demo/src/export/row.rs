//! One row of a CSV file while it is filled, and its rendering.

use std::fmt::Write;

use super::defects::Defect;
use crate::calendar::{CompanyCalendar, DAY};

/// How a system writes a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimestampStyle {
    /// `2026-11-16 09:12:00`, the zone is stated elsewhere.
    Plain,
    /// `2026-11-16 09:12`
    Minutes,
    /// `2026-11-16T09:12:00.000Z`
    Zulu,
    /// `2026-11-16 09:12:00 +0000`
    Offset,
}

/// How a system writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CsvStyle {
    /// Quotes where needed, lines end in a line feed.
    Lean,
    /// Every field quoted, lines end in carriage return and line feed.
    Quoted,
    /// As `Lean`, after a byte order mark.
    Marked,
}

/// The fields of one row, in the order of the header. Keeps its memory from row to row.
pub(crate) struct ExportRow<'a> {
    calendar: &'a CompanyCalendar,
    text: String,
    ends: Vec<usize>,
}

impl<'a> ExportRow<'a> {
    /// An empty row.
    pub(crate) fn new(calendar: &'a CompanyCalendar) -> Self {
        Self { calendar, text: String::new(), ends: Vec::new() }
    }

    /// Fields filled so far.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text as it is.
    pub(crate) fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.end();
    }

    /// Adds a field without a value.
    pub(crate) fn none(&mut self) {
        self.end();
    }

    /// Adds several fields without a value.
    pub(crate) fn nones(&mut self, count: usize) {
        (0..count).for_each(|_| self.end());
    }

    /// Adds a whole number.
    pub(crate) fn number(&mut self, number: impl std::fmt::Display) {
        write!(self.text, "{number}").expect("a string takes all text");
        self.end();
    }

    /// Adds a number or an id, or nothing.
    pub(crate) fn maybe(&mut self, thing: Option<impl std::fmt::Display>) {
        match thing {
            Some(thing) => self.number(thing),
            None => self.none(),
        }
    }

    /// Adds `true` or `false`.
    pub(crate) fn flag(&mut self, flag: bool) {
        self.text(if flag { "true" } else { "false" });
    }

    /// Adds an amount as `1234.50`.
    pub(crate) fn cents(&mut self, cents: i64) {
        write!(self.text, "{}.{:02}", cents / 100, cents % 100).expect("a string takes all text");
        self.end();
    }

    /// Adds a day as `2026-11-16`.
    pub(crate) fn day(&mut self, day: i64) {
        let text = self.calendar.text(day);
        self.text.push_str(text);
        self.end();
    }

    /// Adds a moment.
    pub(crate) fn moment(&mut self, moment: i64, stamp: TimestampStyle) {
        let (day, second) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        let text = self.calendar.text(day);
        self.text.push_str(text);
        self.text.push(if stamp == TimestampStyle::Zulu { 'T' } else { ' ' });
        self.two_digits(second / 3600);
        self.text.push(':');
        self.two_digits(second / 60 % 60);
        if stamp != TimestampStyle::Minutes {
            self.text.push(':');
            self.two_digits(second % 60);
        }
        self.text.push_str(match stamp {
            TimestampStyle::Plain | TimestampStyle::Minutes => "",
            TimestampStyle::Zulu => ".000Z",
            TimestampStyle::Offset => " +0000",
        });
        self.end();
    }

    /// Adds a moment, or nothing.
    pub(crate) fn maybe_moment(&mut self, moment: Option<i64>, stamp: TimestampStyle) {
        match moment {
            Some(moment) => self.moment(moment, stamp),
            None => self.none(),
        }
    }

    fn two_digits(&mut self, number: i64) {
        for digit in [number / 10, number % 10] {
            let digit = u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10));
            self.text.push(digit.expect("parts of a time of day are below 60"));
        }
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Appends the row to a line and empties it; `defect` says which field to defect, and how.
    pub(crate) fn render(
        &mut self,
        line: &mut Vec<u8>,
        style: CsvStyle,
        defect: Option<(Defect, usize)>,
    ) {
        let short = defect.is_some_and(|(defect, _)| defect == Defect::TooShort);
        let fields = if short { self.ends.len() / 2 } else { self.ends.len() };
        let mut start = 0;
        for (place, end) in self.ends[..fields].iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            match defect
                .filter(|(_, column)| *column == place)
                .and_then(|(defect, _)| defect.replacement())
            {
                Some(raw) => line.extend_from_slice(raw.as_bytes()),
                None => field(&self.text[start..*end], style, line),
            }
            start = *end;
        }
        if defect.is_some_and(|(defect, _)| defect == Defect::TooLong) {
            line.extend_from_slice(b",,moved one column");
        }
        line.extend_from_slice(if style == CsvStyle::Quoted { b"\r\n" } else { b"\n" });
        self.text.clear();
        self.ends.clear();
    }
}

fn field(text: &str, style: CsvStyle, line: &mut Vec<u8>) {
    let is_plain = !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if is_plain && style != CsvStyle::Quoted {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn line(
        fill: fn(&mut ExportRow<'_>),
        style: CsvStyle,
        defect: Option<(Defect, usize)>,
    ) -> String {
        let calendar = CompanyCalendar::new(1, date(2026, 11, 23));
        let (mut row, mut line) = (ExportRow::new(&calendar), Vec::new());
        fill(&mut row);
        row.render(&mut line, style, defect);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn text_is_quoted_where_a_reader_would_stumble() {
        let fill = |row: &mut ExportRow<'_>| {
            for text in [
                "plain",
                "a,b",
                "say \"no\"",
                "two
lines",
            ] {
                row.text(text);
            }
        };
        assert_eq!(
            line(fill, CsvStyle::Lean, None),
            "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n"
        );
    }

    #[test]
    fn moments_are_written_as_each_system_writes_them() {
        // 2026-11-16 is 20 773 days after 1970-01-01 (GNU date: 1794787200 / 86400).
        let fill = |row: &mut ExportRow<'_>| {
            let moment = 20_773 * DAY + 9 * 3600 + 12 * 60 + 5;
            for stamp in [
                TimestampStyle::Plain,
                TimestampStyle::Minutes,
                TimestampStyle::Zulu,
                TimestampStyle::Offset,
            ] {
                row.moment(moment, stamp);
            }
        };
        let expected = "2026-11-16 09:12:05,2026-11-16 09:12,2026-11-16T09:12:05.000Z,2026-11-16 09:12:05 +0000\n";
        assert_eq!(line(fill, CsvStyle::Lean, None), expected);
    }

    #[test]
    fn a_short_row_lacks_its_last_fields() {
        let fill = |row: &mut ExportRow<'_>| {
            for text in ["a", "b", "c", "d"] {
                row.text(text);
            }
        };
        assert_eq!(line(fill, CsvStyle::Quoted, Some((Defect::TooShort, 0))), "\"a\",\"b\"\r\n");
    }
}
