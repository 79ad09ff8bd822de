//! One part of `raw.<source>`: its rows brought together and written, so that the same rows give the same bytes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use scorewright_warehouse::StoredFile;

use super::carry::There;
use super::{Attempt, Tallies, lost};
use crate::history::{History, Truth};
use crate::land::IngestError;
use crate::merge::{Merged, Piece, compare, merge};
use crate::part::Part;
use crate::source::Load;
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
        let (pieces, tallies) = match self.plan.source.load {
            Load::Snapshot => self.history(part, there)?,
            Load::Append | Load::Upsert => self.merged(part, there)?,
        };
        let rows: usize = pieces.iter().map(|piece| piece.rows.num_rows()).sum();
        if rows == 0 {
            return Ok((None, tallies));
        }
        let schema = raw_schema(self.plan.source);
        let mut writer = self.setting.transaction.file_writer_of(schema, &self.unique(&pieces))?;
        for piece in &pieces {
            writer.write(&self.with_file(piece).map_err(self.misfit())?)?;
        }
        let file = writer.finish()?;
        let file = if part.name.is_empty() { file } else { file.part(&part.name) };
        Ok((Some(file), tallies))
    }

    /// The rows of a part that stay, in the order of files and lines.
    fn merged(&self, part: &Part, there: &There) -> Result<(Vec<Piece>, Tallies), IngestError> {
        let mut pieces = self.carried(part, there)?;
        for candidate in &self.candidates {
            let rows = candidate.stash.rows(part).map_err(lost(self.plan.source))?;
            pieces.extend(rows.into_iter().map(|rows| Piece { file: Arc::clone(&candidate.name), rows }));
        }
        let Merged { keep, tallies } = merge(self.plan.source, &pieces);
        for (piece, keep) in pieces.iter_mut().zip(keep) {
            if let Some(keep) = keep {
                piece.rows = filter_record_batch(&piece.rows, &keep).map_err(self.misfit())?;
            }
        }
        pieces.sort_by(|left, right| left.file.cmp(&right.file));
        Ok((pieces, tallies))
    }

    /// The versions of all keys, the snapshots entered in the order they were taken.
    fn history(&self, part: &Part, there: &There) -> Result<(Vec<Piece>, Tallies), IngestError> {
        let taken_at = |file: &Path| self.plan.deliveries.taken_at(file);
        let files = self.candidates.iter().map(|candidate| &candidate.file.extract.file);
        let known: BTreeSet<i64> = self
            .stay
            .iter()
            .map(|landing| &landing.extract.file)
            .chain(files)
            .filter_map(|file| taken_at(file))
            .collect();
        let mut truths = Vec::new();
        for candidate in &self.candidates {
            let taken_at =
                taken_at(&candidate.file.extract.file).expect("a file without its moment was refused");
            truths.push(Truth {
                taken_at,
                until: known.range(taken_at + 1..).next().copied(),
                has_bad_rows: !candidate.rows.quarantined.is_empty(),
                file: Arc::clone(&candidate.name),
                batches: candidate.stash.rows(part).map_err(lost(self.plan.source))?,
            });
        }
        truths.sort_by_key(|truth| truth.taken_at);
        let mut history = History::new(self.plan.source, self.carried(part, there)?);
        for truth in truths {
            history.enter(truth);
        }
        history.finish().map_err(self.misfit())
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

    /// The rows of a piece as the table has them: the file goes before the line.
    fn with_file(&self, piece: &Piece) -> Result<RecordBatch, ArrowError> {
        let schema = raw_schema(self.plan.source);
        let line = schema.fields().len() - 2;
        let files = std::iter::repeat_n(&*piece.file, piece.rows.num_rows());
        let files: ArrayRef = Arc::new(StringArray::from_iter_values(files));
        let mut columns = piece.rows.columns()[..line].to_vec();
        columns.extend([files, Arc::clone(piece.rows.column(line))]);
        RecordBatch::try_new(schema, columns)
    }

    pub(crate) fn misfit(&self) -> impl FnOnce(ArrowError) -> IngestError + use<> {
        let of = self.plan.source.name.clone();
        move |source| IngestError::Rows { of, source }
    }
}
