//! The rows of one file while it is read: typed, judged, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::{filter_record_batch, max};
use arrow::datatypes::{DataType, Date32Type, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use scorewright_domain::{Event, Listener, QuarantinedRow};

use crate::format::Place;
use crate::limits::Limits;
use crate::quarantine::Reason;
use crate::refusal::{self, FirstSeen, Refusal};
use crate::source::Source;
use crate::table;
use crate::typed::TypedColumn;

const BATCH_ROWS: usize = 64 << 10;
const BATCH_BYTES: usize = 64 << 20;

/// Takes the rows of one file.
pub(crate) struct Rows<'a> {
    source: &'a str,
    file: String,
    listener: &'a dyn Listener,
    limits: &'a Limits,
    schema: SchemaRef,
    watermark: Option<usize>,
    /// One for each stored column; a format pushes one value to each for every row.
    pub(crate) columns: Vec<TypedColumn>,
    places: Vec<Place>,
    is_good: Vec<bool>,
    bytes: usize,
    found: FileRows,
}

/// Everything one file had.
#[derive(Debug, Default)]
pub(crate) struct FileRows {
    /// Rows found, without header rows.
    pub(crate) read: u64,
    /// Good rows in file order, with the columns of [`table::read_schema`].
    pub(crate) batches: Vec<RecordBatch>,
    /// Bad rows in file order.
    pub(crate) quarantined: Vec<QuarantinedRow>,
    pub(crate) reasons: BTreeMap<&'static str, FirstSeen>,
    pub(crate) unknown_columns: Vec<String>,
    /// Newest value of the watermark column: microseconds, or days for a date.
    pub(crate) watermark: Option<i64>,
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
            source: &source.name,
            file: file.to_owned(),
            listener,
            limits,
            schema: table::read_schema(source),
            watermark: source.stored().position(|(name, _)| Some(name) == watermark),
            columns: source
                .stored()
                .map(|(name, column)| TypedColumn::new(column, source.is_required(name)))
                .collect(),
            places: Vec::new(),
            is_good: Vec::new(),
            bytes: 0,
            found: FileRows::default(),
        }
    }

    /// Notes which columns of the file the source does not declare.
    pub(crate) fn note_unknown(&mut self, columns: Vec<String>) {
        self.found.unknown_columns = columns;
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
    pub(crate) fn tear(&mut self, place: Place, reason: Reason, raw: String) -> Result<(), Refusal> {
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
        let limit = self.limits.quarantined_rows;
        if self.found.quarantined.len() == limit {
            return Err(Refusal::TooLarge(format!("more than {limit} of its rows are bad")));
        }
        refusal::count(&mut self.found.reasons, reason, place.line, column);
        raw.truncate(raw.floor_char_boundary(self.limits.field_bytes));
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

    /// Ends a block of `bytes`; says so, and makes a batch when there are rows enough for one.
    pub(crate) fn end_block(&mut self, bytes: usize, rows: usize) -> Result<(), Refusal> {
        self.bytes += bytes;
        let source = self.source.to_owned();
        self.listener.hear(Event::BytesRead { source, bytes: bytes as u64, rows: rows as u64 });
        if self.places.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.end_batch()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> Result<FileRows, Refusal> {
        self.end_batch()?;
        self.found.quarantined.sort_by_key(|row| (row.line, row.byte));
        Ok(self.found)
    }

    fn end_batch(&mut self) -> Result<(), Refusal> {
        self.found.read += self.places.len() as u64;
        self.bytes = 0;
        // Every text was proven to be UTF-8 or set aside, so a batch always fits together.
        let batch = self.batch().map_err(|error| Refusal::Unreadable(std::io::Error::other(error)))?;
        if batch.num_rows() > 0 {
            self.note_watermark(&batch);
            self.found.batches.push(batch);
        }
        Ok(())
    }

    fn batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let counts = |of: fn(&Place) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(self.places.iter().map(|place| of(place).cast_signed())))
        };
        let places = [counts(|place| place.line), counts(|place| place.byte), counts(|place| place.length)];
        let mut columns = self.columns.iter_mut().map(TypedColumn::finish).collect::<Result<Vec<_>, _>>()?;
        columns.extend(places.into_iter().take(self.schema.fields().len() - self.columns.len()));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        let is_good = std::mem::take(&mut self.is_good);
        self.places.clear();
        if is_good.iter().all(|is_good| *is_good) {
            return Ok(batch);
        }
        filter_record_batch(&batch, &BooleanArray::from(is_good))
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
