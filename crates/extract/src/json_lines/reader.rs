//! Lines becoming typed rows.

use crate::refusal::AdmitExtract as _;
use memchr::memchr;

use super::blocks::LineBlock;
use super::columns::JsonColumns;
use super::learned::Learned;
use super::scan::{ByteSpan, Scanner};
use super::shape::Shape;
use super::text;
use super::tree::Tree;
use super::walk::{Scratch, Slot, Walk};
use crate::refusal::Refusal;
use crate::rows::collector::{RowCollector, TypedBlock};
use crate::rows::mask::WITHHELD;
use crate::rows::position::RowPosition;
use crate::source::Kind;
use crate::typed::numeral;
use crate::typed::{FieldValue, TypedColumn};
use scorewright_domain::{Limits, Reason};

pub(crate) struct LineReader<'a> {
    columns: &'a JsonColumns,
    limits: &'a Limits,
    shape: Shape<'a>,
    slots: Vec<Slot>,
    /// For each stored column, whether some row has a value, or null, at one of its paths.
    is_met: Vec<bool>,
    /// Whether some row could be taken apart to its end.
    is_any_whole: bool,
    scratch: Scratch,
    unescaped: Vec<u8>,
    /// Number of the line at hand.
    line: u64,
}

impl<'a> LineReader<'a> {
    /// Begins with the line of that number.
    pub(crate) fn begin(columns: &'a JsonColumns, limits: &'a Limits, line: u64) -> Self {
        Self {
            columns,
            limits,
            shape: Shape::new(columns.barring.as_deref()),
            slots: vec![Slot::Absent; columns.slots],
            is_met: vec![false; columns.stored.len()],
            is_any_whole: false,
            scratch: Scratch::default(),
            unescaped: Vec::new(),
            line,
        }
    }

    /// Types the rows of a block, and tells what its lines told about the file.
    pub(crate) fn take(
        mut self,
        block: &LineBlock,
        mut rows: RowCollector,
    ) -> Result<(TypedBlock, Learned), Refusal> {
        let found = self.take_lines(block, &mut rows)?;
        Ok((rows.finish(block.received, found)?, self.learned()))
    }

    /// Takes the lines of a block; returns how many rows they have.
    fn take_lines(&mut self, block: &LineBlock, rows: &mut RowCollector) -> Result<usize, Refusal> {
        let is_utf8 = std::str::from_utf8(&block.bytes).is_ok();
        let (mut start, mut found) = (0, 0);
        while start < block.bytes.len() {
            let end =
                memchr(b'\n', &block.bytes[start..]).map_or(block.bytes.len(), |at| start + at);
            if end - start > self.limits.row_bytes {
                return Err(self.limits.line_too_long(self.line).into());
            }
            found +=
                self.take_line(&block.bytes[start..end], block.base + start as u64, is_utf8, rows)?;
            start = end + 1;
            self.line += 1;
        }
        Ok(found)
    }

    /// What the lines told about the file.
    fn learned(self) -> Learned {
        let names = self.shape.names().collect();
        Learned { names, is_met: self.is_met, is_any_whole: self.is_any_whole }
    }

    /// Takes a line that stands at `byte` of the file; returns how many rows it has.
    fn take_line(
        &mut self,
        line: &[u8],
        byte: u64,
        is_utf8: bool,
        rows: &mut RowCollector,
    ) -> Result<usize, Refusal> {
        let trimmed = line.trim_ascii_start();
        let base = byte + (line.len() - trimmed.len()) as u64;
        let line = trimmed.trim_ascii_end();
        if line.is_empty() {
            return Ok(0);
        }
        let all = ByteSpan { start: 0, end: line.len() };
        if !is_utf8 && std::str::from_utf8(line).is_err() {
            self.reject_malformed(line, all, base, Reason::BadEncoding, rows)?;
            return Ok(1);
        }
        if self.columns.elements.is_some() {
            return self.take_elements(line, base, rows);
        }
        self.take_object(line, all, base, rows)?;
        Ok(1)
    }

