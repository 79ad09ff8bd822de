//! Bytes into records and fields: offsets, line numbers, and what is torn.

mod escaped;
mod separators;

use memchr::{memchr, memchr2, memchr2_iter};

use scorewright_domain::Reason;
use separators::{Separators, Window};

/// Splits bytes into records by delimiter, quote and line ends (LF, CR LF, CR, mixed).
///
/// - A quote opens a field only as its first byte; elsewhere it is a letter.
/// - A doubled quote inside a quoted field is one quote; line ends inside it belong to it.
/// - An escape character, where the dialect has one, makes a letter of whatever follows it.
/// - Blank lines are no records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Splitter {
    pub(crate) delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    separators: Separators,
}

/// Where the records of one block lie.
#[derive(Debug, Default)]
pub(crate) struct Offsets {
    /// Fields of every record.
    width: usize,
    /// Start and line of each record.
    starts: Vec<Start>,
    /// End of each field, `width` for each record.
    ends: Vec<u32>,
    /// Records that cannot be read.
    pub(crate) malformed: Vec<Malformed>,
}

#[derive(Debug, Clone, Copy)]
struct Start {
    byte: u32,
    line: u64,
}

/// A record that cannot be read, set aside whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: u64,
    pub(crate) reason: Reason,
}

/// What one record turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It does not end within the bytes at hand.
    Partial,
    /// It ends at `end`; the next begins at `next`, `lines` further down.
    Record { end: usize, next: usize, lines: u64, flaw: Option<Reason> },
    /// A blank line.
    Blank { next: usize },
}

impl Offsets {
    pub(crate) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Forgets everything but its memory.
    pub(crate) fn clear(&mut self) {
        self.starts.clear();
        self.ends.clear();
        self.malformed.clear();
    }

    /// Bytes that a column has in all records, quotes included.
    pub(crate) fn bytes(&self, column: usize) -> usize {
        let ends = self.ends.iter().skip(column).step_by(self.width);
        if column == 0 {
            return ends.zip(&self.starts).map(|(end, start)| (end - start.byte) as usize).sum();
        }
        let before = self.ends.iter().skip(column - 1).step_by(self.width);
        ends.zip(before).map(|(end, before)| (end - before - 1) as usize).sum()
    }

    /// Whole records found.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Records found, whole and torn.
    pub(crate) fn found(&self) -> usize {
        self.starts.len() + self.malformed.len()
    }

    /// Line the record starts on.
    pub(crate) fn line(&self, record: usize) -> u64 {
        self.starts[record].line
    }

    /// First byte of the record and the byte after its last, without its line end.
    pub(crate) fn range(&self, record: usize) -> (usize, usize) {
        (self.starts[record].byte as usize, self.ends[(record + 1) * self.width - 1] as usize)
    }

    /// The last records, whole and torn, in the order of the file: first byte, the byte after the last, line.
    pub(crate) fn last(&self, records: usize) -> Vec<(usize, usize, u64)> {
        let whole = (0..self.len()).rev().take(records).map(|record| {
            let (start, end) = self.range(record);
            (start, end, self.line(record))
        });
        let torn = self.malformed.iter().rev().take(records);
        let mut last: Vec<_> = whole.chain(torn.map(|it| (it.start, it.end, it.line))).collect();
        last.sort_unstable();
        last.split_off(last.len().saturating_sub(records))
    }

    /// Takes the last records away; returns the first byte and the line of the first of them.
    pub(crate) fn hold_back(&mut self, records: usize) -> Option<(usize, u64)> {
        let mut first = None;
        for _ in 0..records {
            let whole = self.starts.last().map(|start| (start.byte as usize, start.line));
            let torn = self.malformed.last().map(|torn| (torn.start, torn.line));
            if whole > torn {
                self.starts.pop();
                self.ends.truncate(self.starts.len() * self.width);
            } else {
                self.malformed.pop();
            }
            first = whole.max(torn).or(first);
        }
        first
    }

    /// A field of every record as it stands in the block, quotes included.
    #[inline]
    pub(crate) fn fields<'a>(
        &'a self,
        block: &'a [u8],
        column: usize,
    ) -> impl Iterator<Item = &'a [u8]> {
        self.ends.chunks_exact(self.width.max(1)).zip(&self.starts).map(move |(ends, start)| {
            let start = if column == 0 { start.byte } else { ends[column - 1] + 1 };
            &block[start as usize..ends[column] as usize]
        })
    }

    /// A field as it stands in the block, quotes included.
    pub(crate) fn field<'a>(&self, block: &'a [u8], record: usize, column: usize) -> &'a [u8] {
        let at = record * self.width + column;
        let start = if column == 0 { self.starts[record].byte } else { self.ends[at - 1] + 1 };
        &block[start as usize..self.ends[at] as usize]
    }
}

