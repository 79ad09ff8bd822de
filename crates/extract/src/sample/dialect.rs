//! How a text with separators is written, by which reading makes its rows equally wide.

use csv::{ReaderBuilder, StringRecord};

/// What was found; the settings of `[csv]` but for the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DialectGuess {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    /// Whether a backslash, not a doubled quote, keeps a quote.
    pub(crate) has_escape: bool,
    /// Physical lines above the header.
    pub(crate) skip_rows: usize,
    /// Fields of a row.
    pub(crate) width: usize,
}

/// A record and the byte of the text it begins on.
pub(crate) type SampleRecord = (usize, StringRecord);

const DELIMITERS: [u8; 7] = [b',', b';', b'\t', b'|', b'^', b'~', 0x1F];
/// Bytes that the tries look at.
const TRIED: usize = 512 << 10;
/// Lines of title that a report may have above its header.
const TITLES: usize = 20;

/// Finds the dialect of a text; one column when nothing separates.
pub(crate) fn find(text: &str) -> DialectGuess {
    let tried = &text[..text.floor_char_boundary(TRIED)];
    let quote = quote(tried);
    let mut shapes: Vec<(TableShape, DialectGuess)> = Vec::new();
    for delimiter in DELIMITERS {
        for has_escape in [false, true] {
            if has_escape && !tried.contains("\\\"") {
                continue;
            }
            let found = DialectGuess { delimiter, quote, has_escape, skip_rows: 0, width: 1 };
            shapes.extend(
                shape(tried, found)
                    .map(|shape| (shape, DialectGuess { width: shape.width, ..found })),
            );
        }
    }
    // The first of equals: a doubled quote is more usual than a backslash, a comma than a bar.
    shapes.reverse();
    let best = shapes.into_iter().max_by_key(|(shape, _)| shape.rank());
    let Some((shape, found)) = best else {
        return DialectGuess { delimiter: b',', quote, has_escape: false, skip_rows: 0, width: 1 };
    };
    DialectGuess { skip_rows: lines_above(text, shape.first_byte), ..found }
}

/// Reads a text as a dialect says, blank lines left out.
pub(crate) fn records(text: &str, found: DialectGuess) -> impl Iterator<Item = SampleRecord> + '_ {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(found.delimiter)
        .quoting(found.quote.is_some())
        .quote(found.quote.unwrap_or(b'"'))
        .double_quote(!found.has_escape)
        .escape(found.has_escape.then_some(b'\\'))
        .from_reader(text.as_bytes());
    std::iter::from_fn(move || {
        let mut record = StringRecord::new();
        let is_there = reader.read_record(&mut record).unwrap_or(false);
        let start =
            record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        // The reader counts the blank lines above a record to it.
        let blank = text[start.min(text.len())..]
            .bytes()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        is_there.then_some((start + blank, record))
    })
}

/// How regular a text looks when it is read in one dialect.
#[derive(Debug, Clone, Copy)]
struct TableShape {
    width: usize,
    /// Records of the usual width, of 100.
    regular: usize,
    /// Records above the first of the usual width.
    above: usize,
    first_byte: usize,
}

impl TableShape {
    /// Nearly regular texts are told apart by what stands above the header, then by their width.
    fn rank(&self) -> (bool, std::cmp::Reverse<usize>, usize, usize) {
        (self.regular >= 90, std::cmp::Reverse(self.above), self.width, self.regular)
    }
}

fn shape(text: &str, found: DialectGuess) -> Option<TableShape> {
    let widths: Vec<(usize, usize)> =
        records(text, found).map(|(start, record)| (start, record.len())).collect();
    let mut counts = std::collections::BTreeMap::new();
    for (_, width) in &widths {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    let (width, count) =
        counts.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(_, count)| *count)?;
    let above = widths.iter().position(|(_, found)| *found == width)?;
    let regular = count * 100 / (widths.len() - above).max(1);
    let first_byte = widths[above].0;
    let is_table = regular >= 50
        && above <= TITLES
        && (above == 0 || (count > 1 && is_title(&text[..first_byte], above, width, count)));
    is_table.then_some(TableShape { width, regular, above, first_byte })
}

