//! Rows of one file on their way into a table.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use scorewright_domain::QuarantinedRow;
use scorewright_extract::{RowSink, Source};
use scorewright_warehouse::{ParquetBytes, RowGroupReader, Transaction};

use super::encoding_queue::{EncodingQueue, PendingRows};
use super::key_cache::{FreshAndRepeated, KeyCache};
use super::memory_budget::MemoryBudget;
use super::partition_buffer::{EncodedRows, PartitionBuffer};
use super::row_preparer::RowPreparer;
use crate::error::BufferError;
use crate::merge::merge_input::MergeInput;
use crate::rows::partition::{FILE_ROWS, Partition};
use crate::rows::row_group::{self, RowGroupEncoder};
use crate::rows::row_sample::RowSample;

/// Rows of a file deferred at most, and the memory that an array takes beside its values.
const DEFERRED: usize = 16 << 10;
const ARRAY: usize = 256;

/// Rows of one file, by partition of its table, in file order.
///
/// They are cut into row groups at places that depend on the rows alone: where a partition has rows enough for a row
/// group of its file, where the file has gone on to other partitions, and at the end. The processors encode a row
/// group while the file is read on. Only where memory is short are rows encoded before their row group is whole; they
/// are put together again when they are written.
pub(crate) struct FileBuffer<'a> {
    source: &'a Source,
    file: Arc<str>,
    transaction: &'a Transaction,
    budget: &'a MemoryBudget,
    partitions: BTreeMap<Partition, PartitionBuffer>,
    /// Rows added so far.
    added: usize,
    keys: KeyCache,
    /// Rows deferred, in all partitions.
    deferred: usize,
    queue: EncodingQueue,
    scratch: Option<Arc<File>>,
    scratch_end: u64,
    /// Rejected rows in file order.
    pub(crate) rejected: Vec<QuarantinedRow>,
    sample: Arc<Mutex<RowSample>>,
}

impl<'a> RowSink for FileBuffer<'a> {
    type Preparer = RowPreparer<'a>;

    fn preparer(&self) -> RowPreparer<'a> {
        RowPreparer::new(self.source, &self.file, Arc::clone(&self.sample))
    }

    fn accept(&mut self, rows: Vec<(Partition, RecordBatch)>) -> io::Result<()> {
        Ok(self.add(rows)?)
    }

    fn reject(&mut self, rows: Vec<QuarantinedRow>) {
        self.rejected.extend(rows);
    }
}

impl<'a> FileBuffer<'a> {
    pub(crate) fn new(
        source: &'a Source,
        file: Arc<str>,
        transaction: &'a Transaction,
        budget: &'a MemoryBudget,
    ) -> Self {
        Self {
            source,
            queue: EncodingQueue::new(RowGroupEncoder::new(source, &file)),
            file,
            transaction,
            budget,
            partitions: BTreeMap::new(),
            added: 0,
            keys: KeyCache::default(),
            deferred: 0,
            scratch: None,
            scratch_end: 0,
            rejected: Vec::new(),
            sample: Arc::default(),
        }
    }

    /// Hashes of a few of its rows.
    pub(crate) fn row_sample(&self) -> Vec<u64> {
        self.sample.lock().unwrap_or_else(PoisonError::into_inner).hashes()
    }

    /// Adds rows by partition.
    pub(crate) fn add(&mut self, rows: Vec<(Partition, RecordBatch)>) -> Result<(), BufferError> {
        for (partition, rows) in rows {
            self.take_encoded(false)?;
            let partition = self.numbered(partition);
            self.added += rows.num_rows();
            self.add_to(&partition, &rows)?;
            let left = self.partitions.iter().filter(|(_, buffer)| buffer.is_left(self.added));
            let left: Vec<Partition> = left.map(|(partition, _)| partition.clone()).collect();
            left.iter().try_for_each(|partition| self.leave(partition))?;
        }
        Ok(())
    }

    /// A partition that is one whole extract has a file for so many rows.
    fn numbered(&self, partition: Partition) -> Partition {
        if !self.source.key.is_empty() {
            return partition;
        }
        let number =
            u32::try_from(self.added / FILE_ROWS).expect("a file has fewer than 2^52 rows");
        Partition { number, ..partition }
    }

