//! The tables of a source, written so that the same rows give the same bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use scorewright_domain::QuarantinedRow;
use scorewright_warehouse::{StoredFile, Table, Transaction};

use super::carry::There;
use super::{Outcome, Settled, Tables, conflict};
use crate::land::IngestError;
use crate::merge::Piece;
use crate::quarantine;
use crate::table::{made_from, raw_schema};

const QUARANTINE_BATCH: usize = 8 << 10;

/// What stands in quarantine for a row that came with an extract which is no longer there.
const GONE: &str = "(its extract is no longer in the extracts folder)";

impl Outcome<'_> {
    /// Writes both tables and closes the books.
    pub(crate) fn write(
        &self,
        there: &There,
        transaction: &Transaction,
        settled: &mut Settled,
    ) -> Result<(), IngestError> {
        let (fresh, stay) = self.books()?;
        let landings: Vec<_> = stay.into_iter().chain(fresh.iter().cloned()).collect();
        let made_from = made_from(self.plan.source, &landings);
        let raw = Table::new(&raw_schema(self.plan.source), vec![self.raw(transaction)?], made_from.clone());
        let quarantined = self.quarantine(there, transaction)?;
        let quarantine = Table::new(&quarantine::schema(), vec![quarantined], made_from);
        settled.tables = Some(Tables { raw, quarantine });
        settled.landings = landings;
        settled.fresh = fresh;
        Ok(())
    }

    /// Rows in the order of file and line, whenever each file came.
    fn raw(&self, transaction: &Transaction) -> Result<StoredFile, IngestError> {
        let mut order: Vec<usize> = (0..self.pieces.len()).collect();
        order.sort_by_key(|index| &self.pieces[*index].file);
        let mut writer = transaction.file_writer(raw_schema(self.plan.source))?;
        for index in order {
            let rows = self.kept(index).map_err(self.misfit())?;
            if rows.num_rows() > 0 {
                writer.write(&rows)?;
            }
        }
        Ok(writer.finish()?)
    }

    /// The rows of a piece that stay, as the table has them.
    fn kept(&self, index: usize) -> Result<RecordBatch, ArrowError> {
        let Piece { file, rows, .. } = &self.pieces[index];
        let rows = match &self.merged.keep[index] {
            Some(keep) => filter_record_batch(rows, keep)?,
            None => rows.clone(),
        };
        let schema = raw_schema(self.plan.source);
        let stored = schema.fields().len() - 2;
        let files: ArrayRef =
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(file, rows.num_rows())));
        let mut columns = rows.columns()[..stored].to_vec();
        columns.extend([files, Arc::clone(rows.column(stored))]);
        RecordBatch::try_new(schema, columns)
    }

    fn quarantine(&self, there: &There, transaction: &Transaction) -> Result<StoredFile, IngestError> {
        let stays = |row: &&QuarantinedRow| {
            self.stay.iter().any(|landing| landing.extract.file.to_string_lossy() == row.file.as_str())
        };
        let mut rows: Vec<QuarantinedRow> = there.quarantined.iter().filter(stays).cloned().collect();
        rows.extend(self.candidates.iter().flat_map(|candidate| candidate.rows.quarantined.iter().cloned()));
        rows.extend(self.conflicts.iter().cloned());
        for landing in &self.stay {
            let file = landing.extract.file.to_string_lossy();
            let places = self.merged.tallies.get(file.as_ref()).map_or(&[][..], |tally| &tally.conflicts);
            rows.extend(places.iter().map(|place| conflict(&file, *place, GONE.into())));
        }
        rows.sort_by(|left, right| {
            (&left.file, left.line, left.byte).cmp(&(&right.file, right.line, right.byte))
        });
        let mut writer = transaction.file_writer(quarantine::schema())?;
        for rows in rows.chunks(QUARANTINE_BATCH) {
            writer.write(&quarantine::batch(rows).map_err(self.misfit())?)?;
        }
        Ok(writer.finish()?)
    }

    fn misfit(&self) -> impl FnOnce(ArrowError) -> IngestError + use<> {
        let of = self.plan.source.name.clone();
        move |source| IngestError::Rows { of, source }
    }
}
