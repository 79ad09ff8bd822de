//! What stands above the rows of a CSV file: lines to skip and header rows.

use memchr::memchr2;

use super::split::{Splitter, Step};
use crate::bytes;
use crate::bytes::stream::Stream;
use crate::limits::Limits;
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
    let mut names = dialect.names.clone();
    for row in 0..dialect.header_rows {
        let found = header_row(stream, splitter, &mut line, limits)?;
        let Some(ends) = found else {
            return Err(if row == 0 { Refusal::Empty } else { Refusal::NoRows });
        };
        if row == 0 {
            names = fields(stream.block(), &ends.fields, splitter, dialect.encoding);
        }
        stream.advance(ends.next);
    }
    limits.admit_columns(names.len())?;
    Ok((names, line))
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
