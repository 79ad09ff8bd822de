//! Rows that stand together on their way into a partition of a table, looked at only as far as needed.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt64Array};
use arrow::compute::concat_batches;
use arrow::datatypes::{Int64Type, UInt64Type};
use scorewright_extract::{Delivered, IS_FIRST, RowPosition, Source, VALID_TO, VersionMoment};
use scorewright_warehouse::RowGroupReader;

use crate::error::BufferError;
use crate::rows::moments::VersionMoments;
use crate::rows::row_group;
use crate::rows::row_hashes::{self, column_values};
use crate::rows::table::{BYTE, FILE, LENGTH, LINE, file_schema};

/// Rows of one batch or row group.
pub(crate) struct MergeInput<'a> {
    /// The file of each range of rows. Rows in no range are no longer wanted.
    pub(crate) files: Vec<(Arc<str>, Range<usize>)>,
    /// Rows that make a row group together have the same index.
    pub(crate) row_group: usize,
    /// How many rows there are, wanted or not.
    pub(crate) rows: usize,
    /// Whether its rows stand between those of other inputs of the same row group.
    pub(crate) is_deferred: bool,
    /// What its rows were before this load.
    pub(crate) prior: PriorState,
    /// Whether what its rows are has to be decided anew, also where a row is the only one of its key.
    pub(crate) is_undecided: bool,
    at: InputRows<'a>,
}

/// What rows were before this load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PriorState {
    /// Nothing, or the newest ones of their keys.
    Current,
    /// Versions that later ones superseded.
    Superseded,
}

impl PriorState {
    pub(crate) fn of(is_superseded: bool) -> Self {
        if is_superseded { Self::Superseded } else { Self::Current }
    }
}

enum InputRows<'a> {
    InMemory(&'a RecordBatch),
    /// Just read, with hashes.
    Encoded(RowGroupReader, usize),
    /// In a file of the table, without hashes.
    Stored(RowGroupReader, usize),
}

/// What decides about rows whose key is there several times.
pub(crate) struct RowHashes {
    key: UInt64Array,
    check: UInt64Array,
    content: UInt64Array,
    line: ArrayRef,
    byte: Option<ArrayRef>,
    length: Option<ArrayRef>,
    updated_at: Option<ArrayRef>,
    delivered: Option<ArrayRef>,
    amount: Option<ArrayRef>,
    /// From when rows hold, where a column of theirs says so.
    moments: Option<ArrayRef>,
    /// What rows of the table were before: until when they held, and whether they were the first.
    valid_to: Option<ArrayRef>,
    is_first: Option<ArrayRef>,
}

impl<'a> MergeInput<'a> {
    pub(crate) fn in_memory(
        rows: &'a RecordBatch,
        files: Vec<(Arc<str>, Range<usize>)>,
        row_group: usize,
    ) -> Self {
        Self {
            files,
            row_group,
            rows: rows.num_rows(),
            is_deferred: false,
            prior: PriorState::Current,
            is_undecided: false,
            at: InputRows::InMemory(rows),
        }
    }

    /// Rows that were taken out from between others, because their key was there before.
    pub(crate) fn deferred(
        rows: &'a RecordBatch,
        files: Vec<(Arc<str>, Range<usize>)>,
        row_group: usize,
    ) -> Self {
        Self { is_deferred: true, ..Self::in_memory(rows, files, row_group) }
    }

    pub(crate) fn encoded(
        reader: RowGroupReader,
        group: usize,
        files: Vec<(Arc<str>, Range<usize>)>,
        row_group: usize,
    ) -> Self {
        Self {
            files,
            row_group,
            rows: reader.row_counts()[group],
            is_deferred: false,
            prior: PriorState::Current,
            is_undecided: false,
            at: InputRows::Encoded(reader, group),
        }
    }

    /// A row group of a file of the table; rows of files that `is_kept` denies are not wanted.
    pub(crate) fn stored(
        reader: &RowGroupReader,
        group: usize,
        row_group: usize,
        is_kept: impl Fn(&str) -> bool,
    ) -> Result<Self, BufferError> {
        let rows = one(reader.read(group, Some(&[FILE]))?)?;
        let names = rows.column(0).as_string::<i32>();
        let runs = runs(names).into_iter().filter(|run| is_kept(names.value(run.start)));
        let files = runs.map(|run| (names.value(run.start).into(), run)).collect();
        let at = InputRows::Stored(reader.clone(), group);
        Ok(Self {
            files,
            row_group,
            rows: rows.num_rows(),
            is_deferred: false,
            prior: PriorState::Current,
            is_undecided: false,
            at,
        })
    }

