//! Rows of one file on their way into a table: by part of it, packed as soon as there are enough.

mod packing;
mod sheaf;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use scorewright_warehouse::{ParquetBytes, RowGroupReader, Transaction, WarehouseError};

use crate::bundle::Bundle;
use crate::group::{self, Packer};
use crate::part::{Part, Parts};
use crate::repeats::{Seen, Told};
use crate::room::Room;
use crate::source::Source;
use packing::{Group, Packing};
use sheaf::{Held, Sheaf};

/// Why rows could not be kept until they are written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StashError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    #[error(transparent)]
    Rows(#[from] ArrowError),
}

/// Rows of a file set aside at most, and the memory that an array takes beside its values.
const ASIDE: usize = 16 << 10;
const ARRAY: usize = 256;

/// Rows of one file, by part of its table, in file order.
///
/// They are cut into groups at places that depend on the rows alone: where a part has rows enough for a group of its
/// file, where the file has gone on to other parts, and at the end. The processors pack a group while the file is read
/// on. Only where memory is short are rows packed before their group is whole; they are put together again when they are
/// written.
pub(crate) struct Stash<'a> {
    file: Arc<str>,
    transaction: &'a Transaction,
    room: &'a Room,
    parts: Parts,
    sheaves: BTreeMap<Part, Sheaf>,
    /// Rows put so far.
    seen: usize,
    keys: Seen,
    /// Rows set aside, in all parts.
    aside: usize,
    packing: Packing,
    scratch: Option<Arc<File>>,
    end: u64,
    /// What went wrong, if anything: the file is not at fault then, and the run cannot go on.
    pub(crate) failed: Option<StashError>,
}

impl<'a> Stash<'a> {
    pub(crate) fn new(
        source: &'a Source,
        file: Arc<str>,
        transaction: &'a Transaction,
        room: &'a Room,
    ) -> Self {
        let parts = Parts::of(source, &file);
        let packing = Packing::new(Packer::new(source, &file));
        let (sheaves, scratch) = (BTreeMap::new(), None);
        let (keys, seen, aside, end, failed) = (Seen::default(), 0, 0, 0, None);
        Self {
            file,
            transaction,
            room,
            parts,
            sheaves,
            seen,
            keys,
            aside,
            packing,
            scratch,
            end,
            failed,
        }
    }

    /// Adds rows.
    pub(crate) fn put(&mut self, batch: &RecordBatch) -> Result<(), StashError> {
        self.take_packed(false)?;
        self.seen += batch.num_rows();
        for (part, rows) in self.parts.split(batch)? {
            self.add(&part, &rows)?;
        }
        let left = self.sheaves.iter().filter(|(_, sheaf)| sheaf.is_left(self.seen));
        let left: Vec<Part> = left.map(|(part, _)| part.clone()).collect();
        left.iter().try_for_each(|part| self.leave(part))
    }

    /// Ends the file: what is enough for a group becomes one, the rest waits for rows of other files.
    pub(crate) fn close(&mut self) -> Result<(), StashError> {
        self.keys = Seen::default();
        let parts: Vec<Part> = self.sheaves.keys().cloned().collect();
        for part in &parts {
            let sheaf = &self.sheaves[part];
            let bytes = sheaf.bytes;
            if sheaf.rows_uncut >= group::SMALL {
                self.cut(part)?;
            } else if bytes > 0 {
                // What waits leaves room for files that are still read.
                self.room.loose.give_back(bytes);
                let may_wait = self.room.loose.take(bytes, 2);
                if !may_wait {
                    self.room.loose.overdraw(bytes);
                    self.pack(part)?;
                }
            }
        }
        self.take_packed(true)
    }

    /// Packs whatever is loose, to make room for others.
    pub(crate) fn relieve(&mut self) -> Result<(), StashError> {
        let parts: Vec<Part> = self.sheaves.keys().cloned().collect();
        parts.iter().try_for_each(|part| self.pack(part))?;
        self.take_packed(true)
    }

    fn add(&mut self, part: &Part, rows: &RecordBatch) -> Result<(), StashError> {
        let mut told = self.keys.tell(rows);
        if self.aside + told.repeats.len() > ASIDE {
            told =
                Told { fresh: std::iter::once(0..rows.num_rows()).collect(), repeats: Vec::new() };
        }
        if let Some(aside) = told.aside(rows)? {
            self.set_aside(part, aside);
        }
        told.fresh
            .into_iter()
            .try_for_each(|fresh| self.hold(part, rows.slice(fresh.start, fresh.len())))?;
        if self.sheaves[part].is_enough() { self.cut(part) } else { Ok(()) }
    }

    fn set_aside(&mut self, part: &Part, rows: RecordBatch) {
        let weight = group::weight(&rows);
        let bytes = memory(weight, &rows);
        self.room.loose.overdraw(bytes);
        self.aside += rows.num_rows();
        let sheaf = self.sheaves.entry(part.clone()).or_default();
        sheaf.set_aside(rows, weight, bytes, self.seen);
    }

    fn hold(&mut self, part: &Part, rows: RecordBatch) -> Result<(), StashError> {
        let weight = group::weight(&rows);
        let bytes = memory(weight, &rows);
        while !self.room.loose.take(bytes, 1) {
            if let Some((group, packed)) = self.packing.next(true) {
                self.hold_packed(&group, packed?)?;
                continue;
            }
            let largest = self.sheaves.iter().max_by_key(|(_, sheaf)| sheaf.bytes);
            let Some((largest, _)) = largest.filter(|(_, sheaf)| sheaf.bytes > 0) else {
                self.room.loose.overdraw(bytes);
                break;
            };
            let largest = largest.clone();
            self.pack(&largest)?;
        }
        let sheaf = self.sheaves.entry(part.clone()).or_default();
        sheaf.add(rows, weight, bytes, self.seen);
        Ok(())
    }

