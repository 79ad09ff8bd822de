//! One row of a CSV file while it is filled, and its rendering.

use std::fmt::Write;

use super::calendar::{Calendar, DAY};
use super::dirt::Spoil;

/// How a system writes a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// `2026-11-16 09:12:00`, the zone told elsewhere.
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
pub(super) enum Dialect {
    /// Quotes where needed, lines end in a line feed.
    Lean,
    /// Every field quoted, lines end in carriage return and line feed.
    Quoted,
    /// As `Lean`, after a byte order mark.
    Marked,
}

/// The fields of one row, in the order of the header. Keeps its memory from row to row.
pub(super) struct Row<'a> {
    calendar: &'a Calendar,
    text: String,
    ends: Vec<usize>,
}

impl<'a> Row<'a> {
    /// An empty row.
    pub(super) fn new(calendar: &'a Calendar) -> Self {
        Self { calendar, text: String::new(), ends: Vec::new() }
    }

    /// Fields filled so far.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text as it is.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.end();
    }

    /// Adds a field without a value.
    pub(super) fn none(&mut self) {
        self.end();
    }

    /// Adds several fields without a value.
    pub(super) fn nones(&mut self, count: usize) {
        (0..count).for_each(|_| self.end());
    }

    /// Adds a whole number.
    pub(super) fn number(&mut self, number: impl std::fmt::Display) {
        write!(self.text, "{number}").expect("a string takes all text");
        self.end();
    }

    /// Adds a number or an id, or nothing.
    pub(super) fn maybe(&mut self, thing: Option<impl std::fmt::Display>) {
        match thing {
            Some(thing) => self.number(thing),
            None => self.none(),
        }
    }

    /// Adds `true` or `false`.
    pub(super) fn flag(&mut self, flag: bool) {
        self.text(if flag { "true" } else { "false" });
    }

    /// Adds an amount as `1234.50`.
    pub(super) fn cents(&mut self, cents: i64) {
        write!(self.text, "{}.{:02}", cents / 100, cents % 100).expect("a string takes all text");
        self.end();
    }

    /// Adds a day as `2026-11-16`.
    pub(super) fn day(&mut self, day: i64) {
        let text = self.calendar.text(day);
        self.text.push_str(text);
        self.end();
    }

    /// Adds a moment.
    pub(super) fn moment(&mut self, moment: i64, stamp: Stamp) {
        let (day, second) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        let text = self.calendar.text(day);
        self.text.push_str(text);
        self.text.push(if stamp == Stamp::Zulu { 'T' } else { ' ' });
        self.two_digits(second / 3600);
        self.text.push(':');
        self.two_digits(second / 60 % 60);
        if stamp != Stamp::Minutes {
            self.text.push(':');
            self.two_digits(second % 60);
        }
        self.text.push_str(match stamp {
            Stamp::Plain | Stamp::Minutes => "",
            Stamp::Zulu => ".000Z",
            Stamp::Offset => " +0000",
        });
        self.end();
    }

    /// Adds a moment, or nothing.
    pub(super) fn maybe_moment(&mut self, moment: Option<i64>, stamp: Stamp) {
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

    /// Appends the row to a line and empties it; `spoil` says which field to spoil, and how.
    pub(super) fn render(
        &mut self,
        line: &mut Vec<u8>,
        dialect: Dialect,
        spoil: Option<(Spoil, usize)>,
    ) {
        let short = spoil.is_some_and(|(spoil, _)| spoil == Spoil::TooShort);
        let fields = if short { self.ends.len() / 2 } else { self.ends.len() };
        let mut start = 0;
        for (place, end) in self.ends[..fields].iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            match spoil
                .filter(|(_, column)| *column == place)
                .and_then(|(spoil, _)| spoil.replacement())
            {
                Some(raw) => line.extend_from_slice(raw.as_bytes()),
                None => field(&self.text[start..*end], dialect, line),
            }
            start = *end;
        }
        if spoil.is_some_and(|(spoil, _)| spoil == Spoil::TooLong) {
            line.extend_from_slice(b",,moved one column");
        }
        line.extend_from_slice(if dialect == Dialect::Quoted { b"\r\n" } else { b"\n" });
        self.text.clear();
        self.ends.clear();
    }
}

fn field(text: &str, dialect: Dialect, line: &mut Vec<u8>) {
    let is_plain = !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if is_plain && dialect != Dialect::Quoted {
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

    fn line(fill: fn(&mut Row<'_>), dialect: Dialect, spoil: Option<(Spoil, usize)>) -> String {
        let calendar = Calendar::new(1, date(2026, 11, 23));
        let (mut row, mut line) = (Row::new(&calendar), Vec::new());
        fill(&mut row);
        row.render(&mut line, dialect, spoil);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn text_is_quoted_where_a_reader_would_stumble() {
        let fill = |row: &mut Row<'_>| {
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
            line(fill, Dialect::Lean, None),
            "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n"
        );
    }

    #[test]
    fn moments_are_written_as_each_system_writes_them() {
        // 2026-11-16 is 20 773 days after 1970-01-01 (GNU date: 1794787200 / 86400).
        let fill = |row: &mut Row<'_>| {
            let moment = 20_773 * DAY + 9 * 3600 + 12 * 60 + 5;
            for stamp in [Stamp::Plain, Stamp::Minutes, Stamp::Zulu, Stamp::Offset] {
                row.moment(moment, stamp);
            }
        };
        let expected = "2026-11-16 09:12:05,2026-11-16 09:12,2026-11-16T09:12:05.000Z,2026-11-16 09:12:05 +0000\n";
        assert_eq!(line(fill, Dialect::Lean, None), expected);
    }

    #[test]
    fn a_short_row_lacks_its_last_fields() {
        let fill = |row: &mut Row<'_>| {
            for text in ["a", "b", "c", "d"] {
                row.text(text);
            }
        };
        assert_eq!(line(fill, Dialect::Quoted, Some((Spoil::TooShort, 0))), "\"a\",\"b\"\r\n");
    }
}