    /// Takes the object at `span` as a row.
    fn take_object(
        &mut self,
        line: &[u8],
        span: ByteSpan,
        base: u64,
        rows: &mut RowCollector,
    ) -> Result<(), Refusal> {
        self.slots[..self.columns.row_slots].fill(Slot::Absent);
        let mut walk = Walk {
            line: &line[..span.end],
            tree: &self.columns.row,
            slots: &mut self.slots,
            shape: Some(&mut self.shape),
            scratch: &mut self.scratch,
            depth: self.limits.json_depth,
        };
        let whole = walk.object_at(span.start).and_then(|found| ends_with(line, found, span));
        self.limits.admit_columns(self.shape.len())?;
        match whole {
            Ok(()) => self.take_row(line, span, base, rows),
            Err(reason) => {
                self.meet_from(0);
                self.reject_malformed(line, span, base, reason, rows)
            }
        }
    }

    /// Notes which columns the row at hand has, from the column at `first` on.
    fn meet_from(&mut self, first: usize) {
        for index in first..self.is_met.len() {
            self.is_met[index] |= self.columns.stored[index].find(&self.slots) != Slot::Absent;
        }
    }

    /// Takes each element of the array that the source names; a line without the array has no rows.
    fn take_elements(
        &mut self,
        line: &[u8],
        base: u64,
        rows: &mut RowCollector,
    ) -> Result<usize, Refusal> {
        let all = ByteSpan { start: 0, end: line.len() };
        let array = match self.find_array(line) {
            Ok(None) if self.columns.elements.as_ref().is_some_and(|elements| elements.or_line) => {
                self.take_object(line, all, base, rows)?;
                return Ok(1);
            }
            Ok(None) => return Ok(0),
            Ok(Some(array)) => array,
            Err(reason) => {
                self.reject_malformed(line, all, base, reason, rows)?;
                return Ok(1);
            }
        };
        let elements = elements(line, array, self.limits.json_depth);
        self.limits.admit_repeated(self.repeated_bytes(), elements.len(), self.line)?;
        let count = elements.len();
        for element in elements {
            self.take_object(line, element, base, rows)?;
        }
        Ok(count)
    }

    /// Bytes of the line at hand, beside the array, that each of its rows repeats.
    fn repeated_bytes(&self) -> usize {
        let array = self.columns.elements.as_ref().map(|elements| elements.slot);
        let beside = self.slots.iter().enumerate().skip(self.columns.row_slots);
        let beside = beside.filter(|(slot, _)| Some(*slot) != array);
        beside.map(|(_, found)| found.length().min(self.limits.field_bytes)).sum()
    }

    /// Proves the line to be JSON and finds the array, and the values asked for beside it.
    fn find_array(&mut self, line: &[u8]) -> Result<Option<ByteSpan>, Reason> {
        let Some(elements) = &self.columns.elements else { return Ok(None) };
        self.slots.fill(Slot::Absent);
        let mut walk = Walk {
            line,
            tree: &elements.line,
            slots: &mut self.slots,
            shape: None,
            scratch: &mut self.scratch,
            depth: self.limits.json_depth,
        };
        let all = ByteSpan { start: 0, end: line.len() };
        walk.object_at(0).and_then(|found| ends_with(line, found, all))?;
        match self.slots[elements.slot] {
            Slot::Absent | Slot::Null => Ok(None),
            Slot::Nested(span) if line[span.start] == b'[' => Ok(Some(span)),
            _ => Err(Reason::WrongType),
        }
    }

    /// Types the values that were found.
    fn take_row(
        &mut self,
        line: &[u8],
        span: ByteSpan,
        base: u64,
        rows: &mut RowCollector,
    ) -> Result<(), Refusal> {
        let mut bad = None;
        self.is_any_whole = true;
        for index in 0..self.columns.stored.len() {
            let typed = &mut rows.columns[index];
            if bad.is_some() && !typed.is_amount() {
                typed.push_nothing();
                continue;
            }
            let found = self.columns.stored[index].find(&self.slots);
            self.is_met[index] |= found != Slot::Absent;
            let outcome = self.push(index, found, line, typed);
            bad = bad.or(outcome.err().map(|reason| (index, reason)));
        }
        if let Some((index, _)) = bad {
            // A column of a row that is bad for another one is there all the same.
            self.meet_from(index + 1);
        }
        let place = placed(span, base, self.line);
        let bad = bad.map(|(index, reason)| (self.columns.stored[index].name.clone(), reason));
        let bad = bad.or_else(|| Some((self.shape.barred()?, Reason::UndeclaredColumn)));
        let resolve = || {
            let (index, reason) = rows.resolve_zones()?;
            Some((self.columns.stored[index].name.clone(), reason))
        };
        let bad = bad.or_else(resolve);
        match bad {
            None => {
                rows.accept(place, || Ok(self.columns.show(span.of(line), self.limits.json_depth)))
            }
            Some((name, reason)) => {
                let raw = self.columns.show(span.of(line), self.limits.json_depth);
                rows.reject(place, reason, Some(&name), raw)
            }
        }
    }

