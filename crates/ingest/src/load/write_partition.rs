//! One partition of `raw.<source>`: its rows brought together and written, so that the same rows give the same bytes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use scorewright_extract::Load;
use scorewright_warehouse::StoredFile;

use super::attempt::MergeAttempt;
use super::existing_rows::ExistingRows;
use super::row_output::RowOutput;
use super::version_output::VersionOutput;
use crate::error::{BufferError, IngestError};
use crate::history::{History, SnapshotFile};
use crate::merge::merge_input::MergeInput;
use crate::merge::versions::{MergedVersions, merge_versions};
use crate::merge::{Merged, Tallies, merge};
use crate::rows::partition::Partition;
use crate::rows::row_group;
use crate::rows::table::file_schema;

impl MergeAttempt<'_> {
    /// Writes a partition, unless none of its rows stay; and says what became of the others.
    pub(crate) fn write(
        &self,
        partition: &Partition,
        existing: &ExistingRows,
    ) -> Result<(Vec<StoredFile>, Tallies), IngestError> {
        let source = self.plan.source;
        let (files, tallies) = match source.load {
            Load::Snapshot => self.write_history(partition, existing)?,
            Load::Upsert if source.history => self.write_versions(partition, existing)?,
            Load::Append | Load::Upsert => self.write_merged(partition, existing)?,
        };
        let in_partition = |file: StoredFile| {
            if partition.name.is_empty() { file } else { file.in_partition(&partition.name) }
        };
        Ok((files.into_iter().map(in_partition).collect(), tallies))
    }

    /// The rows of a partition that stay, as versions of their keys.
    fn write_versions(
        &self,
        partition: &Partition,
        existing: &ExistingRows,
    ) -> Result<(Vec<StoredFile>, Tallies), IngestError> {
        let failed = || BufferError::of(self.plan.source);
        let inputs = self.inputs(partition, existing)?;
        let MergedVersions { outcomes, tallies } =
            merge_versions(self.plan.source, &inputs, &self.order).map_err(failed())?;
        let mut output = VersionOutput::new(self.context.transaction, self.plan.source);
        let written = output.add_merged(&inputs, &outcomes).and_then(|()| output.finish());
        Ok((written.map_err(failed())?, tallies))
    }

    /// The rows of a partition that stay, in the order of files and lines.
    fn write_merged(
        &self,
        partition: &Partition,
        existing: &ExistingRows,
    ) -> Result<(Vec<StoredFile>, Tallies), IngestError> {
        let failed = || BufferError::of(self.plan.source);
        let inputs = self.inputs(partition, existing)?;
        let Merged { keep, tallies } =
            merge(self.plan.source, &inputs, &self.order).map_err(failed())?;
        let mut output = RowOutput::new(self.context.transaction, self.plan.source);
        let written = output.add_merged(&inputs, &keep).and_then(|()| output.finish());
        Ok((written.map_err(failed())?.into_iter().collect(), tallies))
    }

    /// All rows of a partition in the order of precedence: those that are there, then the new files by path.
    fn inputs<'a>(
        &'a self,
        partition: &Partition,
        existing: &'a ExistingRows,
    ) -> Result<Vec<MergeInput<'a>>, IngestError> {
        let mut inputs = self.existing_inputs(partition, existing)?;
        for file in &self.files {
            let first = inputs.last().map_or(0, |last: &MergeInput| last.row_group + 1);
            inputs.extend(
                file.buffer.inputs(partition, first).map_err(BufferError::of(self.plan.source))?,
            );
        }
        Ok(inputs)
    }

    /// The versions of all keys, the snapshots entered in the order they were taken.
    fn write_history(
        &self,
        partition: &Partition,
        existing: &ExistingRows,
    ) -> Result<(Vec<StoredFile>, Tallies), IngestError> {
        let known = self.snapshots_known();
        let mut history = History::new(self.plan.source, self.versions(partition, existing)?);
        for snapshot in self.snapshot_files(partition, &known)? {
            history.apply(snapshot);
        }
        let (pieces, tallies) = history.finish(known.first().copied()).map_err(self.misfit())?;
        let schema = file_schema(self.plan.source);
        let mut output = VersionOutput::new(self.context.transaction, self.plan.source);
        let mut write = || -> Result<(), BufferError> {
            for piece in &pieces {
                let rows = row_group::with_file(&piece.rows, &piece.file, &schema)?;
                output.add(rows, !piece.is_superseded)?;
            }
            Ok(())
        };
        let written = write().and_then(|()| output.finish());
        Ok((written.map_err(BufferError::of(self.plan.source))?, tallies))
    }

    /// When the snapshots were taken that are known.
    fn snapshots_known(&self) -> BTreeSet<i64> {
        let files = self.files.iter().map(|file| &file.file.file);
        let stay = self.stay.iter().map(|landing| &landing.extract.file);
        stay.chain(files).filter_map(|file| self.plan.deliveries.taken_at(file)).collect()
    }

    /// The snapshots that were read, in the order they were taken.
    fn snapshot_files(
        &self,
        partition: &Partition,
        known: &BTreeSet<i64>,
    ) -> Result<Vec<SnapshotFile>, IngestError> {
        let taken_at = |file: &Path| self.plan.deliveries.taken_at(file);
        let mut snapshot_files = Vec::new();
        for file in &self.files {
            let taken_at =
                taken_at(&file.file.file).expect("a file without its moment was refused");
            snapshot_files.push(SnapshotFile {
                taken_at,
                until: known.range(taken_at + 1..).next().copied(),
                has_bad_rows: file.summary.rejected > 0,
                file: Arc::clone(&file.name),
                batches: file.buffer.rows(partition).map_err(BufferError::of(self.plan.source))?,
            });
        }
        snapshot_files.sort_by_key(|snapshot| snapshot.taken_at);
        Ok(snapshot_files)
    }
}
