//! What is in the tables already: which partitions have to be written again, and the rows they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use scorewright_extract::Load;
use scorewright_warehouse::{StoredFile, Table};

use super::adapt::{adapt, with_row_hashes};
use super::attempt::{MergeAttempt, partition_of};
use super::context::LoadContext;
use crate::buffer::{FileBuffer, RowPreparer};
use crate::error::{BufferError, IngestError};
use crate::history::FileRows;
use crate::merge::merge_input::{self, MergeInput, PriorState, runs};
use crate::rows::partition::Partition;
use crate::rows::table::{FILE, file_schema};

/// Memory that merging takes for each row, and for the groups it has in hand.
const HASHES: usize = 24;
const GROUPS: usize = 8 << 20;

/// What `raw.<source>` holds, as far as it may stay.
pub(crate) enum ExistingRows<'a> {
    /// Files that hold one partition each, as the source wants it.
    Stored(Vec<&'a StoredFile>),
    /// Rows by file, hashed and partitioned anew because the source has changed.
    Buffered(BTreeMap<FormerRows, FileBuffer<'a>>),
}

/// Rows of one file, and whether they are versions that others superseded.
type FormerRows = (Arc<str>, bool);

/// What the rows of a file of the table are.
fn prior_of(file: &StoredFile) -> PriorState {
    match &file.versions {
        Some(versions) if !versions.is_current => PriorState::Superseded,
        Some(_) | None => PriorState::Current,
    }
}

impl<'a> MergeAttempt<'a> {
    /// What is there already.
    pub(crate) fn existing_rows(&self) -> Result<ExistingRows<'a>, IngestError> {
        let files = self.table_files();
        if !self.plan.is_source_changed && self.is_shape_kept() {
            return Ok(ExistingRows::Stored(files));
        }
        let mut buffers: BTreeMap<FormerRows, FileBuffer> = BTreeMap::new();
        for stored in files {
            for group in self.groups(stored)? {
                self.buffer_again(&group?, prior_of(stored), &mut buffers)?;
            }
        }
        buffers
            .values_mut()
            .try_for_each(FileBuffer::close)
            .map_err(BufferError::of(self.plan.source))?;
        Ok(ExistingRows::Buffered(buffers))
    }

    /// The files of the rows that are there: all versions where the source keeps them, else one of each key.
    fn table_files(&self) -> Vec<&'a StoredFile> {
        let source = self.plan.source;
        let tables = &self.context.transaction.snapshot().tables;
        if !tables.contains_key(&source.history_table()) {
            return self.stored(&source.raw_table());
        }
        let mut files = self.stored(&source.history_table());
        files.retain(|file| source.has_history() || prior_of(file) == PriorState::Current);
        files
    }

    /// Puts rows of the table to those of the same file.
    fn buffer_again(
        &self,
        rows: &RecordBatch,
        prior: PriorState,
        buffers: &mut BTreeMap<FormerRows, FileBuffer<'a>>,
    ) -> Result<(), IngestError> {
        let LoadContext { transaction, budget, .. } = self.context;
        for FileRows { file, rows, is_superseded } in self.pieces_of(rows, prior)? {
            let new = || FileBuffer::new(self.plan.source, Arc::clone(&file), transaction, budget);
            let buffer = buffers.entry((Arc::clone(&file), is_superseded)).or_insert_with(new);
            let rows = with_row_hashes(self.plan.source, &rows).map_err(self.misfit())?;
            let rows = RowPreparer::new(self.plan.source, &file, Arc::default())
                .split(&rows)
                .map_err(self.misfit())?;
            buffer.add(rows).map_err(BufferError::of(self.plan.source))?;
        }
        if budget.in_memory.is_full() {
            buffers
                .values_mut()
                .try_for_each(FileBuffer::flush)
                .map_err(BufferError::of(self.plan.source))?;
        }
        Ok(())
    }

    /// The rows of a file of a table, group by group.
    fn groups(
        &self,
        stored: &StoredFile,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, IngestError>>, IngestError> {
        let (reader, source) = (self.context.transaction.open_file(stored)?, self.plan.source);
        let groups = 0..reader.row_counts().len();
        Ok(groups.map(move |group| {
            merge_input::group_of(&reader, group).map_err(BufferError::of(source))
        }))
    }

    /// Whether the table has the columns it had: a source may evolve without its file being changed.
    fn is_shape_kept(&self) -> bool {
        let source = self.plan.source;
        let name = if source.has_history() { source.history_table() } else { source.raw_table() };
        let table = self.context.transaction.snapshot().tables.get(&name);
        let columns = |table: &Table| table.columns.clone();
        let now = columns(&Table::new(&file_schema(source), Vec::new(), String::new()));
        table.is_none_or(|table| table.columns == now)
    }

    /// The partitions that have to be written: those with rows to add, and those with rows to leave out.
    pub(crate) fn touched(&self, existing: &ExistingRows) -> BTreeSet<Partition> {
        let mut touched: BTreeSet<Partition> =
            self.files.iter().flat_map(|file| file.buffer.partitions()).cloned().collect();
        if self.plan.source.load == Load::Snapshot && !self.files.is_empty() {
            // Also one without rows, which ends every key.
            touched.insert(Partition { name: String::new(), number: 0 });
        }
        match existing {
            ExistingRows::Buffered(buffers) => {
                touched.extend(buffers.values().flat_map(FileBuffer::partitions).cloned());
            }
            ExistingRows::Stored(files) if self.stay.len() < self.plan.former.len() => {
                touched.extend(
                    files.iter().filter(|file| self.may_lose(file)).map(|file| partition_of(file)),
                );
            }
            ExistingRows::Stored(_) => {}
        }
        touched
    }

    /// Files that stay as they are.
    pub(crate) fn untouched(&self, existing: &ExistingRows) -> Vec<StoredFile> {
        let ExistingRows::Stored(files) = existing else { return Vec::new() };
        let touched: BTreeSet<String> =
            self.touched(existing).into_iter().map(|partition| partition.name).collect();
        let stays = |file: &&&StoredFile| {
            !touched.contains(partition_of(file).name.as_str()) && !self.is_gone(file)
        };
        files.iter().filter(stays).map(|file| (*file).clone()).collect()
    }

    /// Whether a file holds rows of an extract that goes; of rows without key it holds one extract alone.
    fn may_lose(&self, file: &StoredFile) -> bool {
        !self.plan.source.key.is_empty() && file.rows > 0
    }

    /// Whether a file holds one extract alone, and that extract goes.
    fn is_gone(&self, file: &StoredFile) -> bool {
        self.plan.source.key.is_empty() && !self.is_kept(&partition_of(file).name)
    }

    /// Rows of a partition that are there already.
    pub(crate) fn existing_inputs<'b>(
        &'b self,
        partition: &Partition,
        existing: &'b ExistingRows,
    ) -> Result<Vec<MergeInput<'b>>, IngestError> {
        let mut inputs: Vec<MergeInput> = Vec::new();
        // Where rows go, a version may be the first or the newest that remains of its key.
        let is_undecided = self.plan.source.history && self.stay.len() < self.plan.former.len();
        let next = |inputs: &[MergeInput]| inputs.last().map_or(0, |last| last.row_group + 1);
        match existing {
            ExistingRows::Stored(files) => {
                for file in files
                    .iter()
                    .filter(|file| partition_of(file).name == partition.name && !self.is_gone(file))
                {
                    let reader = self.context.transaction.open_file(file)?;
                    for group in 0..reader.row_counts().len() {
                        let input = MergeInput::stored(&reader, group, next(&inputs), |file| {
                            self.is_kept(file)
                        });
                        let input = input.map_err(BufferError::of(self.plan.source))?;
                        inputs.push(input.which_were(prior_of(file), is_undecided));
                    }
                }
            }
            ExistingRows::Buffered(buffers) => {
                for ((_, is_superseded), buffer) in buffers {
                    let of_partition = buffer
                        .inputs(partition, next(&inputs))
                        .map_err(BufferError::of(self.plan.source))?;
                    let prior = PriorState::of(*is_superseded);
                    let which_were =
                        |input: MergeInput<'b>| input.which_were(prior, *is_superseded);
                    inputs.extend(of_partition.into_iter().map(which_were));
                }
            }
        }
        Ok(inputs)
    }

    /// Versions of a partition that are there already, a piece for each extract or part of one.
    pub(crate) fn versions(
        &self,
        partition: &Partition,
        existing: &ExistingRows,
    ) -> Result<Vec<FileRows>, IngestError> {
        match existing {
            ExistingRows::Stored(files) => {
                let of_partition =
                    files.iter().filter(|file| partition_of(file).name == partition.name);
                self.pieces(&of_partition.copied().collect::<Vec<_>>())
            }
            ExistingRows::Buffered(buffers) => {
                let mut pieces = Vec::new();
                for ((file, is_superseded), buffer) in buffers {
                    let (file, is_superseded) = (Arc::clone(file), *is_superseded);
                    let rows = buffer.rows(partition).map_err(BufferError::of(self.plan.source))?;
                    let piece = |rows| FileRows { file: Arc::clone(&file), rows, is_superseded };
                    pieces.extend(rows.into_iter().map(piece));
                }
                Ok(pieces)
            }
        }
    }

    /// Memory that writing a partition takes, about: hashes of all rows and some groups, or, of snapshots, all versions,
    /// which are encoded to an eighth in files.
    pub(crate) fn weight(&self, partition: &Partition, existing: &ExistingRows) -> usize {
        let of_buffer = |buffer: &FileBuffer| buffer.weight(partition);
        let of_file = |file: &&StoredFile| {
            let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
            (number(file.rows), number(file.bytes).saturating_mul(8))
        };
        let existing_inputs: Vec<(usize, usize)> = match existing {
            ExistingRows::Stored(files) => files
                .iter()
                .filter(|file| partition_of(file).name == partition.name)
                .map(of_file)
                .collect(),
            ExistingRows::Buffered(buffers) => buffers.values().map(of_buffer).collect(),
        };
        let new = self.files.iter().map(|file| of_buffer(&file.buffer));
        let (rows, bytes) = existing_inputs
            .into_iter()
            .chain(new)
            .fold((0, 0), |sum, (rows, bytes)| (sum.0 + rows, sum.1 + bytes));
        if self.plan.source.load == Load::Snapshot { bytes } else { rows * HASHES + GROUPS }
    }

    fn pieces(&self, files: &[&StoredFile]) -> Result<Vec<FileRows>, IngestError> {
        let mut pieces = Vec::new();
        for stored in files {
            for group in self.groups(stored)? {
                pieces.extend(self.pieces_of(&group?, prior_of(stored))?);
            }
        }
        Ok(pieces)
    }

    /// Rows of the table by file, as the source wants them now; those of files that go are left out.
    fn pieces_of(
        &self,
        rows: &RecordBatch,
        prior: PriorState,
    ) -> Result<Vec<FileRows>, IngestError> {
        let adapted = adapt(rows, self.plan.source)?;
        let files = rows.column_by_name(FILE).and_then(|files| files.as_string_opt::<i32>());
        let files = files.expect("every raw table names the file of a row");
        let kept = runs(files).into_iter().filter(|run| self.is_kept(files.value(run.start)));
        let piece = |run: Range<usize>| FileRows {
            file: files.value(run.start).into(),
            rows: adapted.slice(run.start, run.len()),
            is_superseded: prior == PriorState::Superseded,
        };
        Ok(kept.map(piece).collect())
    }
}