impl Splitter {
    pub(crate) fn new(delimiter: u8, quote: Option<u8>, escape: Option<u8>) -> Self {
        Self { delimiter, quote, escape, separators: Separators::new(delimiter) }
    }

    /// Splits a block whose first record starts on `line`.
    ///
    /// Returns the bytes used and the line after them; the rest is a record that is not whole yet.
    pub(crate) fn split(
        self,
        block: &[u8],
        line: u64,
        is_last: bool,
        out: &mut Offsets,
    ) -> (usize, u64) {
        match self.escape {
            None => self.split_of::<false>(block, line, is_last, out),
            Some(_) => self.split_of::<true>(block, line, is_last, out),
        }
    }

    fn split_of<const ESCAPES: bool>(
        self,
        block: &[u8],
        line: u64,
        is_last: bool,
        out: &mut Offsets,
    ) -> (usize, u64) {
        let (mut at, mut line, mut window) = (0, line, Window::default());
        while at < block.len() {
            let fields = out.ends.len();
            match self.record_of::<ESCAPES>(block, at, is_last, &mut out.ends, &mut window) {
                Step::Partial => {
                    out.ends.truncate(fields);
                    break;
                }
                Step::Blank { next } => {
                    at = next;
                    line += 1;
                }
                Step::Record { end, next, lines, flaw } => {
                    let flaw = flaw.or_else(|| misfit(out.ends.len() - fields, out.width));
                    if let Some(reason) = flaw {
                        out.ends.truncate(fields);
                        out.malformed.push(Malformed { start: at, end, line, reason });
                    } else {
                        out.starts.push(Start { byte: offset(at), line });
                    }
                    at = next;
                    line += lines;
                }
            }
        }
        (at, line)
    }

    /// Reads one record that starts at `start`, adding the end of each of its fields.
    ///
    /// A quote that is never closed, or is closed in the middle of a later line, spoils
    /// only the line it stands on: reading goes on with the line below.
    pub(crate) fn record(
        self,
        block: &[u8],
        start: usize,
        is_last: bool,
        ends: &mut Vec<u32>,
    ) -> Step {
        let mut window = Window::default();
        match self.escape {
            None => self.record_of::<false>(block, start, is_last, ends, &mut window),
            Some(_) => self.record_of::<true>(block, start, is_last, ends, &mut window),
        }
    }

    #[inline]
    fn record_of<const ESCAPES: bool>(
        self,
        block: &[u8],
        start: usize,
        is_last: bool,
        ends: &mut Vec<u32>,
        window: &mut Window,
    ) -> Step {
        match line_end(block, start, is_last) {
            LineEnd::Here { next } => return Step::Blank { next },
            LineEnd::Unknown => return Step::Partial,
            LineEnd::NotHere => {}
        }
        let (mut at, mut lines, mut flaw) = (start, 0, None);
        loop {
            if self.quote.is_some() && block.get(at).copied() == self.quote {
                let quoted = if ESCAPES {
                    self.escaped_quoted(block, at, is_last)
                } else {
                    self.quoted(block, at, is_last)
                };
                match quoted {
                    QuotedField::Partial => return Step::Partial,
                    QuotedField::Unclosed => return unclosed(block, start, is_last),
                    QuotedField::Closed { after, is_stray, newlines } => {
                        if is_stray && newlines > 0 {
                            return unclosed(block, start, is_last);
                        }
                        if is_stray {
                            flaw = Some(Reason::StrayQuote);
                        }
                        lines += newlines;
                        at = after;
                    }
                }
            }
            if ESCAPES {
                let Some((end, newlines)) = self.escaped_separator(block, at, is_last, window)
                else {
                    return Step::Partial;
                };
                at = end;
                lines += newlines;
            } else {
                at = self.separators.next(block, at, window);
            }
            if at == block.len() {
                if !is_last {
                    return Step::Partial;
                }
                ends.push(offset(at));
                return Step::Record { end: at, next: at, lines: lines + 1, flaw };
            }
            ends.push(offset(at));
            if block[at] == self.delimiter {
                at += 1;
                continue;
            }
            return match line_end(block, at, is_last) {
                LineEnd::Here { next } => Step::Record { end: at, next, lines: lines + 1, flaw },
                _ => Step::Partial,
            };
        }
    }

    /// Reads a field whose first byte, at `at`, is the quote.
    fn quoted(self, block: &[u8], at: usize, is_last: bool) -> QuotedField {
        let quote = block[at];
        let mut from = at + 1;
        loop {
            let Some(close) = memchr(quote, &block[from..]).map(|found| from + found) else {
                return if is_last { QuotedField::Unclosed } else { QuotedField::Partial };
            };
            let after = close + 1;
            match block.get(after) {
                None if !is_last => return QuotedField::Partial,
                Some(byte) if *byte == quote => from = after + 1,
                next => return self.closed(&block[at..close], after, next),
            }
        }
    }