    /// The same rows, as what they were before.
    pub(crate) fn which_were(self, prior: PriorState, is_undecided: bool) -> Self {
        Self { prior, is_undecided, ..self }
    }

    /// Whether its rows lie in a file of the table.
    pub(crate) fn is_stored(&self) -> bool {
        matches!(self.at, InputRows::Stored(..))
    }

    /// The row group as it is encoded, where it is.
    pub(crate) fn row_group(&self) -> Option<(&RowGroupReader, usize)> {
        match &self.at {
            InputRows::InMemory(_) => None,
            InputRows::Encoded(reader, group) | InputRows::Stored(reader, group) => {
                Some((reader, *group))
            }
        }
    }

    /// Hashes of the keys of all rows.
    pub(crate) fn keys(&self, source: &Source) -> Result<UInt64Array, BufferError> {
        if let InputRows::Stored(reader, group) = &self.at {
            let names: Vec<&str> = source.key.iter().map(String::as_str).collect();
            let rows = one(reader.read(*group, Some(&names))?)?;
            let columns: Vec<&ArrayRef> =
                names.iter().filter_map(|name| rows.column_by_name(name)).collect();
            return Ok(row_hashes::of_key(&columns).as_ref().clone());
        }
        Ok(hashes(&self.columns(&[row_hashes::KEY])?, row_hashes::KEY))
    }

    /// What tells the rows apart.
    pub(crate) fn row_hashes(&self, source: &Source) -> Result<RowHashes, BufferError> {
        if let InputRows::Stored(reader, group) = &self.at {
            let rows = group_of(reader, *group)?;
            let stored = source.stored().count();
            let row_hashes = row_hashes::of(source, &rows.columns()[..stored]);
            let [key, check, content] =
                row_hashes.map(|row_hashes| row_hashes.as_primitive::<UInt64Type>().clone());
            return Ok(RowHashes::new(source, &rows, [key, check, content]));
        }
        let mut names =
            vec![row_hashes::KEY, row_hashes::KEY_CHECK, row_hashes::CONTENT, LINE, BYTE, LENGTH];
        names.extend(source.updated_at.as_deref().into_iter().chain(delivered_column(source)));
        names.extend(source.amount.as_deref());
        let rows = self.columns(&names)?;
        let found = [row_hashes::KEY, row_hashes::KEY_CHECK, row_hashes::CONTENT]
            .map(|name| hashes(&rows, name));
        Ok(RowHashes::new(source, &rows, found))
    }

    /// All rows as the table has them.
    pub(crate) fn table_rows(&self, source: &Source) -> Result<RecordBatch, BufferError> {
        let schema = file_schema(source);
        match &self.at {
            InputRows::InMemory(rows) => Ok(row_group::of_file(rows, &self.files[0].0, source)?),
            InputRows::Encoded(reader, group) | InputRows::Stored(reader, group) => {
                let names: Vec<&str> =
                    schema.fields().iter().map(|field| field.name().as_str()).collect();
                let rows = one(reader.read(*group, Some(&names))?)?;
                Ok(RecordBatch::try_new(schema, rows.columns().to_vec())?)
            }
        }
    }

    /// The file of a row.
    pub(crate) fn file(&self, row: usize) -> &Arc<str> {
        let at = self.files.partition_point(|(_, run)| run.end <= row);
        &self.files[at].0
    }

    /// Some columns, in any order; those that are not there are left out.
    fn columns(&self, names: &[&str]) -> Result<RecordBatch, BufferError> {
        match &self.at {
            InputRows::InMemory(rows) => Ok((*rows).clone()),
            InputRows::Encoded(reader, group) | InputRows::Stored(reader, group) => {
                one(reader.read(*group, Some(names))?)
            }
        }
    }
}

