//! One CSV file being read: its dialect, its header, and how its records become typed rows.

use crate::refusal::AdmitExtract as _;
use std::num::NonZeroU32;

use crate::refusal::Refusal;
use crate::rows::binding::Binding;
use crate::rows::collector::{RowCollector, TypedBlock};
use crate::rows::mask::{MASK, WITHHELD, shape};
use crate::rows::not_data::NotData;
use crate::rows::position::RowPosition;
use crate::source::{Encoding, Source};
use crate::typed::{FieldValue, TypedColumn};
use scorewright_domain::{Limits, Reason};

use super::block::{CsvBlock, CsvTurn};
use super::header::{header, recognize};
use super::split::{Malformed, Offsets, Splitter, Step, unclosed};
use crate::bytes::stream::Stream;

pub(crate) struct CsvReader {
    splitter: Splitter,
    /// Encoding of the bytes that are split.
    encoding: Encoding,
    footer_rows: usize,
    header: Vec<String>,
    pub(crate) binding: Binding,
    not_data: NotData,
    limits: Limits,
}

/// What is wrong with each record of a block.
type Bad = Vec<Option<RecordFault>>;

/// In which stored or barred column a fault is, and what it is; small, because there is one place for it a record.
#[derive(Clone, Copy)]
struct RecordFault {
    column: Option<NonZeroU32>,
    reason: Reason,
}

impl RecordFault {
    fn new(column: usize, reason: Reason) -> Self {
        Self { column: u32::try_from(column + 1).ok().and_then(NonZeroU32::new), reason }
    }

    fn column(self) -> Option<usize> {
        self.column.map(|column| column.get() as usize - 1)
    }
}

impl CsvReader {
    /// Reads the header rows and finds the columns; also the line below them.
    pub(crate) fn begin(
        stream: &mut Stream,
        source: &Source,
        limits: &Limits,
    ) -> Result<(Self, u64), Refusal> {
        let dialect = source.dialect();
        let delimiter = dialect.delimiter_byte().expect("a source is verified when it is read");
        let splitter = Splitter::new(delimiter, dialect.quote_byte(), dialect.escape_byte());
        let encoding = dialect.encoding().of_stream();
        stream.fill()?;
        if !(stream.block().is_empty() && source.may_have_no_bytes()) {
            recognize(stream.block(), dialect.encoding())?;
        }
        if encoding == Encoding::Utf8 && stream.block().starts_with(b"\xEF\xBB\xBF") {
            stream.advance(3);
        }
        let (header, line) = header(stream, splitter, &dialect, limits)?;
        let binding = Binding::new(&header, source)?;
        let reading = Self {
            splitter,
            encoding,
            footer_rows: dialect.footer_rows,
            header,
            binding,
            not_data: NotData::new(&source.not_data),
            limits: *limits,
        };
        Ok((reading, line))
    }

    /// Fields of every row.
    pub(crate) fn width(&self) -> usize {
        self.header.len()
    }

    /// Columns of the file that the source does not declare.
    pub(crate) fn unknown_columns(&self) -> Vec<String> {
        self.binding.unknown.clone()
    }

    /// Finds the records of a block that starts on `line`; returns how many bytes they are, and the line after them.
    ///
    /// The last records at hand may be the footer: they are held back until more has come. At the end they are a footer
    /// when one of them is known to be no data; a count alone drops nothing.
    pub(crate) fn split(
        &self,
        block: &[u8],
        line: u64,
        is_last: bool,
        offsets: &mut Offsets,
    ) -> (usize, u64) {
        let end = self.splitter.split(block, line, is_last, offsets);
        if is_last {
            self.mark_footer(block, offsets);
            return end;
        }
        offsets.hold_back(self.footer_rows).unwrap_or(end)
    }

    fn mark_footer(&self, block: &[u8], offsets: &mut Offsets) {
        let last = offsets.last(self.footer_rows);
        if last.iter().any(|(start, end, _)| self.is_remark(&block[*start..*end])) {
            offsets.hold_back(last.len());
            offsets.malformed.extend(last.into_iter().map(|(start, end, line)| Malformed {
                start,
                end,
                line,
                reason: Reason::NotData,
            }));
        }
    }

