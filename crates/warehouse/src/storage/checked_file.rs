//! The one place where bytes of tables are read: none are handed on that are not those that were committed.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use bytes::Bytes;
use scorewright_durable::failed;

use super::block_hashes::BlockHashes;
use super::checked_blocks::CheckedBlocks;
use super::stored_file::StoredFile;
use crate::error::{WarehouseError, not_open};

/// A file of a table, open for reading. Blocks are checked by their hashes when they are read for the first time in this
/// process; a file of a commit that has no such hashes is checked by its length alone.
#[derive(Debug)]
pub struct CheckedFile {
    path: PathBuf,
    file: File,
    length: u64,
    blocks: Option<(BlockHashes, Arc<CheckedBlocks>)>,
    /// What of it is damaged, once that was met.
    damage: OnceLock<String>,
}

impl CheckedFile {
    /// Opens a file below the warehouse folder.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when it has another length than its commit says; [`WarehouseError::NotOpen`] when
    /// this user may not read it.
    pub(crate) fn open(root: &Path, stored: &StoredFile) -> Result<Self, WarehouseError> {
        let path = root.join(&stored.path);
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(not_open("read", &path))?;
        let length = metadata.len();
        if length != stored.bytes {
            let what = format!("it has {length} bytes, its commit says {}", stored.bytes);
            return Err(WarehouseError::Damaged { path, what });
        }
        let blocks = stored.blocks.clone();
        let blocks = blocks.map(|blocks| (blocks, CheckedBlocks::of(&path, &metadata, stored)));
        Ok(Self { path, file, length, blocks, damage: OnceLock::new() })
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// When it was written.
    pub(crate) fn modified(&self) -> Result<SystemTime, WarehouseError> {
        let modified = self.file.metadata().and_then(|metadata| metadata.modified());
        modified.map_err(not_open("read", &self.path))
    }

    /// The damage that was met while it was read.
    pub(crate) fn damage(&self) -> Option<WarehouseError> {
        let what = self.damage.get()?.clone();
        Some(WarehouseError::Damaged { path: self.path.clone(), what })
    }

    /// Some of its bytes, all of which are there.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when they are not those that were committed; [`WarehouseError::Io`] when the disk
    /// refuses, or the range ends behind the end of the file.
    pub(crate) fn read(&self, range: Range<u64>) -> Result<Bytes, WarehouseError> {
        if range.end > self.length {
            return Err(failed("read", &self.path)(io::ErrorKind::UnexpectedEof.into()).into());
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let covering = self.covering(&range);
        let bytes = self.read_unchecked(&covering)?;
        self.check(&covering, &bytes)?;
        let start = to_index(range.start - covering.start);
        Ok(bytes.slice(start..start + to_index(range.end - range.start)))
    }

    /// The range, with the rest of a block at either end that is not checked yet: what a block has in common with two
    /// ranges is read again, the block is not.
    fn covering(&self, range: &Range<u64>) -> Range<u64> {
        let Some((hashes, checked)) = &self.blocks else { return range.clone() };
        let blocks = hashes.blocks_of(range);
        let (first, last) = (blocks.start, blocks.end - 1);
        let start =
            if checked.contains(first) { range.start } else { hashes.bytes_of(first).start };
        let end = if checked.contains(last) { range.end } else { hashes.bytes_of(last).end };
        start..end.min(self.length)
    }

    fn read_unchecked(&self, range: &Range<u64>) -> Result<Bytes, WarehouseError> {
        let mut bytes = vec![0; to_index(range.end - range.start)];
        let read = self.file.read_exact_at(&mut bytes, range.start);
        read.map_err(failed("read", &self.path))?;
        Ok(bytes.into())
    }

    /// Checks the blocks of a range that are not checked yet, all of which lie in it whole.
    fn check(&self, range: &Range<u64>, bytes: &[u8]) -> Result<(), WarehouseError> {
        let Some((hashes, checked)) = &self.blocks else { return Ok(()) };
        let is_new = |block: &u64| {
            let of_block = hashes.bytes_of(*block);
            let is_whole =
                of_block.start >= range.start && of_block.end.min(self.length) <= range.end;
            is_whole && !checked.contains(*block)
        };
        for block in hashes.blocks_of(range).filter(is_new) {
            let Range { start, end } = hashes.bytes_of(block);
            let end = end.min(self.length);
            let of_block = to_index(start - range.start)..to_index(end - range.start);
            if !hashes.fits(block, &bytes[of_block]) {
                return Err(self.damaged(start..end));
            }
            checked.insert(block);
        }
        Ok(())
    }

    fn damaged(&self, bytes: Range<u64>) -> WarehouseError {
        let Range { start, end } = bytes;
        let what = format!("its bytes from {start} to {end} are not those that were committed");
        let what = self.damage.get_or_init(|| what).clone();
        WarehouseError::Damaged { path: self.path.clone(), what }
    }
}

/// A length of bytes in memory.
fn to_index(length: u64) -> usize {
    usize::try_from(length).expect("a file is no longer than what memory can address")
}

/// Reads a file on from a position to its end.
pub(crate) struct CheckedRead {
    pub(crate) file: Arc<CheckedFile>,
    /// The next byte to read.
    pub(crate) position: u64,
}

impl Read for CheckedRead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.file.length().saturating_sub(self.position);
        let wanted = left.min(buffer.len() as u64);
        let range = self.position..self.position + wanted;
        let bytes = self.file.read(range).map_err(io::Error::other)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.position += wanted;
        Ok(bytes.len())
    }
}

#[cfg(test)]
mod tests;