    /// A quoted field that ends where `next` follows.
    #[inline]
    fn closed(self, field: &[u8], after: usize, next: Option<&u8>) -> QuotedField {
        let is_stray =
            next.is_some_and(|byte| *byte != self.delimiter && !matches!(byte, b'\n' | b'\r'));
        QuotedField::Closed { after, is_stray, newlines: newlines(field) }
    }

    /// What a field says: without its quotes, doubled quotes made one, escape characters gone.
    #[inline]
    pub(crate) fn content<'a>(self, field: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let is_plain = self.escape.is_none() && field.first().copied() != self.quote;
        if is_plain || field.is_empty() { field } else { self.bare(field, scratch) }
    }

    fn bare<'a>(self, field: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        if let Some(escape) = self.escape
            && memchr(escape, field).is_some()
        {
            return self.escaped_content(escape, field, scratch);
        }
        let Some(quote) = self.quote else { return field };
        match field {
            [first, inside @ .., _] if *first == quote => {
                if memchr(quote, inside).is_none() {
                    return inside;
                }
                scratch.clear();
                let mut rest = inside;
                while let Some(at) = memchr(quote, rest) {
                    scratch.extend_from_slice(&rest[..=at]);
                    rest = &rest[(at + 2).min(rest.len())..];
                }
                scratch.extend_from_slice(rest);
                scratch
            }
            _ => field,
        }
    }
}

enum QuotedField {
    Partial,
    Unclosed,
    Closed { after: usize, is_stray: bool, newlines: u64 },
}

/// Sets aside the line at `start` alone, because its quote is not closed.
pub(crate) fn unclosed(block: &[u8], start: usize, is_last: bool) -> Step {
    let flaw = Some(Reason::UnclosedQuote);
    match memchr2(b'\n', b'\r', &block[start..]).map(|found| start + found) {
        Some(end) => match line_end(block, end, is_last) {
            LineEnd::Here { next } => Step::Record { end, next, lines: 1, flaw },
            _ => Step::Partial,
        },
        None if is_last => Step::Record { end: block.len(), next: block.len(), lines: 1, flaw },
        None => Step::Partial,
    }
}

/// Whether a line ends at a place.
enum LineEnd {
    /// It does; the next line begins at `next`.
    Here {
        next: usize,
    },
    NotHere,
    /// A CR closes the block: whether LF follows is not known yet.
    Unknown,
}

#[inline]
fn line_end(block: &[u8], at: usize, is_last: bool) -> LineEnd {
    match (block.get(at), block.get(at + 1)) {
        (Some(b'\r'), None) if !is_last => LineEnd::Unknown,
        (Some(b'\r'), Some(b'\n')) => LineEnd::Here { next: at + 2 },
        (Some(b'\n' | b'\r'), _) => LineEnd::Here { next: at + 1 },
        _ => LineEnd::NotHere,
    }
}

/// Line ends in a text, CR LF counted once.
fn newlines(text: &[u8]) -> u64 {
    memchr2_iter(b'\n', b'\r', text)
        .filter(|at| text[*at] == b'\n' || text.get(at + 1) != Some(&b'\n'))
        .count() as u64
}

