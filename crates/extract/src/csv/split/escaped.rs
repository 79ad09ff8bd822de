//! Dialects with an escape character: it makes a letter of whatever follows it, inside quotes and outside.

use memchr::{memchr2, memchr3};

use super::{QuotedField, Splitter, Window, newlines};

impl Splitter {
    /// Reads a field whose first byte, at `at`, is the quote.
    pub(super) fn escaped_quoted(self, block: &[u8], at: usize, is_last: bool) -> QuotedField {
        let quote = block[at];
        let escape = self.escape.unwrap_or(quote);
        let mut from = at + 1;
        loop {
            let found = block.get(from..).and_then(|rest| memchr2(quote, escape, rest));
            let Some(found) = found.map(|found| from + found) else {
                return if is_last { QuotedField::Unclosed } else { QuotedField::Partial };
            };
            if block[found] == escape {
                from = found + 2;
                continue;
            }
            match block.get(found + 1) {
                None if !is_last => return QuotedField::Partial,
                Some(byte) if *byte == quote => from = found + 2,
                next => return self.closed(&block[at..found], found + 1, next),
            }
        }
    }

    /// The next delimiter or line end that is not escaped, and how many escaped line ends come before it.
    ///
    /// `None` when the bytes at hand end with an escape character, or in an escaped line end.
    pub(super) fn escaped_separator(
        self,
        block: &[u8],
        at: usize,
        is_last: bool,
        window: &mut Window,
    ) -> Option<(usize, u64)> {
        let (mut from, mut lines) = (at, 0);
        loop {
            let end = self.separators.next(block, from, window);
            let Some(escape) =
                self.escape.and_then(|escape| memchr::memchr(escape, &block[from..end]))
            else {
                return Some((end, lines));
            };
            let escaped = from + escape + 1;
            from = match (block.get(escaped), block.get(escaped + 1)) {
                (None, _) if is_last => return Some((block.len(), lines)),
                (Some(b'\r'), None) if !is_last => return None,
                (None, _) => return None,
                (Some(b'\r'), Some(b'\n')) => escaped + 2,
                _ => escaped + 1,
            };
            lines += newlines(&block[escaped..from]);
        }
    }

    /// What a field with escape characters says. One at the very end is a letter: there is nothing to escape.
    pub(super) fn escaped_content<'a>(
        self,
        escape: u8,
        field: &'a [u8],
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let quote = self.quote.filter(|quote| field.len() > 1 && field.first() == Some(quote));
        let mut rest = if quote.is_some() { &field[1..field.len() - 1] } else { field };
        scratch.clear();
        while let Some(at) = memchr3(escape, quote.unwrap_or(escape), escape, rest) {
            scratch.extend_from_slice(&rest[..at]);
            let letter = rest.get(at + 1).unwrap_or(&rest[at]);
            scratch.push(*letter);
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        scratch.extend_from_slice(rest);
        scratch
    }
}

#[cfg(test)]
mod tests {
    use super::super::Offsets;
    use super::*;

    /// Line and fields of each record, read in one block and then cut in two at every place.
    fn read(text: &str, quote: Option<u8>) -> Vec<(u64, Vec<String>)> {
        let splitter = Splitter::new(b',', quote, Some(b'\\'));
        let bytes = text.as_bytes();
        let mut whole = Offsets::new(2);
        assert_eq!(splitter.split(bytes, 1, true, &mut whole).0, bytes.len());
        let rows = rows(splitter, bytes, &whole);
        for cut in 0..bytes.len() {
            let mut out = Offsets::new(2);
            let (used, line) = splitter.split(&bytes[..cut], 1, false, &mut out);
            let mut found = self::rows(splitter, bytes, &out);
            out.clear();
            splitter.split(&bytes[used..], line, true, &mut out);
            found.extend(self::rows(splitter, &bytes[used..], &out));
            assert_eq!(found, rows, "cut at {cut}");
        }
        rows
    }

    fn rows(splitter: Splitter, text: &[u8], offsets: &Offsets) -> Vec<(u64, Vec<String>)> {
        let field = |record, column| {
            let content =
                splitter.content(offsets.field(text, record, column), &mut Vec::new()).to_vec();
            String::from_utf8(content).unwrap()
        };
        (0..offsets.len())
            .map(|row| (offsets.line(row), vec![field(row, 0), field(row, 1)]))
            .collect()
    }

    fn row(line: u64, fields: [&str; 2]) -> (u64, Vec<String>) {
        (line, fields.map(str::to_owned).to_vec())
    }

    // Expected: Python's `csv.reader(text, escapechar="\\")`, but for the doubled quote after an escape.
    #[test]
    fn whatever_follows_an_escape_is_a_letter() {
        let text =
            "\"a \\\"b\\\" \"\"c\"\"\",\\\\1\nx\\,y,\\\"z\n\"p\\\nq\",r\\\ns\nlast,\"one\"\n";
        assert_eq!(
            read(text, Some(b'"')),
            [
                row(1, ["a \"b\" \"c\"", "\\1"]),
                row(2, ["x,y", "\"z"]),
                row(3, ["p\nq", "r\ns"]),
                row(6, ["last", "one"])
            ]
        );
    }

    #[test]
    fn an_escape_works_where_nothing_is_quoted() {
        assert_eq!(
            read("a\\,b,\"c\"\nd,e\\\r\nf\ng,h\\", None),
            [row(1, ["a,b", "\"c\""]), row(2, ["d", "e\r\nf"]), row(4, ["g", "h\\"])]
        );
    }
}