    /// Ends the file: what is enough for a row group becomes one, the rest waits for rows of other files.
    pub(crate) fn close(&mut self) -> Result<(), BufferError> {
        self.keys = KeyCache::default();
        let partitions: Vec<Partition> = self.partitions.keys().cloned().collect();
        for partition in &partitions {
            let buffer = &self.partitions[partition];
            let bytes = buffer.bytes;
            if buffer.rows_in_group >= row_group::SMALL {
                self.end_row_group(partition)?;
            } else if bytes > 0 {
                // What waits leaves memory for files that are still read.
                self.budget.in_memory.shrink(bytes);
                let may_wait = self.budget.in_memory.try_grow_to_half(bytes);
                if !may_wait {
                    self.budget.in_memory.grow(bytes);
                    self.encode(partition)?;
                }
            }
        }
        self.take_encoded(true)
    }

    /// Encodes whatever is in memory, to free memory for others.
    pub(crate) fn flush(&mut self) -> Result<(), BufferError> {
        let partitions: Vec<Partition> = self.partitions.keys().cloned().collect();
        partitions.iter().try_for_each(|partition| self.encode(partition))?;
        self.take_encoded(true)
    }

    fn add_to(&mut self, partition: &Partition, rows: &RecordBatch) -> Result<(), BufferError> {
        let mut split = self.keys.split(rows);
        if self.deferred + split.repeats.len() > DEFERRED {
            split = FreshAndRepeated::all_fresh(rows);
        }
        if let Some(repeated) = split.repeated(rows)? {
            self.defer(partition, repeated);
        }
        let fresh = split.fresh.into_iter();
        fresh
            .map(|fresh| rows.slice(fresh.start, fresh.len()))
            .try_for_each(|rows| self.hold(partition, rows))?;
        if self.partitions[partition].is_enough() { self.end_row_group(partition) } else { Ok(()) }
    }

    fn defer(&mut self, partition: &Partition, rows: RecordBatch) {
        let weight = row_group::weight(&rows);
        let bytes = memory(weight, &rows);
        self.budget.in_memory.grow(bytes);
        self.deferred += rows.num_rows();
        let buffer = self.partitions.entry(partition.clone()).or_default();
        buffer.defer(rows, weight, bytes, self.added);
    }

    /// Keeps rows in memory; where there is none left, the largest partition is encoded first.
    fn hold(&mut self, partition: &Partition, rows: RecordBatch) -> Result<(), BufferError> {
        let weight = row_group::weight(&rows);
        let bytes = memory(weight, &rows);
        while !self.budget.in_memory.try_grow(bytes) {
            if let Some((pending, encoded)) = self.queue.next(true) {
                self.hold_encoded(&pending, encoded?)?;
                continue;
            }
            let largest = self.partitions.iter().max_by_key(|(_, buffer)| buffer.bytes);
            let Some((largest, _)) = largest.filter(|(_, buffer)| buffer.bytes > 0) else {
                self.budget.in_memory.grow(bytes);
                break;
            };
            let largest = largest.clone();
            self.encode(&largest)?;
        }
        let buffer = self.partitions.entry(partition.clone()).or_default();
        buffer.add(rows, weight, bytes, self.added);
        Ok(())
    }

    /// Encodes what a partition has, because the file has gone on to others; too few rows may still be added to.
    fn leave(&mut self, partition: &Partition) -> Result<(), BufferError> {
        let is_small = self.partitions[partition].rows_in_group < row_group::SMALL;
        if is_small { self.encode(partition) } else { self.end_row_group(partition) }
    }

    /// Ends a row group of a partition.
    fn end_row_group(&mut self, partition: &Partition) -> Result<(), BufferError> {
        self.encode(partition)?;
        self.buffer_of(partition).end_row_group();
        Ok(())
    }

    /// Encodes the rows of a partition that are in memory.
    fn encode(&mut self, partition: &Partition) -> Result<(), BufferError> {
        let buffer = self.buffer_of(partition);
        let (rows, row_group) = (std::mem::take(&mut buffer.in_memory), buffer.row_group);
        let bytes = std::mem::take(&mut buffer.bytes);
        if rows.is_empty() {
            return Ok(());
        }
        self.queue.begin(PendingRows { partition: partition.clone(), row_group, bytes }, rows);
        self.take_encoded(false)
    }

    fn buffer_of(&mut self, partition: &Partition) -> &mut PartitionBuffer {
        self.partitions.get_mut(partition).expect("it was found there")
    }

    /// Takes what has been encoded meanwhile; or all of it, however long that takes.
    pub(super) fn take_encoded(&mut self, all: bool) -> Result<(), BufferError> {
        while let Some((pending, encoded)) = self.queue.next(all) {
            self.hold_encoded(&pending, encoded?)?;
        }
        Ok(())
    }

