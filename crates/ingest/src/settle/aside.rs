//! `quarantine.<source>`: one file for each extract with rows set aside.

use std::collections::BTreeMap;

use scorewright_domain::QuarantinedRow;
use scorewright_warehouse::StoredFile;

use super::carry::part_of;
use super::{Attempt, Tallies};
use crate::format::Place;
use crate::land::IngestError;
use crate::quarantine;
use scorewright_domain::Reason;

const BATCH: usize = 8 << 10;

/// What stands in quarantine for a row that came with an extract which is no longer there.
const GONE: &str = "(its extract is no longer in the extracts folder)";

impl Attempt<'_> {
    /// The files of the table; one without rows when no row is set aside.
    pub(crate) fn aside(
        &self,
        conflicts: &BTreeMap<&str, Vec<String>>,
        tallies: &Tallies,
    ) -> Result<Vec<StoredFile>, IngestError> {
        let mut files = self.aside_before(tallies)?;
        for candidate in &self.candidates {
            let mut rows = candidate.rows.quarantined.clone();
            let places = tallies.get(&candidate.name).map_or(&[][..], |tally| &tally.conflicts);
            let texts = conflicts.get(&*candidate.name).into_iter().flatten();
            rows.extend(
                places.iter().zip(texts).map(|(place, raw)| conflict(&candidate.name, *place, raw)),
            );
            files.extend(self.write_aside(&candidate.name, rows)?);
        }
        files.sort_by(|left, right| left.partition.cmp(&right.partition));
        if files.is_empty() {
            files.push(self.setting.transaction.file_writer(quarantine::schema())?.finish()?);
        }
        Ok(files)
    }

    /// What earlier runs set aside; a source that has changed may have made conflicts among rows that were good.
    fn aside_before(&self, tallies: &Tallies) -> Result<Vec<StoredFile>, IngestError> {
        let mut files = Vec::new();
        let stored = self.stored(&self.plan.source.quarantine());
        let stays = |file: &&&StoredFile| self.is_kept(&part_of(file).name);
        for landing in &self.stay {
            let name = landing.extract.file.to_string_lossy();
            let before = stored.iter().filter(stays).find(|file| part_of(file).name == name);
            let places = tallies.get(name.as_ref()).map_or(&[][..], |tally| &tally.conflicts);
            if places.is_empty() {
                files.extend(before.map(|file| (*file).clone()));
                continue;
            }
            let mut rows = Vec::new();
            if let Some(before) = before {
                let batches = self.setting.transaction.read_file(before)?;
                rows.extend(batches.iter().flat_map(quarantine::rows));
            }
            rows.extend(places.iter().map(|place| conflict(&name, *place, GONE)));
            files.extend(self.write_aside(&name, rows)?);
        }
        Ok(files)
    }

    fn write_aside(
        &self,
        extract: &str,
        mut rows: Vec<QuarantinedRow>,
    ) -> Result<Option<StoredFile>, IngestError> {
        if rows.is_empty() {
            return Ok(None);
        }
        rows.sort_by_key(|row| (row.line, row.byte));
        let mut writer = self.setting.transaction.file_writer(quarantine::schema())?;
        for rows in rows.chunks(BATCH) {
            writer
                .write(&quarantine::batch(&self.plan.source.name, rows).map_err(self.misfit())?)?;
        }
        Ok(Some(writer.finish()?.in_partition(extract)))
    }
}

fn conflict(file: &str, place: Place, raw: &str) -> QuarantinedRow {
    QuarantinedRow {
        file: file.to_owned(),
        line: place.line,
        byte: place.byte,
        length: place.length,
        column: None,
        reason: Reason::ConflictingKey.code().into(),
        raw: raw.to_owned(),
    }
}
