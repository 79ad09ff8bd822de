//! Entry points for fuzzing: one file, or one value, without project and warehouse.
//!
//! The fuzz targets in `fuzz/` and the corpus test call them. Nothing is landed.

use std::path::Path;

use arrow::array::Array as _;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use scorewright_domain::{Books, Limits};

use super::collect;
use crate::csv::split::{Offsets, Splitter};
use crate::refusal::ReadError;
use crate::source::{Column, Source};
use crate::typed::TypedColumn;
use scorewright_domain::Reason;

/// Reads a file as `land` reads it, up to where rows of several files are compared; says what became of its rows.
///
/// # Errors
///
/// Why the file is refused, or cannot be read.
pub fn file(source: &Source, path: &Path) -> Result<Books, ReadError> {
    let (found, rows) = collect(source, path, &Limits::default())?;
    Ok(Books {
        read: found.read,
        accepted: rows.count() as u64,
        quarantined: rows.rejected.len() as u64 - found.not_data(),
        not_data: found.not_data(),
        not_sampled: found.not_sampled,
        reasons: found
            .reasons
            .into_iter()
            .filter(|(reason, _)| *reason != Reason::NotData.code())
            .map(|(reason, seen)| (reason, seen.rows))
            .collect(),
        ..Books::default()
    })
}

/// Judges one value of a column; says what it is, in the way a table shows it. `None` is no value.
///
/// # Errors
///
/// The reason why its row would be set aside.
pub fn value(column: &Column, text: &[u8]) -> Result<Option<String>, &'static str> {
    let mut typed = TypedColumn::new(column, false, None);
    typed.push_text(text).map_err(Reason::code)?;
    let values = typed.finish().map_err(|_| Reason::BadEncoding.code())?;
    let options = FormatOptions::default();
    let shown = ArrayFormatter::try_new(values.as_ref(), &options)
        .map_err(|_| Reason::BadEncoding.code())?;
    Ok(values.is_valid(0).then(|| shown.value(0).to_string()))
}

/// Characters that mean something in CSV.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// What separates fields.
    pub delimiter: u8,
    /// What encloses fields.
    pub quote: Option<u8>,
    /// What makes a letter of the character after it.
    pub escape: Option<u8>,
}

/// A record of CSV: its place, the line it starts on, and its fields or why it is malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedRecord {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last, without its line end.
    pub end: usize,
    /// Its line, from 1.
    pub line: u64,
    /// What its fields say.
    pub fields: Result<Vec<Vec<u8>>, &'static str>,
}

/// Splits a text into records of `width` fields, as two blocks of which the first ends at `cut`.
pub fn records(signs: Signs, width: usize, text: &[u8], cut: usize) -> Vec<ProbedRecord> {
    let splitter = Splitter::new(signs.delimiter, signs.quote, signs.escape);
    let (mut found, mut from, mut line) = (Vec::new(), 0, 1);
    for (end, is_last) in [(cut, false), (text.len(), true)] {
        let (mut offsets, block) = (Offsets::new(width), &text[from..end]);
        let (used, next) = splitter.split(block, line, is_last, &mut offsets);
        for record in 0..offsets.len() {
            let field = |column| {
                splitter.content(offsets.field(block, record, column), &mut Vec::new()).to_vec()
            };
            let (start, end) = offsets.range(record);
            let fields = Ok((0..width).map(field).collect());
            found.push(ProbedRecord {
                start: from + start,
                end: from + end,
                line: offsets.line(record),
                fields,
            });
        }
        found.extend(offsets.malformed.iter().map(|malformed| ProbedRecord {
            start: from + malformed.start,
            end: from + malformed.end,
            line: malformed.line,
            fields: Err(malformed.reason.code()),
        }));
        (from, line) = (from + used, next);
    }
    found.sort_by_key(|record| record.start);
    found
}