    fn hold_encoded(&mut self, pending: &PendingRows, encoded: Vec<u8>) -> Result<(), BufferError> {
        self.budget.in_memory.shrink(pending.bytes);
        let bytes = self.keep(encoded)?;
        let rows = EncodedRows { row_group: pending.row_group, bytes };
        self.buffer_of(&pending.partition).encoded.push(rows);
        Ok(())
    }

    /// Keeps encoded rows in memory, or on disk when the budget is used up.
    fn keep(&mut self, encoded: Vec<u8>) -> Result<ParquetBytes, BufferError> {
        if self.budget.encoded.try_grow(encoded.len()) {
            return Ok(ParquetBytes::Memory(encoded.into()));
        }
        let file = match &self.scratch {
            Some(file) => file,
            None => self.scratch.insert(Arc::new(self.transaction.scratch()?)),
        };
        file.write_all_at(&encoded, self.scratch_end)?;
        let (start, length) = (self.scratch_end, encoded.len() as u64);
        self.scratch_end += length;
        Ok(ParquetBytes::Disk { file: Arc::clone(file), start, length })
    }

    /// Partitions of the table that its rows belong to.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = &Partition> {
        self.partitions.keys()
    }

    /// How many rows of a partition there are, and the memory they take when all are in memory.
    pub(crate) fn weight(&self, partition: &Partition) -> (usize, usize) {
        self.partitions.get(partition).map_or((0, 0), |buffer| (buffer.rows, buffer.bytes_in_all))
    }

    /// The rows of a partition, in file order, not looked at yet; `first` is above all row-group indexes of others.
    pub(crate) fn inputs(
        &self,
        partition: &Partition,
        first: usize,
    ) -> Result<Vec<MergeInput<'_>>, BufferError> {
        let Some(buffer) = self.partitions.get(partition) else { return Ok(Vec::new()) };
        let mut inputs = Vec::new();
        for rows in &buffer.encoded {
            let reader = RowGroupReader::open(rows.bytes.clone())?;
            let files = self.all(reader.row_counts()[0]);
            inputs.push(MergeInput::encoded(reader, 0, files, first + rows.row_group));
        }
        inputs.extend(buffer.in_memory.iter().map(|rows| {
            MergeInput::in_memory(rows, self.all(rows.num_rows()), first + buffer.row_group)
        }));
        inputs.extend(buffer.deferred.iter().map(|(row_group, rows)| {
            MergeInput::deferred(rows, self.all(rows.num_rows()), first + row_group)
        }));
        inputs.sort_by_key(|input| input.row_group);
        Ok(inputs)
    }

    fn all(&self, rows: usize) -> Vec<(Arc<str>, Range<usize>)> {
        std::iter::once((Arc::clone(&self.file), 0..rows)).collect()
    }

    /// The rows of a partition, in file order, as they were added.
    pub(crate) fn rows(&self, partition: &Partition) -> Result<Vec<RecordBatch>, BufferError> {
        let Some(buffer) = self.partitions.get(partition) else { return Ok(Vec::new()) };
        let mut batches = Vec::new();
        for rows in &buffer.encoded {
            batches.extend(RowGroupReader::open(rows.bytes.clone())?.read(0, None)?);
        }
        batches.extend(buffer.in_memory.iter().cloned());
        Ok(batches)
    }
}

#[cfg(test)]
impl FileBuffer<'_> {
    /// As if so many rows had been added to other partitions.
    pub(super) fn skip(&mut self, rows: usize) {
        self.added += rows;
    }

    /// As if as many rows had been deferred as may be.
    pub(super) fn defer_nothing(&mut self) {
        self.deferred = DEFERRED;
    }
}

/// Memory that rows of some weight take.
fn memory(weight: usize, rows: &RecordBatch) -> usize {
    weight + rows.num_columns() * ARRAY
}

impl Drop for FileBuffer<'_> {
    fn drop(&mut self) {
        self.budget.in_memory.shrink(self.queue.bytes());
        for buffer in self.partitions.values() {
            self.budget.in_memory.shrink(buffer.bytes + buffer.bytes_deferred);
            for rows in &buffer.encoded {
                if let ParquetBytes::Memory(bytes) = &rows.bytes {
                    self.budget.encoded.shrink(bytes.len());
                }
            }
        }
    }
}