    /// Types one row of each record of a block, column by column, and judges them.
    ///
    /// What is no record is taken with the first.
    pub(crate) fn take(
        &self,
        turn: &CsvTurn,
        mut rows: RowCollector,
    ) -> Result<TypedBlock, Refusal> {
        let CsvBlock { bytes: block, offsets, received, .. } = &*turn.block;
        let binding = &self.binding.rows[turn.row];
        let mut bad = self.bad_encoding(block, offsets);
        self.find_not_data(block, offsets, &mut bad);
        for index in binding.order.iter().copied() {
            let column = &mut rows.columns[index];
            match binding.places[index] {
                None => take_constant(index, binding.constant(index), &mut bad, column),
                Some(place) if self.encoding == Encoding::Utf8 => {
                    self.take_column::<true>((index, place), block, offsets, &mut bad, column);
                }
                Some(place) => {
                    self.take_column::<false>((index, place), block, offsets, &mut bad, column);
                }
            }
        }
        self.find_barred(block, offsets, &mut bad);
        rows.reserve(bad.len());
        self.admit(turn, bad, &mut rows)?;
        if !turn.is_first() {
            return rows.finish(0, 0);
        }
        self.take_malformed(&turn.block, &mut rows)?;
        rows.finish(*received, offsets.found())
    }

    /// Adds the rows whose values were pushed.
    fn admit(&self, turn: &CsvTurn, bad: Bad, rows: &mut RowCollector) -> Result<(), Refusal> {
        let CsvBlock { bytes: block, base, offsets, .. } = &*turn.block;
        for (record, bad) in bad.into_iter().enumerate() {
            let (start, end) = offsets.range(record);
            self.limits.admit_row(end - start, offsets.line(record))?;
            let place = placed(*base, start, end, offsets.line(record));
            let resolve =
                || rows.resolve_zones().map(|(column, reason)| RecordFault::new(column, reason));
            match bad.or_else(resolve) {
                fault if turn.is_no_row(fault, rows) => rows.leave_out(place),
                None => rows.accept(place, || Ok(self.show(&block[start..end])))?,
                Some(fault) => {
                    let names = &self.binding.rows[turn.row].names;
                    let column = fault.column().map(|column| names[column].as_str());
                    rows.reject(place, fault.reason, column, self.show(&block[start..end]))?;
                }
            }
        }
        Ok(())
    }

    /// Sets aside what is no record.
    fn take_malformed(&self, block: &CsvBlock, rows: &mut RowCollector) -> Result<(), Refusal> {
        let CsvBlock { bytes: block, base, offsets, .. } = block;
        for malformed in &offsets.malformed {
            self.limits.admit_row(malformed.end - malformed.start, malformed.line)?;
            let place = placed(*base, malformed.start, malformed.end, malformed.line);
            let record = &block[malformed.start..malformed.end];
            let reason = if self.is_remark(record) { Reason::NotData } else { malformed.reason };
            rows.reject_malformed(place, reason, self.show(record))?;
        }
        Ok(())
    }

    fn take_column<const IS_UTF8: bool>(
        &self,
        (index, place): (usize, usize),
        block: &[u8],
        offsets: &Offsets,
        bad: &mut Bad,
        column: &mut TypedColumn,
    ) {
        let (mut scratch, mut decoded) = (Vec::new(), Vec::new());
        column.reserve(offsets.len(), || offsets.bytes(place));
        for (field, bad) in offsets.fields(block, place).zip(bad) {
            if bad.is_some() && !column.is_amount() {
                column.push_nothing();
                continue;
            }
            let content = self.splitter.content(field, &mut scratch);
            let text =
                if IS_UTF8 { Some(content) } else { self.encoding.decode(content, &mut decoded) };
            let outcome = match text {
                _ if content.len() > self.limits.field_bytes => column.refuse(Reason::FieldTooLong),
                Some(text) => column.push_text(text),
                None => column.refuse(Reason::BadEncoding),
            };
            if let Err(reason) = outcome {
                bad.get_or_insert_with(|| RecordFault::new(index, reason));
            }
        }
    }

    /// Finds records that are no data.
    fn find_not_data(&self, block: &[u8], offsets: &Offsets, bad: &mut Bad) {
        for (record, bad) in bad.iter_mut().enumerate().filter(|(_, bad)| bad.is_none()) {
            let (start, end) = offsets.range(record);
            let fields = || (0..self.width()).map(|place| offsets.field(block, record, place));
            if self.is_blank(&block[start..end])
                || self.not_data.has_patterns() && self.is_known(fields())
            {
                *bad = Some(RecordFault { column: None, reason: Reason::NotData });
            }
        }
    }

    /// Whether a record has separators alone; one without any may be an empty text.
    fn is_blank(&self, record: &[u8]) -> bool {
        !record.is_empty() && record.iter().all(|byte| *byte == self.splitter.delimiter)
    }

