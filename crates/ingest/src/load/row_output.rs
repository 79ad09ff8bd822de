//! A file of a raw table on its way to the disk: row groups put in as they are where that is possible, else encoded
//! anew.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{AsArray as _, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use arrow::compute::{concat_batches, filter_record_batch, sort_to_indices, take_record_batch};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use scorewright_extract::{IS_FIRST, Source, VALID_TO};
use scorewright_warehouse::{
    ParquetBytes, RowGroupReader, RowGroupWriter, StoredFile, Transaction, encode_row_group,
};

use crate::error::BufferError;
use crate::merge::merge_input::MergeInput;
use crate::merge::versions::VersionOutcome;
use crate::rows::row_group;
use crate::rows::table::{LINE, file_schema};

/// Takes the rows of one part in their order.
pub(crate) struct RowOutput<'a> {
    transaction: &'a Transaction,
    source: &'a Source,
    schema: SchemaRef,
    writer: Option<RowGroupWriter>,
    /// Rows that wait for others to make a group with, how many, and their bytes.
    in_memory: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    /// The input looked at last: one may hold rows of many files.
    looked_at: Option<(usize, RecordBatch)>,
}

/// Rows of one file that stand together in a input.
struct RowRange<'a> {
    file: &'a str,
    number: usize,
    input: &'a MergeInput<'a>,
    keep: Option<&'a [bool]>,
    outcomes: Option<&'a [VersionOutcome]>,
    rows: Range<usize>,
}

impl<'a> RowOutput<'a> {
    pub(crate) fn new(transaction: &'a Transaction, source: &'a Source) -> Self {
        Self::of(transaction, source, file_schema(source))
    }

    /// The same for rows that were written before, which may have columns that the source's file does not say.
    pub(crate) fn of(transaction: &'a Transaction, source: &'a Source, schema: SchemaRef) -> Self {
        Self {
            transaction,
            source,
            schema,
            writer: None,
            in_memory: Vec::new(),
            rows: 0,
            bytes: 0,
            looked_at: None,
        }
    }

    /// Adds the rows of inputs that are to be kept, in the order of files; of a file, in the order of inputs.
    ///
    /// How rows are grouped depends on where row groups ended and on which rows are kept, not on how they are held.
    pub(crate) fn add_merged(
        &mut self,
        inputs: &[MergeInput],
        keep: &[Option<Vec<bool>>],
    ) -> Result<(), BufferError> {
        self.add_versions(inputs, keep, &vec![None; inputs.len()])
    }

    /// The same, with what becomes of versions.
    pub(crate) fn add_versions(
        &mut self,
        inputs: &[MergeInput],
        keep: &[Option<Vec<bool>>],
        outcomes: &[Option<Vec<VersionOutcome>>],
    ) -> Result<(), BufferError> {
        let ranges = ranges(inputs, keep, outcomes);
        let is_one = |left: &RowRange, right: &RowRange| {
            left.input.row_group == right.input.row_group && left.file == right.file
        };
        ranges.chunk_by(is_one).try_for_each(|row_group| self.add_cut(row_group))
    }

    fn add_cut(&mut self, row_group: &[RowRange]) -> Result<(), BufferError> {
        let row_group: Vec<&RowRange> = row_group.iter().filter(|range| range.kept() > 0).collect();
        let kept: usize = row_group.iter().map(|range| range.kept()).sum();
        let is_group = kept >= row_group::SMALL;
        if is_group {
            self.flush()?;
        }
        if let [range @ RowRange { input, .. }] = row_group[..]
            && is_group
            && kept == input.rows
            && !range.is_changed()
            && let Some((encoded, group)) = input.row_group()
        {
            return Ok(self.writer()?.splice(encoded, group)?);
        }
        let mut rows =
            row_group.iter().map(|range| self.rows_of(range)).collect::<Result<Vec<_>, _>>()?;
        if row_group.iter().any(|range| range.input.is_deferred) {
            rows = vec![by_line(&rows)?];
        }
        rows.into_iter().try_for_each(|rows| self.add(rows))?;
        if is_group { self.flush() } else { Ok(()) }
    }

