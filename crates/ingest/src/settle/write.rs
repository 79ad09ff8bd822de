//! One part of `raw.<source>`: its rows brought together and written, so that the same rows give the same bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use scorewright_warehouse::StoredFile;

use super::carry::There;
use super::{Attempt, Tallies, lost};
use crate::land::IngestError;
use crate::merge::{Piece, compare, merge};
use crate::part::Part;
use crate::table::{LINE, raw_schema};

/// Rows looked at to tell whether the values of a column repeat.
const SAMPLE: usize = 4_096;

impl Attempt<'_> {
    /// Writes a part, unless none of its rows stay; and says what became of the others.
    pub(crate) fn write(
        &self,
        part: &Part,
        there: &There,
    ) -> Result<(Option<StoredFile>, Tallies), IngestError> {
        let mut pieces = self.carried(part, there)?;
        for candidate in &self.candidates {
            let rows = candidate.stash.rows(part).map_err(lost(self.plan.source))?;
            pieces.extend(rows.into_iter().map(|rows| Piece { file: Arc::clone(&candidate.name), rows }));
        }
        let merged = merge(self.plan.source, &pieces);
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.sort_by_key(|index| &pieces[*index].file);
        let schema = raw_schema(self.plan.source);
        let mut writer = self.setting.transaction.file_writer_of(schema, &self.unique(&pieces))?;
        let mut written = 0;
        for index in order {
            let rows = self.kept(&pieces[index], merged.keep[index].as_ref()).map_err(self.misfit())?;
            written += rows.num_rows();
            writer.write(&rows)?;
        }
        if written == 0 {
            return Ok((None, merged.tallies));
        }
        let file = writer.finish()?;
        let file = if part.name.is_empty() { file } else { file.part(&part.name) };
        Ok((Some(file), merged.tallies))
    }

    /// Columns whose values hardly repeat, as far as the first rows tell.
    fn unique(&self, pieces: &[Piece]) -> Vec<&str> {
        let mut unique = vec![LINE];
        let Some(longest) = pieces.iter().max_by_key(|piece| piece.rows.num_rows()) else { return unique };
        let rows = longest.rows.slice(0, longest.rows.num_rows().min(SAMPLE));
        for (place, (name, _)) in self.plan.source.stored().enumerate() {
            let mut hashes = compare::hashes(&rows, &[place]);
            hashes.sort_unstable();
            hashes.dedup();
            if hashes.len() * 2 > rows.num_rows() {
                unique.push(name);
            }
        }
        unique
    }

    /// The rows of a piece that stay, as the table has them.
    fn kept(&self, piece: &Piece, keep: Option<&BooleanArray>) -> Result<RecordBatch, ArrowError> {
        let rows = match keep {
            Some(keep) => filter_record_batch(&piece.rows, keep)?,
            None => piece.rows.clone(),
        };
        let schema = raw_schema(self.plan.source);
        let stored = schema.fields().len() - 2;
        let files = std::iter::repeat_n(&*piece.file, rows.num_rows());
        let files: ArrayRef = Arc::new(StringArray::from_iter_values(files));
        let mut columns = rows.columns()[..stored].to_vec();
        columns.extend([files, Arc::clone(rows.column(stored))]);
        RecordBatch::try_new(schema, columns)
    }

    pub(crate) fn misfit(&self) -> impl FnOnce(ArrowError) -> IngestError + use<> {
        let of = self.plan.source.name.clone();
        move |source| IngestError::Rows { of, source }
    }
}