impl RowHashes {
    fn new(source: &Source, rows: &RecordBatch, [key, check, content]: [UInt64Array; 3]) -> Self {
        let named = |name: &str| rows.column_by_name(name).cloned();
        Self {
            key,
            check,
            content,
            line: named(LINE).expect("every row has a line"),
            byte: named(BYTE),
            length: named(LENGTH),
            updated_at: source.updated_at.as_deref().and_then(named),
            delivered: delivered_column(source).and_then(named),
            amount: source.amount.as_deref().and_then(named),
            moments: column_moments(source, rows),
            valid_to: named(VALID_TO),
            is_first: named(IS_FIRST),
        }
    }

    /// From when the row holds, where a column says so; in microseconds.
    pub(crate) fn held_from(&self, row: usize) -> Option<i64> {
        self.moments.as_ref().and_then(|column| column_values::moment(column, row))
    }

    /// Until when the row held in the table, and whether it was the first; of a new row, what it is unless others are known.
    pub(crate) fn held(&self, row: usize) -> (Option<i64>, bool) {
        let to = self.valid_to.as_ref().and_then(|column| column_values::moment(column, row));
        let is_first = self.is_first.as_ref().is_none_or(|column| column.as_boolean().value(row));
        (to, is_first)
    }

    pub(crate) fn key(&self, row: usize) -> (u64, u64) {
        (self.key.value(row), self.check.value(row))
    }

    pub(crate) fn content(&self, row: usize) -> u64 {
        self.content.value(row)
    }

    /// When the row was changed last, as a number that grows with time.
    pub(crate) fn moment(&self, row: usize) -> Option<i64> {
        self.updated_at.as_ref().and_then(|column| column_values::moment(column, row))
    }

    /// When the row was delivered, where a column says so.
    pub(crate) fn delivered(&self, row: usize) -> Option<i64> {
        self.delivered.as_ref().and_then(|column| column_values::moment(column, row))
    }

    /// The money of the row, where the source names a column of it.
    pub(crate) fn amount(&self, row: usize) -> Option<i128> {
        self.amount.as_ref().and_then(|column| column_values::amount(column, row))
    }

    /// Where the row stands in its file; of a row in the table only the line is known.
    pub(crate) fn position(&self, row: usize) -> RowPosition {
        let number =
            |column: &ArrayRef| column.as_primitive::<Int64Type>().value(row).cast_unsigned();
        let or_zero = |column: &Option<ArrayRef>| column.as_ref().map_or(0, number);
        RowPosition {
            line: number(&self.line),
            byte: or_zero(&self.byte),
            length: or_zero(&self.length),
        }
    }
}

/// From when rows hold, where a column says so and not the name of their file.
fn column_moments(source: &Source, rows: &RecordBatch) -> Option<ArrayRef> {
    match source.version_moment()? {
        VersionMoment::Name => None,
        VersionMoment::UpdatedAt(_) | VersionMoment::Delivered(_) => {
            VersionMoments::of(source, "").map(|moments| moments.of_rows(rows))
        }
    }
}

fn delivered_column(source: &Source) -> Option<&str> {
    match &source.delivered {
        Some(Delivered::Column(column)) => Some(column),
        Some(Delivered::FirstSeen | Delivered::Name(_)) | None => None,
    }
}

fn hashes(rows: &RecordBatch, name: &str) -> UInt64Array {
    let column =
        rows.column_by_name(name).expect("rows on their way into a keyed table have hashes");
    column.as_primitive::<UInt64Type>().clone()
}

/// All rows of a row group.
pub(crate) fn group_of(reader: &RowGroupReader, group: usize) -> Result<RecordBatch, BufferError> {
    one(reader.read(group, None)?)
}

/// Batches of a row group as one.
fn one(batches: Vec<RecordBatch>) -> Result<RecordBatch, BufferError> {
    match <[RecordBatch; 1]>::try_from(batches) {
        Ok([batch]) => Ok(batch),
        Err(batches) => Ok(concat_batches(&batches[0].schema(), &batches)?),
    }
}

/// Each run of equal texts.
pub(crate) fn runs(texts: &arrow::array::StringArray) -> Vec<Range<usize>> {
    let (mut runs, mut start) = (Vec::new(), 0);
    for row in 1..=texts.len() {
        if row == texts.len() || texts.value(row) != texts.value(start) {
            runs.push(start..row);
            start = row;
        }
    }
    runs
}
