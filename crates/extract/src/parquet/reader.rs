//! One Parquet file being read: how its batches become typed rows.

use crate::refusal::AdmitExtract as _;
use std::fs::File;

use arrow::array::{Array as _, AsArray as _};
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use scorewright_domain::{Limits, Reason};

use super::cells::ParquetCells;
use super::sandbox::outline;
use crate::refusal::Refusal;
use crate::rows::binding::Binding;
use crate::rows::collector::RowCollector;
use crate::rows::mask::{MASK, shape};
use crate::rows::position::RowPosition;
use crate::rows::row_binding::RowBinding;
use crate::source::{Column, Source};
use crate::typed::FieldValue;

/// One Parquet file being read.
pub(super) struct ParquetReader<'a> {
    source: &'a Source,
    header: Vec<String>,
    pub(super) binding: Binding,
    /// Places in the file of the columns that are read.
    pub(super) bound: Vec<usize>,
    /// For each column of the file, its place in the batches read; only bound columns are.
    projected: Vec<Option<usize>>,
    field_bytes: usize,
}

impl<'a> ParquetReader<'a> {
    pub(super) fn begin(file: File, source: &'a Source, limits: &Limits) -> Result<Self, Refusal> {
        let outline = outline(file, limits)?;
        let header: Vec<String> =
            outline.schema.fields().iter().map(|field| field.name().clone()).collect();
        limits.admit_columns(header.len())?;
        limits.admit_expanded("it", u64::MAX, outline.expanded)?;
        let binding = Binding::new(&header, source)?;
        let (mut bound, mut projected) = (Vec::new(), vec![None; header.len()]);
        for (place, projected) in projected.iter_mut().enumerate() {
            let is_stored = binding.rows.iter().any(|row| row.places.contains(&Some(place)));
            if is_stored || binding.barred.contains(&place) {
                *projected = Some(bound.len());
                bound.push(place);
            }
        }
        Ok(Self { source, header, binding, bound, projected, field_bytes: limits.field_bytes })
    }

    /// Types one of the rows that each record of a batch makes.
    pub(super) fn take(
        &self,
        batch: &RecordBatch,
        line: u64,
        binding: &RowBinding,
        rows: &mut RowCollector,
    ) -> Result<(), Refusal> {
        let mut bad = vec![None; batch.num_rows()];
        let mut scratch = String::new();
        let columns: Vec<&Column> = self.source.stored().map(|(_, column)| column).collect();
        for index in binding.order.iter().copied() {
            let cells = self.cells(batch, binding.places[index], columns[index])?;
            for (row, bad) in bad.iter_mut().enumerate() {
                if bad.is_some() && !rows.columns[index].is_amount() {
                    rows.columns[index].push_nothing();
                    continue;
                }
                let outcome = match cells
                    .as_ref()
                    .map_or(binding.constant(index), |cells| cells.cell(row, &mut scratch))
                {
                    FieldValue::Text(text) if text.len() > self.field_bytes => {
                        rows.columns[index].push_nothing();
                        Err(Reason::FieldTooLong)
                    }
                    cell => rows.columns[index].push(cell),
                };
                *bad = bad.or(outcome.err().map(|reason| (index, reason)));
            }
        }
        self.find_barred(batch, &mut bad);
        for (row, bad) in bad.into_iter().enumerate() {
            let place = RowPosition { line: line + row as u64, byte: 0, length: 0 };
            let bad = bad.or_else(|| rows.resolve_zones());
            match bad {
                bad if rows.is_no_row(bad.map(|(index, _)| index)) => rows.leave_out(place),
                None => rows.accept(place, || Ok(self.show(batch, row)))?,
                Some((index, reason)) => {
                    rows.reject(place, reason, Some(&binding.names[index]), self.show(batch, row))?;
                }
            }
        }
        Ok(())
    }

    /// Finds rows that have a value where none may be.
    fn find_barred(&self, batch: &RecordBatch, bad: &mut [Option<(usize, Reason)>]) {
        let stored = self.binding.rows[0].places.len();
        for (index, place) in (stored..).zip(&self.binding.barred) {
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
        place: Option<usize>,
        column: &Column,
    ) -> Result<Option<ParquetCells>, Refusal> {
        let Some(place) = place else { return Ok(None) };
        let Some(projected) = self.projected[place] else { return Ok(None) };
        ParquetCells::new(batch.column(projected), column, &self.header[place]).map(Some)
    }

    /// A row as `column=value` pairs, personal values masked.
    pub(super) fn show(&self, batch: &RecordBatch, row: usize) -> String {
        let options = FormatOptions::default();
        let pairs = self.projected.iter().enumerate().filter_map(|(place, projected)| {
            let array = batch.column((*projected)?);
            let value = match ArrayFormatter::try_new(array.as_ref(), &options) {
                _ if self.binding.personal.contains(&place) => MASK.into(),
                Ok(formatter) if self.binding.personal.is_empty() => {
                    formatter.value(row).to_string()
                }
                Ok(formatter) => shape(&formatter.value(row).to_string()).into_owned(),
                Err(_) => "?".into(),
            };
            Some(format!("{}={value}", self.header[place]))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}
