//! `quarantine.<source>`: one file for each extract with rejected rows.

use std::collections::BTreeMap;

use scorewright_domain::{QuarantinedRow, Reason};
use scorewright_extract::RowPosition;
use scorewright_warehouse::StoredFile;

use super::attempt::{MergeAttempt, partition_of};
use crate::error::IngestError;
use crate::merge::Tallies;
use crate::quarantine;

const BATCH: usize = 8 << 10;

/// What stands in quarantine for a row that came with an extract which is no longer there.
const GONE: &str = "(its extract is no longer in the extracts folder)";

impl MergeAttempt<'_> {
    /// The files of the table; one without rows when no row is rejected.
    pub(crate) fn quarantine_files(
        &self,
        conflicts: &BTreeMap<&str, Vec<String>>,
        tallies: &Tallies,
    ) -> Result<Vec<StoredFile>, IngestError> {
        let mut files = self.former_files(tallies)?;
        for file in &self.files {
            let mut rows = file.buffer.rejected.clone();
            let positions = tallies.get(&file.name).map_or(&[][..], |tally| &tally.conflicts);
            let texts = conflicts.get(&*file.name).into_iter().flatten();
            rows.extend(
                positions
                    .iter()
                    .zip(texts)
                    .map(|(position, raw)| conflict(&file.name, *position, raw)),
            );
            files.extend(self.write_rejected(&file.name, rows)?);
        }
        files.sort_by(|left, right| left.partition.cmp(&right.partition));
        if files.is_empty() {
            files.push(self.context.transaction.file_writer(quarantine::schema())?.finish()?);
        }
        Ok(files)
    }

    /// What earlier runs rejected; a source that has changed may have made conflicts among rows that were good.
    fn former_files(&self, tallies: &Tallies) -> Result<Vec<StoredFile>, IngestError> {
        let mut files = Vec::new();
        let stored = self.stored(&self.plan.source.quarantine_table());
        let stays = |file: &&&StoredFile| self.is_kept(&partition_of(file).name);
        for landing in &self.stay {
            let name = landing.extract.file.to_string_lossy();
            let before = stored.iter().filter(stays).find(|file| partition_of(file).name == name);
            let positions = tallies.get(name.as_ref()).map_or(&[][..], |tally| &tally.conflicts);
            if positions.is_empty() {
                files.extend(before.map(|file| (*file).clone()));
                continue;
            }
            let mut rows = Vec::new();
            if let Some(before) = before {
                let batches = self.context.transaction.read_file(before)?;
                rows.extend(batches.iter().flat_map(quarantine::rows));
            }
            rows.extend(positions.iter().map(|position| conflict(&name, *position, GONE)));
            files.extend(self.write_rejected(&name, rows)?);
        }
        Ok(files)
    }

    fn write_rejected(
        &self,
        extract: &str,
        mut rows: Vec<QuarantinedRow>,
    ) -> Result<Option<StoredFile>, IngestError> {
        if rows.is_empty() {
            return Ok(None);
        }
        rows.sort_by_key(|row| (row.line, row.byte));
        let mut writer = self.context.transaction.file_writer(quarantine::schema())?;
        for rows in rows.chunks(BATCH) {
            writer
                .write(&quarantine::batch(&self.plan.source.name, rows).map_err(self.misfit())?)?;
        }
        Ok(Some(writer.finish()?.in_partition(extract)))
    }
}

pub(super) fn conflict(file: &str, position: RowPosition, raw: &str) -> QuarantinedRow {
    QuarantinedRow {
        file: file.to_owned(),
        line: position.line,
        byte: position.byte,
        length: position.length,
        column: None,
        reason: Reason::ConflictingKey.code().into(),
        raw: raw.to_owned(),
    }
}
