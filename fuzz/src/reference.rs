//! CSV split byte by byte, as slowly and plainly as its rules are written: what the fast splitter must agree with.

use scorewright_extract::probe::{ProbedRecord, Signs};

/// Where a byte stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    AfterQuote,
}

/// The records of a text, with `width` fields each.
pub fn records(signs: Signs, width: usize, text: &[u8]) -> Vec<ProbedRecord> {
    let (mut start, mut line, mut records) = (0, 1, Vec::new());
    while start < text.len() {
        if let Some(length) = line_end(text, start) {
            start += length;
            line += 1;
            continue;
        }
        let (end, fields) = record(signs, text, start);
        let fields = fields.and_then(|fields| match fields.len() {
            few if few < width => Err("too_few_fields"),
            many if many > width => Err("too_many_fields"),
            _ => Ok(fields),
        });
        records.push(ProbedRecord { start, end, line, fields });
        line += line_ends(&text[start..end]) + 1;
        start = end + line_end(text, end).unwrap_or(0);
    }
    records
}

/// The end of a record without its line end, and its fields, or why it has none.
fn record(signs: Signs, text: &[u8], start: usize) -> (usize, Result<Vec<Vec<u8>>, &'static str>) {
    let unclosed = || (first_line(text, start), Err("unclosed_quote"));
    let (mut at, mut place, mut is_stray) = (start, At::FieldStart, false);
    let (mut fields, mut opened, mut lines) = (vec![Vec::new()], start, 0);
    while let Some(byte) = text.get(at).copied() {
        let is_line_end = matches!(byte, b'\n' | b'\r');
        let mut letters = &text[at..=at];
        if Some(byte) == signs.escape {
            letters = escaped(text, at, place == At::Quoted);
            at += letters.len().min(text.len() - at - 1);
        } else if place == At::Quoted && Some(byte) == signs.quote {
            if text.get(at + 1) != Some(&byte) {
                (place, lines) = (At::AfterQuote, line_ends(&text[opened..at]));
                letters = &[];
            } else {
                at += 1;
            }
        } else if place == At::FieldStart && Some(byte) == signs.quote {
            (place, opened) = (At::Quoted, at);
            at += 1;
            continue;
        } else if place != At::Quoted && is_line_end {
            break;
        } else if place != At::Quoted && byte == signs.delimiter {
            fields.push(Vec::new());
            place = At::FieldStart;
            at += 1;
            continue;
        }
        if place == At::AfterQuote && !letters.is_empty() {
            if lines > 0 {
                return unclosed();
            }
            is_stray = true;
        }
        if place != At::Quoted && !letters.is_empty() {
            place = At::Plain;
        }
        fields.last_mut().expect("there is a field").extend_from_slice(letters);
        at += 1;
    }
    match place {
        At::Quoted => unclosed(),
        _ if is_stray => (at, Err("stray_quote")),
        _ => (at, Ok(fields)),
    }
}

/// What an escape character makes letters of: the next byte, outside quotes a whole line end, itself at the very end.
fn escaped(text: &[u8], at: usize, is_quoted: bool) -> &[u8] {
    match text[at + 1..] {
        [] => &text[at..=at],
        [b'\r', b'\n', ..] if !is_quoted => &text[at + 1..at + 3],
        _ => &text[at + 1..at + 2],
    }
}

fn first_line(text: &[u8], start: usize) -> usize {
    let length = text[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    length.map_or(text.len(), |length| start + length)
}

/// Bytes of the line end at a place.
fn line_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at..)? {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

fn line_ends(text: &[u8]) -> u64 {
    let (mut at, mut count) = (0, 0);
    while at < text.len() {
        let length = line_end(text, at);
        count += u64::from(length.is_some());
        at += length.unwrap_or(1);
    }
    count
}
