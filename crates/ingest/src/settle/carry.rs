//! What is in the tables already: which parts have to be written again, and the rows they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use scorewright_warehouse::{StoredFile, Table};

use super::adapt::{adapt, with_marks};
use super::{Attempt, Setting, lost};
use crate::bundle::{self, Bundle, runs};
use crate::history::Piece;
use crate::land::IngestError;
use crate::part::Part;
use crate::source::Load;
use crate::stash::Stash;
use crate::table::{FILE, raw_schema};

/// Memory that merging takes for each row, and for the groups it has in hand.
const HASHES: usize = 24;
const GROUPS: usize = 8 << 20;

/// What `raw.<source>` holds, as far as it may stay.
pub(crate) enum There<'a> {
    /// Files that hold one part each, as the source wants it.
    Parts(Vec<&'a StoredFile>),
    /// Rows by file, told apart anew because the source has changed.
    Rows(BTreeMap<Arc<str>, Stash<'a>>),
}

impl<'a> Attempt<'a> {
    /// What is there already.
    pub(crate) fn there(&self) -> Result<There<'a>, IngestError> {
        let files = self.stored(&self.plan.source.table());
        if !self.plan.is_source_changed && self.is_shape_kept() {
            return Ok(There::Parts(files));
        }
        let mut stashes: BTreeMap<Arc<str>, Stash> = BTreeMap::new();
        for stored in files {
            for group in self.groups(stored)? {
                self.tell_apart(&group?, &mut stashes)?;
            }
        }
        stashes.values_mut().try_for_each(Stash::close).map_err(lost(self.plan.source))?;
        Ok(There::Rows(stashes))
    }

    /// Puts rows of the table to those of the same file.
    fn tell_apart(
        &self,
        rows: &RecordBatch,
        stashes: &mut BTreeMap<Arc<str>, Stash<'a>>,
    ) -> Result<(), IngestError> {
        let Setting { transaction, room, .. } = self.setting;
        for Piece { file, rows } in self.pieces_of(rows)? {
            let new = || Stash::new(self.plan.source, Arc::clone(&file), transaction, room);
            let stash = stashes.entry(Arc::clone(&file)).or_insert_with(new);
            let rows = with_marks(self.plan.source, &rows).map_err(self.misfit())?;
            stash.put(&rows).map_err(lost(self.plan.source))?;
        }
        if room.loose.is_full() {
            stashes.values_mut().try_for_each(Stash::relieve).map_err(lost(self.plan.source))?;
        }
        Ok(())
    }

    /// The rows of a file of a table, group by group.
    fn groups(
        &self,
        stored: &StoredFile,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, IngestError>>, IngestError> {
        let (packed, source) = (self.setting.transaction.open_file(stored)?, self.plan.source);
        let groups = 0..packed.row_counts().len();
        Ok(groups.map(move |group| bundle::group_of(&packed, group).map_err(lost(source))))
    }

    /// Whether the table has the columns it had: a source may evolve without its file being changed.
    fn is_shape_kept(&self) -> bool {
        let table = self.setting.transaction.snapshot().tables.get(&self.plan.source.table());
        let columns = |table: &Table| table.columns.clone();
        let now = columns(&Table::new(&raw_schema(self.plan.source), Vec::new(), String::new()));
        table.is_none_or(|table| table.columns == now)
    }

    /// The files of a table, in their order.
    pub(crate) fn stored(&self, name: &scorewright_domain::TableName) -> Vec<&'a StoredFile> {
        let table = self.setting.transaction.snapshot().tables.get(name);
        table.map_or_else(Vec::new, |table| {
            table.files.iter().filter(|file| file.rows > 0).collect()
        })
    }

    /// The parts that have to be written: those with rows to add, and those with rows to leave out.
    pub(crate) fn touched(&self, there: &There) -> BTreeSet<Part> {
        let mut touched: BTreeSet<Part> =
            self.candidates.iter().flat_map(|candidate| candidate.stash.parts()).cloned().collect();
        match there {
            There::Rows(stashes) => {
                touched.extend(stashes.values().flat_map(Stash::parts).cloned())
            }
            There::Parts(files) if self.stay.len() < self.plan.former.len() => {
                touched.extend(
                    files.iter().filter(|file| self.may_lose(file)).map(|file| part_of(file)),
                );
            }
            There::Parts(_) => {}
        }
        touched
    }

    /// Files that stay as they are.
    pub(crate) fn untouched(&self, there: &There) -> Vec<StoredFile> {
        let There::Parts(files) = there else { return Vec::new() };
        let touched: BTreeSet<String> =
            self.touched(there).into_iter().map(|part| part.name).collect();
        let stays = |file: &&&StoredFile| {
            !touched.contains(part_of(file).name.as_str()) && !self.is_gone(file)
        };
        files.iter().filter(stays).map(|file| (*file).clone()).collect()
    }

    /// Whether a file holds rows of an extract that goes; of rows without key it holds one extract alone.
    fn may_lose(&self, file: &StoredFile) -> bool {
        !self.plan.source.key.is_empty() && file.rows > 0
    }

    /// Whether a file holds one extract alone, and that extract goes.
    fn is_gone(&self, file: &StoredFile) -> bool {
        self.plan.source.key.is_empty() && !self.is_kept(&part_of(file).name)
    }

    /// Whether the rows of an extract stay.
    pub(crate) fn is_kept(&self, extract: &str) -> bool {
        self.stay.iter().any(|landing| landing.extract.file.to_string_lossy() == extract)
    }

    /// Rows of a part that are there already.
    pub(crate) fn carried<'b>(
        &'b self,
        part: &Part,
        there: &'b There,
    ) -> Result<Vec<Bundle<'b>>, IngestError> {
        let mut bundles: Vec<Bundle> = Vec::new();
        let next = |bundles: &[Bundle]| bundles.last().map_or(0, |last| last.cut + 1);
        match there {
            There::Parts(files) => {
                for file in files
                    .iter()
                    .filter(|file| part_of(file).name == part.name && !self.is_gone(file))
                {
                    let packed = self.setting.transaction.open_file(file)?;
                    for group in 0..packed.row_counts().len() {
                        let bundle = Bundle::stored(&packed, group, next(&bundles), |file| {
                            self.is_kept(file)
                        });
                        bundles.push(bundle.map_err(lost(self.plan.source))?);
                    }
                }
            }
            There::Rows(stashes) => {
                for stash in stashes.values() {
                    let of_part =
                        stash.bundles(part, next(&bundles)).map_err(lost(self.plan.source))?;
                    bundles.extend(of_part);
                }
            }
        }
        Ok(bundles)
    }

    /// Versions of a part that are there already, a piece for each extract or part of one.
    pub(crate) fn versions(&self, part: &Part, there: &There) -> Result<Vec<Piece>, IngestError> {
        match there {
            There::Parts(files) => {
                let of_part = files.iter().filter(|file| part_of(file).name == part.name);
                self.pieces(&of_part.copied().collect::<Vec<_>>())
            }
            There::Rows(stashes) => {
                let mut pieces = Vec::new();
                for (file, stash) in stashes {
                    let rows = stash.rows(part).map_err(lost(self.plan.source))?;
                    pieces.extend(
                        rows.into_iter().map(|rows| Piece { file: Arc::clone(file), rows }),
                    );
                }
                Ok(pieces)
            }
        }
    }

    /// Memory that writing a part takes, about: hashes of all rows and some groups, or, of snapshots, all versions,
    /// which are packed to an eighth in files.
    pub(crate) fn weight(&self, part: &Part, there: &There) -> usize {
        let of_stash = |stash: &Stash| stash.weight(part);
        let of_file = |file: &&StoredFile| {
            let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
            (number(file.rows), number(file.bytes).saturating_mul(8))
        };
        let carried: Vec<(usize, usize)> = match there {
            There::Parts(files) => {
                files.iter().filter(|file| part_of(file).name == part.name).map(of_file).collect()
            }
            There::Rows(stashes) => stashes.values().map(of_stash).collect(),
        };
        let new = self.candidates.iter().map(|candidate| of_stash(&candidate.stash));
        let (rows, bytes) = carried
            .into_iter()
            .chain(new)
            .fold((0, 0), |sum, (rows, bytes)| (sum.0 + rows, sum.1 + bytes));
        if self.plan.source.load == Load::Snapshot { bytes } else { rows * HASHES + GROUPS }
    }

    fn pieces(&self, files: &[&StoredFile]) -> Result<Vec<Piece>, IngestError> {
        let mut pieces = Vec::new();
        for stored in files {
            for group in self.groups(stored)? {
                pieces.extend(self.pieces_of(&group?)?);
            }
        }
        Ok(pieces)
    }

    /// Rows of the table by file, as the source wants them now; those of files that go are left out.
    fn pieces_of(&self, rows: &RecordBatch) -> Result<Vec<Piece>, IngestError> {
        let adapted = adapt(rows, self.plan.source)?;
        let files = rows.column_by_name(FILE).and_then(|files| files.as_string_opt::<i32>());
        let files = files.expect("every raw table names the file of a row");
        let kept = runs(files).into_iter().filter(|run| self.is_kept(files.value(run.start)));
        let piece = |run: Range<usize>| Piece {
            file: files.value(run.start).into(),
            rows: adapted.slice(run.start, run.len()),
        };
        Ok(kept.map(piece).collect())
    }
}

/// The part a stored file holds.
pub(crate) fn part_of(file: &StoredFile) -> Part {
    Part { name: file.partition.clone().unwrap_or_default(), number: 0 }
}
