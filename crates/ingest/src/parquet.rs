//! Apache Parquet from other hands: columns by name, every value judged like any other.

mod apart;
mod cells;
mod decode;

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::array::{Array as _, AsArray as _};
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::binding::Binding;
use crate::format::{Format, MASK, Place};
use crate::limits::Limits;
use crate::present::Present;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::source::{Column, Source};
use crate::typed::Cell;
pub use apart::{Program, Request, answer, decode_parquet_apart};
pub(crate) use apart::{batches, outline};
use cells::Cells;
use scorewright_domain::Reason;

/// Reads Parquet. The line of a row is its number in the file, from 1.
pub(crate) struct Parquet;

impl Format for Parquet {
    fn read(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        guarded(|| {
            let reading = Reading::begin(file, source, limits)?;
            rows.note_unknown(reading.binding.unknown.clone());
            let (mut line, mut expanded) = (1, 0);
            for batch in batches(file.open()?, limits, &reading.bound)? {
                let batch = batch?;
                reading.take(&batch, line, rows)?;
                line += batch.num_rows() as u64;
                let bytes = batch.get_array_memory_size() as u64;
                // What the file says of its size may be a lie, and a page of a few bytes may hold billions of rows.
                expanded += bytes;
                limits.admit_expanded("it", file.bytes, expanded)?;
                rows.end_block(bytes, batch.num_rows())?;
            }
            Ok(())
        })
    }

    fn undeclared(&self, file: &Present, source: &Source, limits: &Limits) -> Vec<String> {
        let begun = guarded(|| Ok(Reading::begin(file, source, limits)?.binding.unknown));
        begun.unwrap_or_default()
    }

    fn show(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        places: &[Place],
    ) -> Result<Vec<String>, Refusal> {
        guarded(|| {
            let reading = Reading::begin(file, source, limits)?;
            let (mut texts, mut first) = (Vec::with_capacity(places.len()), 1);
            for batch in batches(file.open()?, limits, &reading.bound)? {
                let batch = batch?;
                let after = first + batch.num_rows() as u64;
                for place in places[texts.len()..].iter().take_while(|place| place.line < after) {
                    let row = usize::try_from(place.line - first).unwrap_or(usize::MAX);
                    texts.push(reading.show(&batch, row));
                }
                first = after;
            }
            Ok(texts)
        })
    }
}

/// The library panics on some broken files (RELIABILITY.md section 3); that is their fault, not a bug of the run.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Refusal::BadParquet("its reader gave up".into())))
}

/// One Parquet file being read.
struct Reading<'a> {
    source: &'a Source,
    header: Vec<String>,
    /// Names of the stored and the barred columns, as the file has them.
    names: Vec<String>,
    binding: Binding,
    /// Places in the file of the columns that are read.
    bound: Vec<usize>,
    /// For each column of the file, its place in the batches read; only bound columns are.
    projected: Vec<Option<usize>>,
    field_bytes: usize,
}

impl<'a> Reading<'a> {
    fn begin(file: &Present, source: &'a Source, limits: &Limits) -> Result<Self, Refusal> {
        let outline = outline(file.open()?, limits)?;
        let header: Vec<String> =
            outline.schema.fields().iter().map(|field| field.name().clone()).collect();
        limits.admit_columns(header.len())?;
        limits.admit_expanded("it", u64::MAX, outline.expanded)?;
        let binding = Binding::new(&header, source)?;
        let (mut bound, mut projected) = (Vec::new(), vec![None; header.len()]);
        for (place, projected) in projected.iter_mut().enumerate() {
            if binding.places.contains(&Some(place)) || binding.barred.contains(&place) {
                *projected = Some(bound.len());
                bound.push(place);
            }
        }
        let names = binding.names(&header, source);
        Ok(Self {
            source,
            header,
            names,
            binding,
            bound,
            projected,
            field_bytes: limits.field_bytes,
        })
    }

    fn take(&self, batch: &RecordBatch, line: u64, rows: &mut Rows) -> Result<(), Refusal> {
        let mut bad = vec![None; batch.num_rows()];
        let mut spare = String::new();
        for (index, (_, column)) in self.source.stored().enumerate() {
            let cells = self.cells(batch, index, column)?;
            for (row, bad) in bad.iter_mut().enumerate() {
                if bad.is_some() {
                    rows.columns[index].push_nothing();
                    continue;
                }
                let outcome =
                    match cells.as_ref().map_or(Cell::Null, |cells| cells.cell(row, &mut spare)) {
                        Cell::Text(text) if text.len() > self.field_bytes => {
                            rows.columns[index].push_nothing();
                            Err(Reason::FieldTooLong)
                        }
                        cell => rows.columns[index].push(cell),
                    };
                *bad = outcome.err().map(|reason| (index, reason));
            }
        }
        self.find_barred(batch, &mut bad);
        for (row, bad) in bad.into_iter().enumerate() {
            let place = Place { line: line + row as u64, byte: 0, length: 0 };
            match bad {
                None => rows.accept(place),
                Some((index, reason)) => {
                    rows.refuse(place, reason, Some(&self.names[index]), self.show(batch, row))?;
                }
            }
        }
        Ok(())
    }

    /// Finds rows that have a value where none may be.
    fn find_barred(&self, batch: &RecordBatch, bad: &mut [Option<(usize, Reason)>]) {
        for (index, place) in (self.binding.places.len()..).zip(&self.binding.barred) {
            let Some(array) = self.projected[*place].map(|projected| batch.column(projected))
            else {
                continue;
            };
            let texts = array.as_string_opt::<i32>();
            let is_blank =
                |row: usize| texts.is_some_and(|texts| texts.value(row).trim().is_empty());
            for (row, bad) in bad.iter_mut().enumerate().filter(|(_, bad)| bad.is_none()) {
                if array.is_valid(row) && !is_blank(row) {
                    *bad = Some((index, Reason::UndeclaredColumn));
                }
            }
        }
    }

    fn cells(
        &self,
        batch: &RecordBatch,
        index: usize,
        column: &Column,
    ) -> Result<Option<Cells>, Refusal> {
        let Some(place) = self.binding.places[index] else { return Ok(None) };
        let Some(projected) = self.projected[place] else { return Ok(None) };
        Cells::new(batch.column(projected), column, &self.header[place]).map(Some)
    }

    /// A row as `column=value` pairs, personal values masked.
    fn show(&self, batch: &RecordBatch, row: usize) -> String {
        let options = FormatOptions::default();
        let pairs = self.projected.iter().enumerate().filter_map(|(place, projected)| {
            let array = batch.column((*projected)?);
            let value = match ArrayFormatter::try_new(array.as_ref(), &options) {
                _ if self.binding.personal.contains(&place) => MASK.into(),
                Ok(formatter) => formatter.value(row).to_string(),
                Err(_) => "?".into(),
            };
            Some(format!("{}={value}", self.header[place]))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}