    /// Whether the first value of some fields says that they are no row.
    fn is_known<'a>(&self, fields: impl Iterator<Item = &'a [u8]>) -> bool {
        let mut scratch = Vec::new();
        for field in fields {
            let content = self.splitter.content(field, &mut scratch).trim_ascii();
            if !content.is_empty() {
                return self.not_data.is(&self.encoding.show(content));
            }
        }
        false
    }

    /// Whether a record of any width is no data.
    fn is_remark(&self, record: &[u8]) -> bool {
        let mut ends = Vec::new();
        let step = self.splitter.record(record, 0, true, &mut ends);
        let is_whole = matches!(step, Step::Record { flaw: None, .. });
        let starts = std::iter::once(0).chain(ends.iter().map(|end| *end as usize + 1));
        let fields = starts.zip(&ends).map(|(start, end)| &record[start..*end as usize]);
        self.is_blank(record) || is_whole && self.is_known(fields)
    }

    /// Finds records that have a value where none may be.
    fn find_barred(&self, block: &[u8], offsets: &Offsets, bad: &mut Bad) {
        let mut scratch = Vec::new();
        let stored = self.binding.rows[0].places.len();
        for (index, place) in (stored..).zip(&self.binding.barred) {
            let fields = offsets.fields(block, *place).zip(bad.iter_mut());
            for (field, bad) in fields.filter(|(_, bad)| bad.is_none()) {
                let content = self.splitter.content(field, &mut scratch);
                if !content.trim_ascii().is_empty() {
                    *bad = Some(RecordFault::new(index, Reason::UndeclaredColumn));
                }
            }
        }
    }

    /// Proves a whole block to be UTF-8 at once; only where that fails each record is looked at.
    fn bad_encoding(&self, block: &[u8], offsets: &Offsets) -> Bad {
        let mut found = vec![None; offsets.len()];
        if self.encoding != Encoding::Utf8 || std::str::from_utf8(block).is_ok() {
            return found;
        }
        for (record, bad) in found.iter_mut().enumerate() {
            let (start, end) = offsets.range(record);
            if std::str::from_utf8(&block[start..end]).is_err() {
                *bad = Some(RecordFault { column: None, reason: Reason::BadEncoding });
            }
        }
        found
    }

    /// Sets aside the first line of a block that is as long as a row may be and holds no whole row.
    pub(crate) fn give_up(
        &self,
        block: &[u8],
        line: u64,
        offsets: &mut Offsets,
    ) -> Result<(usize, u64), Refusal> {
        if self.footer_rows > 0 && self.has_record(block) {
            return Err(self.limits.footer_too_long(self.footer_rows, line).into());
        }
        let Step::Record { end, next, .. } = unclosed(block, 0, true) else { return Ok((0, line)) };
        if end >= self.limits.row_bytes {
            return Err(self.limits.line_too_long(line).into());
        }
        offsets.malformed.push(Malformed { start: 0, end, line, reason: Reason::UnclosedQuote });
        Ok((next, line + 1))
    }

    fn has_record(&self, block: &[u8]) -> bool {
        self.splitter.record(block, 0, false, &mut Vec::new()) != Step::Partial
    }

    /// A record as text for a person; of a source with personal columns those masked, and the others as their shape.
    pub(crate) fn show(&self, record: &[u8]) -> String {
        if self.binding.personal.is_empty() {
            return self.encoding.show(record);
        }
        let mut ends = Vec::new();
        match self.splitter.record(record, 0, true, &mut ends) {
            Step::Record { end, flaw: None, .. }
                if end == record.len() && ends.len() == self.width() => {}
            _ => return WITHHELD.into(),
        }
        let mut text = String::with_capacity(record.len());
        let mut start = 0;
        for (place, end) in ends.into_iter().map(|end| end as usize).enumerate() {
            if self.binding.personal.contains(&place) {
                text.push_str(MASK);
            } else {
                text.push_str(&shape(&self.encoding.show(&record[start..end])));
            }
            text.push_str(&self.encoding.show(&record[end..record.len().min(end + 1)]));
            start = end + 1;
        }
        text
    }
}

/// A column that has no place in the file: the same value in every record, or none.
fn take_constant(index: usize, constant: FieldValue<'_>, bad: &mut Bad, column: &mut TypedColumn) {
    for bad in bad {
        match bad {
            Some(_) => column.push_nothing(),
            None => {
                *bad = column.push(constant).err().map(|reason| RecordFault::new(index, reason));
            }
        }
    }
}

impl CsvTurn {
    /// Whether the values of a record that were pushed are no row. A record that is bad as a whole is set aside once.
    fn is_no_row(&self, fault: Option<RecordFault>, rows: &RowCollector) -> bool {
        match fault {
            Some(fault) if fault.column.is_none() => !self.is_first(),
            fault => rows.is_no_row(fault.and_then(RecordFault::column)),
        }
    }
}

fn placed(base: u64, start: usize, end: usize, line: u64) -> RowPosition {
    RowPosition { line, byte: base + start as u64, length: (end - start) as u64 }
}
