//! Rows of one file on their way into a table: by part of it, in memory as long as there is room.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use scorewright_warehouse::{Transaction, WarehouseError};

use crate::part::{Part, Parts};

/// Memory that all stashes of a run share.
#[derive(Debug)]
pub(crate) struct Room {
    used: AtomicUsize,
    bytes: usize,
}

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { used: AtomicUsize::new(0), bytes }
    }

    /// Takes memory if there is enough.
    fn take(&self, bytes: usize) -> bool {
        let is_enough = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.bytes;
        if !is_enough {
            self.give_back(bytes);
        }
        is_enough
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Why rows could not be kept until they are written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StashError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Rows(#[from] ArrowError),
}

/// Batches of one file, each for one part of its table, in file order.
pub(crate) struct Stash<'a> {
    transaction: &'a Transaction,
    room: &'a Room,
    parts: Parts,
    held: BTreeMap<Part, Vec<Held>>,
    scratch: Mutex<Option<File>>,
    end: u64,
    /// What went wrong, if anything: the file is not at fault then, and the run cannot go on.
    pub(crate) failed: Option<StashError>,
}

enum Held {
    Here(RecordBatch, usize),
    /// On disk.
    Away {
        start: u64,
        length: usize,
    },
}

impl<'a> Stash<'a> {
    pub(crate) fn new(transaction: &'a Transaction, room: &'a Room, parts: Parts) -> Self {
        let (held, scratch) = (BTreeMap::new(), Mutex::new(None));
        Self { transaction, room, parts, held, scratch, end: 0, failed: None }
    }

    /// Keeps a batch; what does not fit into memory goes to disk.
    pub(crate) fn put(&mut self, batch: &RecordBatch) -> Result<(), StashError> {
        for (part, rows) in self.parts.split(batch)? {
            let bytes = rows.get_array_memory_size();
            let held = if self.room.take(bytes) { Held::Here(rows, bytes) } else { self.away(&rows)? };
            self.held.entry(part).or_default().push(held);
        }
        Ok(())
    }

    /// Parts of the table that its rows belong to.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.held.keys()
    }

    /// Memory that the rows of a part take.
    pub(crate) fn bytes(&self, part: &Part) -> usize {
        let bytes = |held: &Held| match held {
            Held::Here(_, bytes) | Held::Away { length: bytes, .. } => *bytes,
        };
        self.held.get(part).into_iter().flatten().map(bytes).sum()
    }

    /// The rows of a part, in file order. They leave the memory with what is returned.
    pub(crate) fn rows(&self, part: &Part) -> Result<Vec<RecordBatch>, StashError> {
        let held = self.held.get(part).map_or(&[][..], Vec::as_slice);
        held.iter().map(|held| self.fetch(held)).collect()
    }

    fn fetch(&self, held: &Held) -> Result<RecordBatch, StashError> {
        let (start, length) = match held {
            Held::Here(rows, _) => return Ok(rows.clone()),
            Held::Away { start, length } => (*start, *length),
        };
        let mut bytes = vec![0; length];
        let mut scratch = self.scratch.lock().expect("no holder panics");
        let file = scratch.as_mut().expect("rows are away only once there is a file");
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        drop(scratch);
        let mut reader = StreamReader::try_new(bytes.as_slice(), None)?;
        reader
            .next()
            .unwrap_or_else(|| Err(ArrowError::IpcError("a batch is gone".into())))
            .map_err(Into::into)
    }

    fn away(&mut self, rows: &RecordBatch) -> Result<Held, StashError> {
        let mut writer = StreamWriter::try_new(Vec::new(), rows.schema_ref())?;
        writer.write(rows)?;
        let bytes = writer.into_inner()?;
        let mut scratch = self.scratch.lock().expect("no holder panics");
        let file = match &mut *scratch {
            Some(file) => file,
            none => none.insert(self.transaction.scratch()?),
        };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&bytes)?;
        let held = Held::Away { start: self.end, length: bytes.len() };
        self.end += bytes.len() as u64;
        Ok(held)
    }
}

impl Drop for Stash<'_> {
    fn drop(&mut self) {
        for held in self.held.values().flatten() {
            if let Held::Here(_, bytes) = held {
                self.room.give_back(*bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, StringArray};
    use scorewright_warehouse::Warehouse;

    use super::*;

    #[test]
    fn rows_that_do_not_fit_come_back_from_the_disk_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let transaction = Warehouse::at(folder.path()).begin().unwrap();
        let batch = |texts: &[Option<&str>]| {
            let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values((0..).take(texts.len())));
            let texts: ArrayRef = Arc::new(texts.iter().copied().collect::<StringArray>());
            RecordBatch::try_from_iter_with_nullable([("n", numbers, false), ("t", texts, true)]).unwrap()
        };
        let batches = [batch(&[Some("a"), None]), batch(&[Some("ä")]), batch(&[Some(""), Some("b"), None])];
        let one = Part { name: String::new(), number: 0 };
        for room in [0, usize::MAX / 2] {
            let room = Room::new(room);
            let mut stash = Stash::new(&transaction, &room, Parts::One);
            for batch in &batches {
                stash.put(batch).unwrap();
            }
            assert_eq!(stash.rows(&one).unwrap(), batches);
            drop(stash);
            assert_eq!(room.used.load(Ordering::Relaxed), 0, "what was taken is given back");
        }
    }
}