fn misfit(fields: usize, width: usize) -> Option<Reason> {
    match fields.cmp(&width) {
        std::cmp::Ordering::Less => Some(Reason::TooFewFields),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(Reason::TooManyFields),
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a block is far smaller than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: fn() -> Splitter = || Splitter::new(b',', Some(b'"'), None);

    /// Line and fields.
    type Row = (u64, Vec<String>);

    /// Rows, malformed rows and their lines, read in one block.
    fn read(text: &str, width: usize) -> (Vec<Row>, Vec<(u64, &str, Reason)>) {
        let (splitter, mut out) = (COMMA(), Offsets::new(width));
        let (used, _) = splitter.split(text.as_bytes(), 1, true, &mut out);
        assert_eq!(used, text.len(), "everything is read");
        let rows = (0..out.len()).map(|record| {
            let fields = (0..width).map(|column| {
                let field = out.field(text.as_bytes(), record, column);
                String::from_utf8(splitter.content(field, &mut Vec::new()).to_vec()).unwrap()
            });
            (out.line(record), fields.collect())
        });
        let malformed = out.malformed.iter().map(|malformed| {
            (malformed.line, &text[malformed.start..malformed.end], malformed.reason)
        });
        (rows.collect(), malformed.collect())
    }

    fn rows(text: &str, width: usize) -> Vec<Row> {
        let (rows, malformed) = read(text, width);
        assert_eq!(malformed, [], "{text:?}");
        rows
    }

    fn row(line: u64, fields: &[&str]) -> Row {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn a_line_ends_with_lf_cr_lf_or_cr() {
        let expected =
            vec![row(1, &["a", "b"]), row(2, &["c", "d"]), row(3, &["e", "f"]), row(4, &["g", ""])];
        assert_eq!(rows("a,b\nc,d\r\ne,f\rg,", 2), expected);
        assert_eq!(rows("a,b\nc,d\r\ne,f\rg,\r\n", 2), expected, "the last line end makes no row");
    }

    #[test]
    fn blank_lines_are_counted_and_are_no_rows() {
        assert_eq!(rows("\n\r\n\ra,b\n\n\nc,d\n\n", 2), [row(4, &["a", "b"]), row(7, &["c", "d"])]);
    }

    #[test]
    fn a_quoted_field_holds_separators_quotes_and_line_ends() {
        assert_eq!(
            rows("1,\"a,\"\"b\"\"\r\nc\"\n2,\"\"\n\"3\",x", 2),
            [row(1, &["1", "a,\"b\"\r\nc"]), row(3, &["2", ""]), row(4, &["3", "x"])]
        );
    }

    #[test]
    fn a_quote_inside_an_unquoted_field_is_a_letter() {
        assert_eq!(
            rows("1,5\" pipe\n2,say \"hi\"\n", 2),
            [row(1, &["1", "5\" pipe"]), row(2, &["2", "say \"hi\""])]
        );
    }

    #[test]
    fn text_after_a_closing_quote_tears_its_row_only() {
        let (good, malformed) = read("1,\"a\"b\n2,c\n", 2);
        assert_eq!(good, [row(2, &["2", "c"])]);
        assert_eq!(malformed, [(1, "1,\"a\"b", Reason::StrayQuote)]);
    }

    #[test]
    fn an_unclosed_quote_loses_no_row_below_it() {
        let (good, malformed) = read("1,\"a\n2,b\n3,\"c\"\n4,d\n", 2);
        assert_eq!(good, [row(2, &["2", "b"]), row(3, &["3", "c"]), row(4, &["4", "d"])]);
        assert_eq!(malformed, [(1, "1,\"a", Reason::UnclosedQuote)]);
        let (good, malformed) = read("1,a\n2,\"b\n3,c", 2);
        assert_eq!(good, [row(1, &["1", "a"]), row(3, &["3", "c"])]);
        assert_eq!(malformed, [(2, "2,\"b", Reason::UnclosedQuote)]);
    }

    #[test]
    fn a_row_of_another_width_is_torn() {
        let (good, malformed) = read("1\n2,b\n3,c,d\n", 2);
        assert_eq!(good, [row(2, &["2", "b"])]);
        assert_eq!(
            malformed,
            [(1, "1", Reason::TooFewFields), (3, "3,c,d", Reason::TooManyFields)]
        );
    }

    #[test]
    fn without_a_quote_character_every_quote_is_a_letter() {
        let (splitter, mut out) = (Splitter::new(b'\t', None, None), Offsets::new(2));
        let text = b"\"a\tb\"\n";
        splitter.split(text, 1, true, &mut out);
        assert_eq!(out.field(text, 0, 0), b"\"a");
    }

    // The whole text in one block is the reference for every place it can be cut.
    #[test]
    fn a_block_may_end_anywhere() {
        let text = "1,\"a,\"\"b\"\"\r\nc\"\r\n\r\n2,\"\"\r3,5\" pipe\n4,\"x\"y\n5,\"open\n6,six and seven,8\n7,\"z\"";
        let whole = read(text, 2);
        for cut in 0..text.len() {
            let (splitter, mut out) = (COMMA(), Offsets::new(2));
            let (used, line) = splitter.split(&text.as_bytes()[..cut], 1, false, &mut out);
            let mut found: Vec<u64> = (0..out.len()).map(|record| out.line(record)).collect();
            let mut malformed: Vec<(u64, Reason)> =
                out.malformed.iter().map(|malformed| (malformed.line, malformed.reason)).collect();
            out.clear();
            splitter.split(&text.as_bytes()[used..], line, true, &mut out);
            found.extend((0..out.len()).map(|record| out.line(record)));
            malformed
                .extend(out.malformed.iter().map(|malformed| (malformed.line, malformed.reason)));
            assert_eq!(found, whole.0.iter().map(|row| row.0).collect::<Vec<_>>(), "cut at {cut}");
            assert_eq!(
                malformed,
                whole.1.iter().map(|malformed| (malformed.0, malformed.2)).collect::<Vec<_>>(),
                "cut at {cut}"
            );
        }
    }
}
