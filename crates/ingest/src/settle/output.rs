//! A file of a raw table on its way to the disk: groups put in as they lie where that is possible, else packed anew.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::{concat_batches, filter_record_batch, sort_to_indices, take_record_batch};
use arrow::error::ArrowError;
use scorewright_warehouse::{
    ParquetBytes, RowGroupReader, RowGroupWriter, StoredFile, Transaction,
};

use crate::bundle::Bundle;
use crate::group;
use crate::source::Source;
use crate::stash::StashError;
use crate::table::{LINE, raw_schema};

/// Takes the rows of one part in their order.
pub(crate) struct Output<'a> {
    transaction: &'a Transaction,
    source: &'a Source,
    writer: Option<RowGroupWriter>,
    /// Rows that wait for others to make a group with, how many, and their bytes.
    loose: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    /// The bundle looked at last: one may hold rows of many files.
    looked_at: Option<(usize, RecordBatch)>,
}

/// Rows of one file that stand together in a bundle.
struct Stretch<'a> {
    file: &'a str,
    number: usize,
    bundle: &'a Bundle<'a>,
    keep: Option<&'a [bool]>,
    rows: Range<usize>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(transaction: &'a Transaction, source: &'a Source) -> Self {
        Self {
            transaction,
            source,
            writer: None,
            loose: Vec::new(),
            rows: 0,
            bytes: 0,
            looked_at: None,
        }
    }

    /// Adds the rows of bundles that are to be kept, in the order of files; of a file, in the order of bundles.
    ///
    /// How rows are grouped depends on where they were cut and on which are kept, not on how they lie.
    pub(crate) fn add_merged(
        &mut self,
        bundles: &[Bundle],
        keep: &[Option<Vec<bool>>],
    ) -> Result<(), StashError> {
        let stretches = stretches(bundles, keep);
        let is_one = |left: &Stretch, right: &Stretch| {
            left.bundle.cut == right.bundle.cut && left.file == right.file
        };
        stretches.chunk_by(is_one).try_for_each(|cut| self.add_cut(cut))
    }

    fn add_cut(&mut self, cut: &[Stretch]) -> Result<(), StashError> {
        let cut: Vec<&Stretch> = cut.iter().filter(|stretch| stretch.kept() > 0).collect();
        let kept: usize = cut.iter().map(|stretch| stretch.kept()).sum();
        let is_group = kept >= group::SMALL;
        if is_group {
            self.flush()?;
        }
        if let [Stretch { bundle, .. }] = cut[..]
            && is_group
            && kept == bundle.rows
            && let Some((packed, group)) = bundle.row_group()
        {
            return Ok(self.writer()?.splice(packed, group)?);
        }
        let mut rows =
            cut.iter().map(|stretch| self.rows_of(stretch)).collect::<Result<Vec<_>, _>>()?;
        if cut.iter().any(|stretch| stretch.bundle.is_aside) {
            rows = vec![by_line(&rows)?];
        }
        rows.into_iter().try_for_each(|rows| self.add(rows))?;
        if is_group { self.flush() } else { Ok(()) }
    }

    /// Adds rows that may share a group with those before and after them.
    pub(crate) fn add(&mut self, rows: RecordBatch) -> Result<(), StashError> {
        self.rows += rows.num_rows();
        self.bytes += group::weight(&rows);
        self.loose.push(rows);
        if group::is_enough(self.rows, self.bytes) { self.flush() } else { Ok(()) }
    }

    /// Ends the file; there is none without rows.
    pub(crate) fn finish(mut self) -> Result<Option<StoredFile>, StashError> {
        self.flush()?;
        Ok(self.writer.map(RowGroupWriter::finish).transpose()?)
    }

    fn flush(&mut self) -> Result<(), StashError> {
        let loose = std::mem::take(&mut self.loose);
        (self.rows, self.bytes) = (0, 0);
        if loose.iter().all(|rows| rows.num_rows() == 0) {
            return Ok(());
        }
        let packed = group::pack_rows(&raw_schema(self.source), &loose)?;
        self.writer()?.splice(&RowGroupReader::open(ParquetBytes::Memory(packed.into()))?, 0)?;
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut RowGroupWriter, StashError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.transaction.row_group_writer(raw_schema(self.source))?,
        };
        Ok(self.writer.insert(writer))
    }

    fn rows_of(&mut self, stretch: &Stretch) -> Result<RecordBatch, StashError> {
        let rows = match self.looked_at.take().filter(|(number, _)| *number == stretch.number) {
            Some((_, rows)) => rows,
            None => stretch.bundle.table_rows(self.source)?,
        };
        let wanted = rows.slice(stretch.rows.start, stretch.rows.len());
        self.looked_at = Some((stretch.number, rows));
        match stretch.keep {
            None => Ok(wanted),
            Some(keep) => {
                let keep = BooleanArray::from(keep[stretch.rows.clone()].to_vec());
                Ok(filter_record_batch(&wanted, &keep)?)
            }
        }
    }
}

impl Stretch<'_> {
    fn kept(&self) -> usize {
        let kept = |keep: &[bool]| keep[self.rows.clone()].iter().filter(|kept| **kept).count();
        self.keep.map_or(self.rows.len(), kept)
    }
}

/// Rows of one file as one batch in the order of their lines.
fn by_line(rows: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let rows = concat_batches(rows[0].schema_ref(), rows)?;
    let line = rows.column_by_name(LINE).expect("every row of a table has a line");
    take_record_batch(&rows, &sort_to_indices(line, None, None)?)
}

/// What is wanted of all bundles, in the order of files.
fn stretches<'a>(bundles: &'a [Bundle<'a>], keep: &'a [Option<Vec<bool>>]) -> Vec<Stretch<'a>> {
    let mut all: Vec<Stretch> = Vec::new();
    for (number, (bundle, keep)) in bundles.iter().zip(keep).enumerate() {
        let stretch = |(file, rows): &'a (Arc<str>, Range<usize>)| {
            let (keep, rows) = (keep.as_deref(), rows.clone());
            Stretch { file, number, bundle, keep, rows }
        };
        all.extend(bundle.files.iter().map(stretch));
    }
    all.sort_by_key(|stretch| stretch.file);
    all
}