    fn push(
        &mut self,
        index: usize,
        found: Slot,
        line: &[u8],
        typed: &mut TypedColumn,
    ) -> Result<(), Reason> {
        let cell = match value(found, self.columns.stored[index].kind, line, &mut self.unescaped) {
            Ok(FieldValue::Text(text)) if text.len() > self.limits.field_bytes => {
                Err(Reason::FieldTooLong)
            }
            cell => cell,
        };
        match cell {
            Ok(cell) => typed.push(cell),
            Err(reason) => {
                typed.push_nothing();
                Err(reason)
            }
        }
    }

    /// Sets aside what is no row: a line, or an element.
    fn reject_malformed(
        &self,
        line: &[u8],
        span: ByteSpan,
        base: u64,
        reason: Reason,
        rows: &mut RowCollector,
    ) -> Result<(), Refusal> {
        let is_line = span.start == 0;
        // The paths of personal values start at elements: in a whole line they cannot be found.
        let raw = match &self.columns.elements {
            Some(_) if is_line && self.columns.is_personal() => WITHHELD.into(),
            _ => self.columns.show(span.of(line), self.limits.json_depth),
        };
        rows.reject_malformed(placed(span, base, self.line), reason, raw)
    }
}

/// A value as its column takes it.
fn value<'a>(
    slot: Slot,
    kind: Kind,
    line: &'a [u8],
    unescaped: &'a mut Vec<u8>,
) -> Result<FieldValue<'a>, Reason> {
    match slot {
        Slot::Absent | Slot::Null => Ok(FieldValue::Null),
        Slot::Text(found) if found.is_escaped => {
            text::unescape(found.span.of(line), unescaped);
            Ok(FieldValue::Text(unescaped))
        }
        Slot::Text(found) => Ok(FieldValue::Text(found.span.of(line))),
        Slot::Scalar(span) => {
            let scalar = span.of(line);
            let number = if is_number(kind) { numeral(scalar) } else { None };
            Ok(number.unwrap_or(FieldValue::Text(scalar)))
        }
        Slot::Nested(span) if kind == Kind::Text => {
            text::compact(span.of(line), unescaped);
            Ok(FieldValue::Text(unescaped))
        }
        Slot::Blocked(_) | Slot::Nested(_) => Err(Reason::WrongType),
    }
}

/// Whether a column takes numbers for what they are; the others take them as they are written.
fn is_number(kind: Kind) -> bool {
    !matches!(kind, Kind::Text | Kind::Boolean)
}

/// The elements of an array that has been walked through.
fn elements(line: &[u8], array: ByteSpan, depth: usize) -> Vec<ByteSpan> {
    let tree = Tree::new();
    let mut scanner = Scanner::new(line, array.start + 1);
    let mut found = Vec::new();
    while !matches!(scanner.peek(), None | Some(b']')) {
        let mut walk = Walk {
            line,
            tree: &tree,
            slots: &mut [],
            shape: None,
            scratch: &mut Scratch::default(),
            depth,
        };
        let Ok(span) = walk.pass(&mut scanner) else { break };
        found.push(span);
        scanner.pass(b',');
    }
    found
}

/// Nothing but blanks may follow a value.
fn ends_with(line: &[u8], found: ByteSpan, whole: ByteSpan) -> Result<(), Reason> {
    if line[found.end..whole.end].trim_ascii().is_empty() { Ok(()) } else { Err(Reason::BadJson) }
}

fn placed(span: ByteSpan, base: u64, line: u64) -> RowPosition {
    RowPosition { line, byte: base + span.start as u64, length: (span.end - span.start) as u64 }
}
