//! The rows of one file while it is read: typed, judged, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::max;
use arrow::datatypes::{DataType, Date32Type, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use scorewright_domain::{Event, Listener, QuarantinedRow};

use crate::format::Place;
use crate::limits::Limits;
use crate::marks::{self, has_marks};
use crate::part::Parts;
use crate::refusal::{self, FirstSeen, Refusal};
use crate::source::{Column, Source};
use crate::stash::{Stash, StashError};
use crate::table;
use crate::typed::{Runs, TypedColumn};
use scorewright_domain::Reason;

const BATCH_ROWS: usize = 64 << 10;
const BATCH_BYTES: usize = 64 << 20;

/// Takes the rows of one file.
pub(crate) struct Rows<'a> {
    source: &'a Source,
    file: String,
    listener: &'a dyn Listener,
    limits: &'a Limits,
    schema: SchemaRef,
    watermark: Option<usize>,
    parts: Parts,
    /// One for each stored column; a format pushes one value to each for every row.
    pub(crate) columns: Vec<TypedColumn>,
    places: Vec<Place>,
    is_good: Vec<bool>,
    bytes: usize,
    /// Where good rows go; without it they stay with what was found.
    stash: Option<Stash<'a>>,
    found: FileRows,
}

/// Everything one file had.
#[derive(Debug, Default)]
pub(crate) struct FileRows {
    /// Rows found, without header rows.
    pub(crate) read: u64,
    /// Good rows in file order, with the columns of [`table::read_schema`]; empty where a stash has them.
    pub(crate) batches: Vec<RecordBatch>,
    /// Bad rows in file order.
    pub(crate) quarantined: Vec<QuarantinedRow>,
    /// Bytes of their texts.
    pub(crate) quarantined_bytes: u64,
    pub(crate) reasons: BTreeMap<&'static str, FirstSeen>,
    pub(crate) unknown_columns: Vec<String>,
    /// Newest value of the watermark column: microseconds, or days for a date.
    pub(crate) watermark: Option<i64>,
}

fn columns(source: &Source, limits: &Limits) -> Vec<TypedColumn> {
    let column = |(name, column): (&str, &Column)| {
        let key_bytes = source.is_key(name).then_some(limits.key_bytes);
        TypedColumn::new(column, source.is_required(name), key_bytes)
    };
    source.stored().map(column).collect()
}

impl<'a> Rows<'a> {
    pub(crate) fn new(
        source: &'a Source,
        file: &str,
        limits: &'a Limits,
        listener: &'a dyn Listener,
    ) -> Self {
        let watermark = source.watermark.as_deref();
        Self {
            source,
            file: file.to_owned(),
            listener,
            limits,
            schema: table::read_schema(source),
            watermark: source.stored().position(|(name, _)| Some(name) == watermark),
            parts: Parts::of(source, file),
            columns: columns(source, limits),
            places: Vec::new(),
            is_good: Vec::new(),
            bytes: 0,
            stash: None,
            found: FileRows::default(),
        }
    }

    /// Good rows go to a stash from here on.
    pub(crate) fn into_stash(self, stash: Stash<'a>) -> Self {
        Self { stash: Some(stash), ..self }
    }

    /// An empty piece of the same file, to be read at the same time and [absorbed](Rows::absorb) in its turn.
    pub(crate) fn piece(&self) -> Self {
        Self {
            source: self.source,
            file: self.file.clone(),
            listener: self.listener,
            limits: self.limits,
            schema: Arc::clone(&self.schema),
            watermark: self.watermark,
            parts: self.parts.clone(),
            columns: columns(self.source, self.limits),
            places: Vec::new(),
            is_good: Vec::new(),
            bytes: 0,
            stash: None,
            found: FileRows::default(),
        }
    }

    /// Adds what a piece of the file had; pieces come in file order.
    pub(crate) fn absorb(&mut self, piece: FileRows) -> Result<(), Refusal> {
        let rows = self.found.quarantined.len() + piece.quarantined.len();
        self.found.quarantined_bytes += piece.quarantined_bytes;
        self.limits.admit_quarantined(rows, self.found.quarantined_bytes)?;
        self.found.read += piece.read;
        self.found.watermark = self.found.watermark.max(piece.watermark);
        self.found.quarantined.extend(piece.quarantined);
        for (reason, seen) in piece.reasons {
            let rows = seen.rows;
            let so_far = self.found.reasons.entry(reason).or_insert(FirstSeen { rows: 0, ..seen });
            so_far.rows += rows;
        }
        piece.batches.into_iter().try_for_each(|batch| self.keep(batch))
    }

    /// Notes which columns of the file the source does not declare.
    pub(crate) fn note_unknown(&mut self, columns: Vec<String>) {
        self.found.unknown_columns = columns;
    }