/// Whether what stands above a table is no table itself, of one column, with a separator in a value or two below it.
fn is_title(text: &str, lines: usize, width: usize, rows: usize) -> bool {
    let is_apart = text.ends_with("\n\n") || text.ends_with("\r\n\r\n");
    let is_remark = text.lines().all(|line| line.starts_with('#') || line.trim().is_empty());
    is_apart || is_remark || width > 2 || rows >= lines
}

/// The character that encloses fields; the usual one when none does and none stands inside a field.
fn quote(text: &str) -> Option<u8> {
    let encloses = |quote: char| {
        text.lines()
            .take(10_000)
            .filter(|line| opens(line, quote) && line.matches(quote).count() >= 2)
            .count()
    };
    let (double, single) = (encloses('"'), encloses('\''));
    if double > 0 {
        return Some(b'"');
    }
    let lines = text.lines().take(10_000).count();
    if single * 2 > lines {
        return Some(b'\'');
    }
    (!text.contains('"')).then_some(b'"')
}

/// Whether a field of the line begins with the quote.
fn opens(line: &str, quote: char) -> bool {
    line.starts_with(quote)
        || DELIMITERS
            .iter()
            .any(|delimiter| line.contains(&*String::from_iter([char::from(*delimiter), quote])))
}

fn lines_above(text: &str, byte: usize) -> usize {
    let above = text[..byte.min(text.len())].replace("\r\n", "\n");
    above.matches(['\n', '\r']).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (char, Option<char>, bool, usize, usize) {
        let found = find(text);
        (
            char::from(found.delimiter),
            found.quote.map(char::from),
            found.has_escape,
            found.skip_rows,
            found.width,
        )
    }

    #[test]
    fn the_separator_is_what_makes_rows_equally_wide() {
        assert_eq!(found("a,b\n1,2\n3,4\n"), (',', Some('"'), false, 0, 2));
        assert_eq!(found("name;amount;note\nx;1,5;a, b\ny;2,5;c\n"), (';', Some('"'), false, 0, 3));
        assert_eq!(found("a\tb\nI said, well, \"no\t1\nx, y\t2\n"), ('\t', None, false, 0, 2));
        assert_eq!(found("a|b|c\n1,5|2,5|3\n"), ('|', Some('"'), false, 0, 3));
        assert_eq!(found("word\nother\n"), (',', Some('"'), false, 0, 1));
    }

    #[test]
    fn separators_inside_quotes_do_not_count() {
        assert_eq!(found("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n"), (',', Some('"'), false, 0, 2));
        assert_eq!(found("'a';'b'\n'x;y';'1'\n"), (';', Some('\''), false, 0, 2));
        assert_eq!(
            found("a,b\n\"she said \\\"x, y\\\", ok\",1\n\"p\",2\n"),
            (',', Some('"'), true, 0, 2)
        );
        assert_eq!(found("a,b\n\"5\"\" disk, new\",1\n"), (',', Some('"'), false, 0, 2));
    }

    #[test]
    fn rows_of_one_column_are_no_title_of_the_row_that_has_a_separator_in_it() {
        let one_column = (',', Some('"'), false, 0, 1);
        assert_eq!(found("c0\nv0\na;b\n"), one_column);
        assert_eq!(found("comment\ngood\nok\nfine\nvery slow; rude\n"), one_column);
        assert_eq!(found("comment\ngood\nok\nfine\nslow; rude\nlate; lost\n"), one_column);
        assert_eq!(
            found("# made today\n# at noon\n# by us\nid,at\n1,2\n"),
            (',', Some('"'), false, 3, 2)
        );
    }

    #[test]
    fn a_title_above_the_header_is_skipped_by_its_lines() {
        assert_eq!(
            found("Tickets of November\r\n\r\nId,Status\r\n1,Open\r\n2,New\r\n"),
            (',', Some('"'), false, 2, 2)
        );
    }
}