    /// Adds the rows of inputs that are to be kept, in the order of inputs: what was in the table stands first and is put
    /// in as it is encoded.
    pub(crate) fn add_in_order(
        &mut self,
        inputs: &[MergeInput],
        keep: &[Vec<bool>],
        outcomes: &[Option<Vec<VersionOutcome>>],
    ) -> Result<(), BufferError> {
        for (number, (input, (keep, outcomes))) in
            inputs.iter().zip(keep.iter().zip(outcomes)).enumerate()
        {
            let outcomes = outcomes.as_deref();
            let (keep, rows) = (Some(keep.as_slice()), 0..input.rows);
            let range = RowRange { file: "", number, input, keep, outcomes, rows };
            match input.row_group() {
                Some((encoded, group))
                    if range.kept() == input.rows
                        && input.rows >= row_group::SMALL
                        && !range.is_changed() =>
                {
                    self.splice(encoded, group)?;
                }
                _ if range.kept() > 0 => {
                    let rows = self.rows_of(&range)?;
                    self.add(rows)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds a row group as it is encoded.
    pub(crate) fn splice(
        &mut self,
        encoded: &RowGroupReader,
        group: usize,
    ) -> Result<(), BufferError> {
        self.flush()?;
        Ok(self.writer()?.splice(encoded, group)?)
    }

    /// Adds rows that may share a group with those before and after them.
    pub(crate) fn add(&mut self, rows: RecordBatch) -> Result<(), BufferError> {
        self.rows += rows.num_rows();
        self.bytes += row_group::weight(&rows);
        self.in_memory.push(rows);
        if row_group::is_enough(self.rows, self.bytes) { self.flush() } else { Ok(()) }
    }

    /// Ends the file; there is none without rows.
    pub(crate) fn finish(mut self) -> Result<Option<StoredFile>, BufferError> {
        self.flush()?;
        Ok(self.writer.map(RowGroupWriter::finish).transpose()?)
    }

    fn flush(&mut self) -> Result<(), BufferError> {
        let in_memory = std::mem::take(&mut self.in_memory);
        (self.rows, self.bytes) = (0, 0);
        if in_memory.iter().all(|rows| rows.num_rows() == 0) {
            return Ok(());
        }
        let encoded = encode_row_group(&self.schema, &in_memory)?;
        self.writer()?.splice(&RowGroupReader::open(ParquetBytes::Memory(encoded.into()))?, 0)?;
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut RowGroupWriter, BufferError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.transaction.row_group_writer(Arc::clone(&self.schema))?,
        };
        Ok(self.writer.insert(writer))
    }

    fn rows_of(&mut self, range: &RowRange) -> Result<RecordBatch, BufferError> {
        let rows = match self.looked_at.take().filter(|(number, _)| *number == range.number) {
            Some((_, rows)) => rows,
            None => range.input.table_rows(self.source)?,
        };
        let wanted = range.changed(rows.slice(range.rows.start, range.rows.len()))?;
        self.looked_at = Some((range.number, rows));
        match range.keep {
            None => Ok(wanted),
            Some(keep) => {
                let keep = BooleanArray::from(keep[range.rows.clone()].to_vec());
                Ok(filter_record_batch(&wanted, &keep)?)
            }
        }
    }
}

impl RowRange<'_> {
    fn kept(&self) -> usize {
        let kept = |keep: &[bool]| keep[self.rows.clone()].iter().filter(|kept| **kept).count();
        self.keep.map_or(self.rows.len(), kept)
    }

    /// What becomes of its rows; nothing where they all stay what they are.
    fn outcomes(&self) -> &[VersionOutcome] {
        self.outcomes.map_or(&[], |outcomes| &outcomes[self.rows.clone()])
    }

    /// Whether any of its rows holds at another time than before.
    fn is_changed(&self) -> bool {
        self.outcomes().iter().any(|outcome| matches!(outcome, VersionOutcome::Version { .. }))
    }

    /// Its rows with the time that each holds.
    fn changed(&self, rows: RecordBatch) -> Result<RecordBatch, ArrowError> {
        if self.is_changed() { with_outcomes(&rows, self.outcomes()) } else { Ok(rows) }
    }
}

/// Rows with what has become of them.
fn with_outcomes(
    rows: &RecordBatch,
    outcomes: &[VersionOutcome],
) -> Result<RecordBatch, ArrowError> {
    let schema = rows.schema();
    let (to, is_first) = (schema.index_of(VALID_TO)?, schema.index_of(IS_FIRST)?);
    let ends = rows.column(to).as_primitive::<TimestampMicrosecondType>();
    let firsts = rows.column(is_first).as_boolean();
    let changed =
        outcomes.iter().zip(ends).zip(firsts).map(|((outcome, end), first)| match outcome {
            VersionOutcome::Version { to, is_first } => (*to, Some(*is_first)),
            VersionOutcome::Same | VersionOutcome::Gone => (end, first),
        });
    let (ends, firsts): (Vec<Option<i64>>, Vec<Option<bool>>) = changed.unzip();
    let mut columns = rows.columns().to_vec();
    columns[to] = Arc::new(TimestampMicrosecondArray::from(ends).with_timezone("UTC"));
    columns[is_first] = Arc::new(BooleanArray::from(firsts));
    RecordBatch::try_new(schema, columns)
}

/// Rows of one file as one batch in the order of their lines.
fn by_line(rows: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let rows = concat_batches(rows[0].schema_ref(), rows)?;
    let line = rows.column_by_name(LINE).expect("every row of a table has a line");
    take_record_batch(&rows, &sort_to_indices(line, None, None)?)
}

/// What is wanted of all inputs, in the order of files.
fn ranges<'a>(
    inputs: &'a [MergeInput<'a>],
    keep: &'a [Option<Vec<bool>>],
    outcomes: &'a [Option<Vec<VersionOutcome>>],
) -> Vec<RowRange<'a>> {
    let mut all: Vec<RowRange> = Vec::new();
    for (number, (input, (keep, outcomes))) in
        inputs.iter().zip(keep.iter().zip(outcomes)).enumerate()
    {
        let range = |(file, rows): &'a (Arc<str>, Range<usize>)| {
            let (keep, outcomes) = (keep.as_deref(), outcomes.as_deref());
            RowRange { file, number, input, keep, outcomes, rows: rows.clone() }
        };
        all.extend(input.files.iter().map(range));
    }
    all.sort_by_key(|range| range.file);
    all
}
