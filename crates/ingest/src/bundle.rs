//! Rows that lie together on their way into a part of a table, looked at only as far as needed.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt64Array};
use arrow::compute::concat_batches;
use arrow::datatypes::{Int64Type, UInt64Type};
use scorewright_warehouse::RowGroupReader;

use crate::compare;
use crate::format::Place;
use crate::group;
use crate::marks;
use crate::source::Source;
use crate::stash::StashError;
use crate::table::{BYTE, FILE, LENGTH, LINE, raw_schema};

/// Rows of one batch or row group.
pub(crate) struct Bundle<'a> {
    /// The file of each stretch of rows. Rows in no stretch are no longer wanted.
    pub(crate) files: Vec<(Arc<str>, Range<usize>)>,
    /// Rows that make a group together have the same number.
    pub(crate) cut: usize,
    /// How many rows there are, wanted or not.
    pub(crate) rows: usize,
    /// Whether its rows stand between those of other bundles of the same cut.
    pub(crate) is_aside: bool,
    lie: Lie<'a>,
}

enum Lie<'a> {
    Loose(&'a RecordBatch),
    /// Just read, with marks.
    Packed(RowGroupReader, usize),
    /// In a file of the table, without marks.
    Stored(RowGroupReader, usize),
}

/// What decides about rows whose key is there several times.
pub(crate) struct Marks {
    key: UInt64Array,
    check: UInt64Array,
    content: UInt64Array,
    line: ArrayRef,
    byte: Option<ArrayRef>,
    length: Option<ArrayRef>,
    updated_at: Option<ArrayRef>,
}

impl<'a> Bundle<'a> {
    pub(crate) fn loose(
        rows: &'a RecordBatch,
        files: Vec<(Arc<str>, Range<usize>)>,
        cut: usize,
    ) -> Self {
        Self { files, cut, rows: rows.num_rows(), is_aside: false, lie: Lie::Loose(rows) }
    }

    /// Rows that were taken out from between others, because their key was there before.
    pub(crate) fn aside(
        rows: &'a RecordBatch,
        files: Vec<(Arc<str>, Range<usize>)>,
        cut: usize,
    ) -> Self {
        Self { is_aside: true, ..Self::loose(rows, files, cut) }
    }

    pub(crate) fn packed(
        packed: RowGroupReader,
        group: usize,
        files: Vec<(Arc<str>, Range<usize>)>,
        cut: usize,
    ) -> Self {
        Self {
            files,
            cut,
            rows: packed.row_counts()[group],
            is_aside: false,
            lie: Lie::Packed(packed, group),
        }
    }

    /// A row group of a file of the table; rows of files that `is_kept` denies are not wanted.
    pub(crate) fn stored(
        packed: &RowGroupReader,
        group: usize,
        cut: usize,
        is_kept: impl Fn(&str) -> bool,
    ) -> Result<Self, StashError> {
        let rows = one(packed.read(group, Some(&[FILE]))?)?;
        let names = rows.column(0).as_string::<i32>();
        let runs = runs(names).into_iter().filter(|run| is_kept(names.value(run.start)));
        let files = runs.map(|run| (names.value(run.start).into(), run)).collect();
        let lie = Lie::Stored(packed.clone(), group);
        Ok(Self { files, cut, rows: rows.num_rows(), is_aside: false, lie })
    }

    /// The row group as it lies, where it lies in one.
    pub(crate) fn row_group(&self) -> Option<(&RowGroupReader, usize)> {
        match &self.lie {
            Lie::Loose(_) => None,
            Lie::Packed(packed, group) | Lie::Stored(packed, group) => Some((packed, *group)),
        }
    }

    /// Hashes of the keys of all rows.
    pub(crate) fn keys(&self, source: &Source) -> Result<UInt64Array, StashError> {
        if let Lie::Stored(packed, group) = &self.lie {
            let names: Vec<&str> = source.key.iter().map(String::as_str).collect();
            let rows = one(packed.read(*group, Some(&names))?)?;
            let columns: Vec<&ArrayRef> =
                names.iter().filter_map(|name| rows.column_by_name(name)).collect();
            return Ok(marks::of_key(&columns).as_ref().clone());
        }
        Ok(hashes(&self.columns(&[marks::KEY])?, marks::KEY))
    }

    /// The marks of all rows.
    pub(crate) fn marks(&self, source: &Source) -> Result<Marks, StashError> {
        if let Lie::Stored(packed, group) = &self.lie {
            let rows = group_of(packed, *group)?;
            let stored = source.stored().count();
            let marks = marks::of(source, &rows.columns()[..stored]);
            let [key, check, content] =
                marks.map(|marks| marks.as_primitive::<UInt64Type>().clone());
            return Ok(Marks::new(source, &rows, [key, check, content]));
        }
        let mut names = vec![marks::KEY, marks::KEY_CHECK, marks::CONTENT, LINE, BYTE, LENGTH];
        names.extend(source.updated_at.as_deref());
        let rows = self.columns(&names)?;
        let found = [marks::KEY, marks::KEY_CHECK, marks::CONTENT].map(|name| hashes(&rows, name));
        Ok(Marks::new(source, &rows, found))
    }

    /// All rows as the table has them.
    pub(crate) fn table_rows(&self, source: &Source) -> Result<RecordBatch, StashError> {
        let schema = raw_schema(source);
        match &self.lie {
            Lie::Loose(rows) => Ok(group::with_file(rows, &self.files[0].0, &schema)?),
            Lie::Packed(packed, group) | Lie::Stored(packed, group) => {
                let names: Vec<&str> =
                    schema.fields().iter().map(|field| field.name().as_str()).collect();
                let rows = one(packed.read(*group, Some(&names))?)?;
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
    fn columns(&self, names: &[&str]) -> Result<RecordBatch, StashError> {
        match &self.lie {
            Lie::Loose(rows) => Ok((*rows).clone()),
            Lie::Packed(packed, group) | Lie::Stored(packed, group) => {
                one(packed.read(*group, Some(names))?)
            }
        }
    }
}

impl Marks {
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
        }
    }

    pub(crate) fn key(&self, row: usize) -> (u64, u64) {
        (self.key.value(row), self.check.value(row))
    }

    pub(crate) fn content(&self, row: usize) -> u64 {
        self.content.value(row)
    }

    /// When the row was changed last, as a number that grows with time.
    pub(crate) fn moment(&self, row: usize) -> Option<i64> {
        self.updated_at.as_ref().and_then(|column| compare::moment(column, row))
    }

    /// Where the row stands in its file; of a row in the table only the line is known.
    pub(crate) fn place(&self, row: usize) -> Place {
        let number =
            |column: &ArrayRef| column.as_primitive::<Int64Type>().value(row).cast_unsigned();
        let or_zero = |column: &Option<ArrayRef>| column.as_ref().map_or(0, number);
        Place { line: number(&self.line), byte: or_zero(&self.byte), length: or_zero(&self.length) }
    }
}

fn hashes(rows: &RecordBatch, name: &str) -> UInt64Array {
    let column =
        rows.column_by_name(name).expect("rows on their way into a keyed table have marks");
    column.as_primitive::<UInt64Type>().clone()
}

/// All rows of a row group.
pub(crate) fn group_of(packed: &RowGroupReader, group: usize) -> Result<RecordBatch, StashError> {
    one(packed.read(group, None)?)
}

/// Batches of a row group as one.
fn one(batches: Vec<RecordBatch>) -> Result<RecordBatch, StashError> {
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