    /// Makes room for rows to come.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.places.reserve(rows);
        self.is_good.reserve(rows);
    }

    /// Adds a row whose values were pushed and are good.
    #[inline]
    pub(crate) fn accept(&mut self, place: Place) {
        self.places.push(place);
        self.is_good.push(true);
    }

    /// Adds a row whose values were pushed and which is bad, mostly by one column.
    pub(crate) fn refuse(
        &mut self,
        place: Place,
        reason: Reason,
        column: Option<&str>,
        raw: String,
    ) -> Result<(), Refusal> {
        self.places.push(place);
        self.is_good.push(false);
        self.set_aside(place, reason, column, raw)
    }

    /// Adds a row that could not be taken apart: no value of it was pushed.
    pub(crate) fn tear(
        &mut self,
        place: Place,
        reason: Reason,
        raw: String,
    ) -> Result<(), Refusal> {
        self.found.read += 1;
        self.set_aside(place, reason, None, raw)
    }

    fn set_aside(
        &mut self,
        place: Place,
        reason: Reason,
        column: Option<&str>,
        mut raw: String,
    ) -> Result<(), Refusal> {
        raw.truncate(raw.floor_char_boundary(self.limits.field_bytes));
        // A large field must not keep the memory of the whole row.
        raw.shrink_to_fit();
        self.found.quarantined_bytes += raw.len() as u64;
        self.limits
            .admit_quarantined(self.found.quarantined.len() + 1, self.found.quarantined_bytes)?;
        refusal::count(&mut self.found.reasons, reason, place.line, column);
        self.found.quarantined.push(QuarantinedRow {
            file: self.file.clone(),
            line: place.line,
            byte: place.byte,
            length: place.length,
            column: column.map(ToOwned::to_owned),
            reason: reason.code().into(),
            raw,
        });
        Ok(())
    }

    /// Notes bytes of values that are more in memory than in the file.
    pub(crate) fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Whether a block had better end: what is held is as much as a batch may have.
    pub(crate) fn is_large(&self) -> bool {
        self.bytes >= BATCH_BYTES
    }

    /// Ends a block of `bytes`; says so, and makes a batch when there are rows enough for one.
    pub(crate) fn end_block(&mut self, bytes: u64, rows: usize) -> Result<(), Refusal> {
        self.bytes += usize::try_from(bytes).unwrap_or(usize::MAX);
        let source = self.source.name.clone();
        self.listener.on_event(Event::BytesRead { source, bytes, rows: rows as u64 });
        if self.places.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.end_batch()?;
        }
        Ok(())
    }

    /// Ends the file, or a piece of it.
    pub(crate) fn finish(mut self) -> Result<FileRows, Refusal> {
        self.end()?;
        Ok(self.found)
    }

    /// Ends a file whose good rows went to a stash.
    pub(crate) fn finish_stash(
        mut self,
        read: Result<(), Refusal>,
    ) -> (Result<FileRows, Refusal>, Option<Stash<'a>>) {
        let ended = read.and_then(|()| self.end()).and_then(|()| self.close());
        (ended.map(|()| self.found), self.stash)
    }

    fn end(&mut self) -> Result<(), Refusal> {
        self.end_batch()?;
        self.found.quarantined.sort_by_key(|row| (row.line, row.byte));
        Ok(())
    }

    fn end_batch(&mut self) -> Result<(), Refusal> {
        self.found.read += self.places.len() as u64;
        self.bytes = 0;
        // Every text was proven to be UTF-8 or set aside, so a batch always fits together.
        let batch =
            self.batch().map_err(|error| Refusal::Unreadable(std::io::Error::other(error)))?;
        self.note_watermark(&batch);
        // Done here, where many do it at once, and not where the pieces of a file come together.
        let parts = self
            .parts
            .split(&batch)
            .map_err(|error| Refusal::Unreadable(std::io::Error::other(error)))?;
        parts.into_iter().try_for_each(|(_, rows)| self.keep(rows))
    }

    fn keep(&mut self, batch: RecordBatch) -> Result<(), Refusal> {
        match &mut self.stash {
            _ if batch.num_rows() == 0 => {}
            None => self.found.batches.push(batch),
            Some(stash) => {
                let put = stash.put(&batch);
                return noted(stash, put);
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let Some(stash) = &mut self.stash else { return Ok(()) };
        let closed = stash.close();
        noted(stash, closed)
    }

    fn batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let good = Runs::of(&std::mem::take(&mut self.is_good));
        let mut columns = self
            .columns
            .iter_mut()
            .map(|column| column.finish_some(&good))
            .collect::<Result<Vec<_>, _>>()?;
        good.keep(&mut self.places);
        let counts = |of: fn(&Place) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(
                self.places.iter().map(|place| of(place).cast_signed()),
            ))
        };
        columns.push(counts(|place| place.line));
        if table::may_conflict(self.source) {
            columns.extend([counts(|place| place.byte), counts(|place| place.length)]);
        }
        self.places.clear();
        if has_marks(self.source) {
            columns.extend(marks::of(self.source, &columns[..self.columns.len()]));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    fn note_watermark(&mut self, batch: &RecordBatch) {
        let Some(column) = self.watermark.map(|column| batch.column(column)) else { return };
        let newest = match column.data_type() {
            DataType::Date32 => max(column.as_primitive::<Date32Type>()).map(i64::from),
            _ => max(column.as_primitive::<TimestampMicrosecondType>()),
        };
        self.found.watermark = self.found.watermark.max(newest);
    }
}

/// Notes why rows could not be kept; that is no fault of the file, but it cannot be read on.
fn noted(stash: &mut Stash, kept: Result<(), StashError>) -> Result<(), Refusal> {
    kept.map_err(|failed| {
        stash.failed = Some(failed);
        Refusal::Changed
    })
}