    /// Packs what a part has, because the file has gone on to others; too few rows may still be added to.
    fn leave(&mut self, part: &Part) -> Result<(), StashError> {
        if self.sheaves[part].rows_uncut < group::SMALL { self.pack(part) } else { self.cut(part) }
    }

    /// Ends a group of a part.
    fn cut(&mut self, part: &Part) -> Result<(), StashError> {
        self.pack(part)?;
        self.sheaves.get_mut(part).expect("it was found there").cut();
        Ok(())
    }

    /// Packs the loose rows of a part.
    fn pack(&mut self, part: &Part) -> Result<(), StashError> {
        let sheaf = self.sheaves.get_mut(part).expect("it was found there");
        let (loose, cut) = (std::mem::take(&mut sheaf.loose), sheaf.cut);
        let room = std::mem::take(&mut sheaf.bytes);
        if loose.is_empty() {
            return Ok(());
        }
        self.packing.begin(Group { part: part.clone(), cut, loose: room }, loose);
        self.take_packed(false)
    }

    /// Takes what has been packed meanwhile; or all of it, however long that takes.
    fn take_packed(&mut self, all: bool) -> Result<(), StashError> {
        while let Some((group, packed)) = self.packing.next(all) {
            self.hold_packed(&group, packed?)?;
        }
        Ok(())
    }

    fn hold_packed(&mut self, group: &Group, packed: Vec<u8>) -> Result<(), StashError> {
        self.room.loose.give_back(group.loose);
        let bytes = self.keep(packed)?;
        let sheaf = self.sheaves.get_mut(&group.part).expect("it was found there");
        sheaf.packed.push(Held { cut: group.cut, bytes });
        Ok(())
    }

    /// Keeps packed rows in memory, or on disk when there is no room.
    fn keep(&mut self, packed: Vec<u8>) -> Result<ParquetBytes, StashError> {
        if self.room.packed.take(packed.len(), 1) {
            return Ok(ParquetBytes::Memory(packed.into()));
        }
        let file = match &self.scratch {
            Some(file) => file,
            None => self.scratch.insert(Arc::new(self.transaction.scratch()?)),
        };
        file.write_all_at(&packed, self.end)?;
        let (start, length) = (self.end, packed.len() as u64);
        self.end += length;
        Ok(ParquetBytes::Disk { file: Arc::clone(file), start, length })
    }

    /// Parts of the table that its rows belong to.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.sheaves.keys()
    }

    /// How many rows of a part there are, and the memory they take when all are loose.
    pub(crate) fn weight(&self, part: &Part) -> (usize, usize) {
        self.sheaves.get(part).map_or((0, 0), |sheaf| (sheaf.rows, sheaf.bytes_in_all))
    }

    /// The rows of a part, in file order, not looked at yet; `first` is a number above all former cuts.
    pub(crate) fn bundles(&self, part: &Part, first: usize) -> Result<Vec<Bundle<'_>>, StashError> {
        let Some(sheaf) = self.sheaves.get(part) else { return Ok(Vec::new()) };
        let file = |rows: usize| -> Vec<(Arc<str>, Range<usize>)> {
            vec![(Arc::clone(&self.file), 0..rows)]
        };
        let mut bundles = Vec::new();
        for held in &sheaf.packed {
            let packed = RowGroupReader::open(held.bytes.clone())?;
            let rows = packed.row_counts()[0];
            bundles.push(Bundle::packed(packed, 0, file(rows), first + held.cut));
        }
        let loose = sheaf.loose.iter();
        bundles.extend(
            loose.map(|rows| Bundle::loose(rows, file(rows.num_rows()), first + sheaf.cut)),
        );
        let aside = sheaf.aside.iter();
        bundles.extend(
            aside.map(|(cut, rows)| Bundle::aside(rows, file(rows.num_rows()), first + cut)),
        );
        bundles.sort_by_key(|bundle| bundle.cut);
        Ok(bundles)
    }

    /// The rows of a part, in file order, as they were put.
    pub(crate) fn rows(&self, part: &Part) -> Result<Vec<RecordBatch>, StashError> {
        let Some(sheaf) = self.sheaves.get(part) else { return Ok(Vec::new()) };
        let mut rows = Vec::new();
        for held in &sheaf.packed {
            rows.extend(RowGroupReader::open(held.bytes.clone())?.read(0, None)?);
        }
        rows.extend(sheaf.loose.iter().cloned());
        Ok(rows)
    }
}

/// Memory that rows of some weight take.
fn memory(weight: usize, rows: &RecordBatch) -> usize {
    weight + rows.num_columns() * ARRAY
}

impl Drop for Stash<'_> {
    fn drop(&mut self) {
        self.room.loose.give_back(self.packing.loose());
        for sheaf in self.sheaves.values() {
            self.room.loose.give_back(sheaf.bytes + sheaf.bytes_aside);
            for held in &sheaf.packed {
                if let ParquetBytes::Memory(bytes) = &held.bytes {
                    self.room.packed.give_back(bytes.len());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
