//! What stands above the rows of a CSV file: lines to skip and header rows.

use crate::refusal::AdmitExtract as _;
use memchr::memchr2;
use scorewright_domain::Limits;

use super::split::{Splitter, Step};
use crate::bytes;
use crate::bytes::stream::Stream;
use crate::refusal::Refusal;
use crate::source::{Dialect, Encoding};

/// Refuses what plainly is another format, with a better word than "missing column".
pub(crate) fn recognize(bytes: &[u8], encoding: Encoding) -> Result<(), Refusal> {
    bytes::recognize(bytes)?;
    let (what, help) = match bytes {
        // The byte order mark, or the same two bytes read in the wrong order.
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xEF, 0xBF, 0xBE, ..] => {
            ("UTF-16 by its byte order mark", "set `encoding = \"utf-16\"` in the source file")
        }
        _ if encoding.byte_order().is_none()
            && let Some(what) = bytes::unmarked_utf16(bytes) =>
        {
            (what, "set `encoding` in the source file to `utf-16le` or `utf-16be`")
        }
        _ if encoding.byte_order().is_some() && !has_ascii(bytes) => {
            ("not UTF-16", "set `encoding` in the source file to what it is: most often `utf-8`")
        }
        _ => return Ok(()),
    };
    Err(Refusal::OtherFormat(what, help))
}

/// Whether the beginning of a text has a separator or line end; bytes of UTF-8 taken by twos have none.
fn has_ascii(text: &[u8]) -> bool {
    text.iter().take(4 << 10).any(u8::is_ascii)
}

/// The names of the columns, and the line the first row starts on.
pub(crate) fn header(
    stream: &mut Stream,
    splitter: Splitter,
    dialect: &Dialect,
    limits: &Limits,
) -> Result<(Vec<String>, u64), Refusal> {
    let skipped = skip_lines(stream, dialect.skip_rows, limits)?;
    let mut line = skipped + 1;
    let mut rows = Vec::new();
    for row in 0..dialect.header_rows {
        let found = header_row(stream, splitter, &mut line, limits)?;
        let Some(ends) = found else {
            return Err(if row == 0 { Refusal::Empty } else { Refusal::NoRows });
        };
        limits.admit_columns(ends.fields.len())?;
        rows.push(fields(stream.block(), &ends.fields, splitter, dialect.encoding()));
        stream.advance(ends.next);
    }
    let names = names(&rows, dialect.names_row).unwrap_or_else(|| dialect.names.clone());
    limits.admit_columns(names.len())?;
    Ok((names, line))
}

/// The names in one of the header rows; `None` when there are none.
///
/// A question of several columns has its text over the first of them alone. The others are named by it and by what
/// stands below: `How satisfied are you? | Support`.
fn names(rows: &[Vec<String>], names_row: usize) -> Option<Vec<String>> {
    let row = names_row.checked_sub(1)?;
    let mut names = rows.get(row)?.clone();
    let Some(below) = rows.get(row + 1) else { return Some(names) };
    let mut above: Option<String> = None;
    for (name, below) in names.iter_mut().zip(below) {
        if !name.trim().is_empty() {
            above = Some(name.trim().to_owned());
        } else if let Some(above) = above.as_ref().filter(|_| !below.trim().is_empty()) {
            *name = format!("{above} | {}", below.trim());
        }
    }
    Some(names)
}

/// Lines end at every line end here: what stands above a header need not be CSV.
fn skip_lines(stream: &mut Stream, lines: usize, limits: &Limits) -> Result<u64, Refusal> {
    let mut skipped = 0;
    while skipped < lines {
        let block = stream.block();
        let next = match memchr2(b'\n', b'\r', block) {
            Some(at) if block[at] == b'\n' => Some(at + 1),
            Some(at) if at + 1 < block.len() => Some(at + 1 + usize::from(block[at + 1] == b'\n')),
            Some(at) if stream.is_last => Some(at + 1),
            _ => None,
        };
        match next {
            Some(next) => {
                stream.advance(next);
                skipped += 1;
            }
            None if stream.is_last => return Err(Refusal::NoRows),
            None if block.len() >= limits.row_bytes => {
                return Err(limits.line_too_long(skipped as u64 + 1).into());
            }
            None => {
                stream.fill()?;
            }
        }
    }
    Ok(skipped as u64)
}

struct HeaderRow {
    /// End of each field.
    fields: Vec<u32>,
    /// First byte below it.
    next: usize,
}

/// The next record at hand, blank lines above it passed; `None` at the end of the file.
fn header_row(
    stream: &mut Stream,
    splitter: Splitter,
    line: &mut u64,
    limits: &Limits,
) -> Result<Option<HeaderRow>, Refusal> {
    loop {
        let mut fields = Vec::new();
        match splitter.record(stream.block(), 0, stream.is_last, &mut fields) {
            _ if stream.is_last && stream.block().is_empty() => return Ok(None),
            Step::Partial if stream.block().len() < limits.row_bytes => {
                stream.fill()?;
            }
            Step::Partial => return Err(limits.line_too_long(*line).into()),
            Step::Blank { next } => {
                stream.advance(next);
                *line += 1;
            }
            Step::Record { flaw: Some(reason), .. } => {
                return Err(Refusal::BadHeader(reason.code()));
            }
            Step::Record { next, lines, .. } => {
                *line += lines;
                return Ok(Some(HeaderRow { fields, next }));
            }
        }
    }
}

fn fields(block: &[u8], ends: &[u32], splitter: Splitter, encoding: Encoding) -> Vec<String> {
    let starts = std::iter::once(0).chain(ends.iter().map(|end| *end as usize + 1));
    let fields = starts.zip(ends).map(|(start, end)| &block[start..*end as usize]);
    fields.map(|field| encoding.show(splitter.content(field, &mut Vec::new()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    // The shape of a survey tool's matrix question.
    #[test]
    fn a_question_of_several_columns_is_named_by_both_rows() {
        let rows = [
            row(&["Id", "", "How satisfied?", "", " ", "Why?"]),
            row(&["", "x", "Product", "Support", "", "Open"]),
        ];
        let expected = ["Id", "Id | x", "How satisfied?", "How satisfied? | Support", " ", "Why?"];
        assert_eq!(names(&rows, 1).unwrap(), expected);
        assert_eq!(names(&rows, 2).unwrap(), rows[1]);
        assert_eq!(names(&[], 1), None);
    }
}
