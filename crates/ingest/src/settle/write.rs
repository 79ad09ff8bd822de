//! One part of `raw.<source>`: its rows brought together and written, so that the same rows give the same bytes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use scorewright_warehouse::StoredFile;

use super::carry::There;
use super::output::Output;
use super::{Attempt, Tallies, lost};
use crate::bundle::Bundle;
use crate::group;
use crate::history::{History, Truth};
use crate::land::IngestError;
use crate::merge::{Merged, merge};
use crate::part::Part;
use crate::source::Load;
use crate::stash::StashError;
use crate::table::raw_schema;

impl Attempt<'_> {
    /// Writes a part, unless none of its rows stay; and says what became of the others.
    pub(crate) fn write(
        &self,
        part: &Part,
        there: &There,
    ) -> Result<(Option<StoredFile>, Tallies), IngestError> {
        let (file, tallies) = match self.plan.source.load {
            Load::Snapshot => self.write_history(part, there)?,
            Load::Append | Load::Upsert => self.write_merged(part, there)?,
        };
        let file = file
            .map(|file| if part.name.is_empty() { file } else { file.in_partition(&part.name) });
        Ok((file, tallies))
    }

    /// The rows of a part that stay, in the order of files and lines.
    fn write_merged(
        &self,
        part: &Part,
        there: &There,
    ) -> Result<(Option<StoredFile>, Tallies), IngestError> {
        let lost = || lost(self.plan.source);
        let bundles = self.bundles(part, there)?;
        let Merged { keep, tallies } = merge(self.plan.source, &bundles).map_err(lost())?;
        let mut output = Output::new(self.setting.transaction, self.plan.source);
        let written = output.add_merged(&bundles, &keep).and_then(|()| output.finish());
        Ok((written.map_err(lost())?, tallies))
    }

    /// All rows of a part in the order of precedence: those that are there, then the new files by path.
    fn bundles<'a>(
        &'a self,
        part: &Part,
        there: &'a There,
    ) -> Result<Vec<Bundle<'a>>, IngestError> {
        let mut bundles = self.carried(part, there)?;
        for candidate in &self.candidates {
            let first = bundles.last().map_or(0, |last: &Bundle| last.cut + 1);
            bundles.extend(candidate.stash.bundles(part, first).map_err(lost(self.plan.source))?);
        }
        Ok(bundles)
    }

    /// The versions of all keys, the snapshots entered in the order they were taken.
    fn write_history(
        &self,
        part: &Part,
        there: &There,
    ) -> Result<(Option<StoredFile>, Tallies), IngestError> {
        let mut history = History::new(self.plan.source, self.versions(part, there)?);
        for truth in self.truths(part)? {
            history.enter(truth);
        }
        let (pieces, tallies) = history.finish().map_err(self.misfit())?;
        let schema = raw_schema(self.plan.source);
        let mut output = Output::new(self.setting.transaction, self.plan.source);
        let mut write = || -> Result<(), StashError> {
            for piece in &pieces {
                output.add(group::with_file(&piece.rows, &piece.file, &schema)?)?;
            }
            Ok(())
        };
        let written = write().and_then(|()| output.finish());
        Ok((written.map_err(lost(self.plan.source))?, tallies))
    }

    /// The snapshots that were read, in the order they were taken.
    fn truths(&self, part: &Part) -> Result<Vec<Truth>, IngestError> {
        let taken_at = |file: &Path| self.plan.deliveries.taken_at(file);
        let files = self.candidates.iter().map(|candidate| &candidate.file.file);
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
                taken_at(&candidate.file.file).expect("a file without its moment was refused");
            truths.push(Truth {
                taken_at,
                until: known.range(taken_at + 1..).next().copied(),
                has_bad_rows: !candidate.rows.quarantined.is_empty(),
                file: Arc::clone(&candidate.name),
                batches: candidate.stash.rows(part).map_err(lost(self.plan.source))?,
            });
        }
        truths.sort_by_key(|truth| truth.taken_at);
        Ok(truths)
    }
}
