//! Where the bytes of a Parquet file are: in memory, in a range of a file on disk, or in a file of a table.

use std::fs::File;
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::file_slice::FileSlice;
use crate::error::WarehouseError;
use crate::storage::{CheckedFile, CheckedRead};

/// Bytes that are read ahead for the header of a page; the page itself is read whole.
const BUFFER: usize = 4 << 10;

/// The bytes of a Parquet file that this program wrote.
#[derive(Debug, Clone)]
pub enum ParquetBytes {
    /// In memory.
    Memory(Bytes),
    /// On disk; one file may hold several of them, and they may be read at the same time.
    Disk {
        /// The file.
        file: Arc<File>,
        /// Their first byte in it.
        start: u64,
        /// How many there are.
        length: u64,
    },
    /// In a file of a table, and checked before they are used.
    Stored(Arc<CheckedFile>),
}

impl ParquetBytes {
    /// The damage that was met while they were read, as the cause of an error that may have lost it on its way.
    pub(super) fn cause(&self, error: ParquetError) -> ParquetError {
        match self {
            Self::Stored(file) => file.damage().map_or(error, external),
            Self::Memory(_) | Self::Disk { .. } => error,
        }
    }
}

fn external(error: WarehouseError) -> ParquetError {
    ParquetError::External(Box::new(error))
}

impl Length for ParquetBytes {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Disk { length, .. } => *length,
            Self::Stored(file) => file.length(),
        }
    }
}

impl ChunkReader for ParquetBytes {
    type T = Box<dyn Read>;

    fn get_read(&self, from: u64) -> Result<Self::T> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(ChunkReader::get_read(bytes, from)?),
            Self::Disk { file, start, length } => {
                let (position, end) = (start + from, start + length);
                let slice = FileSlice { file: Arc::clone(file), position, end };
                Box::new(BufReader::with_capacity(BUFFER, slice))
            }
            Self::Stored(file) => {
                let read = CheckedRead { file: Arc::clone(file), position: from };
                Box::new(BufReader::with_capacity(BUFFER, read))
            }
        })
    }

    fn get_bytes(&self, from: u64, length: usize) -> Result<Bytes> {
        match self {
            Self::Memory(bytes) => ChunkReader::get_bytes(bytes, from, length),
            Self::Disk { file, start, .. } => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, start + from)?;
                Ok(bytes.into())
            }
            Self::Stored(file) => {
                file.read(from..from.saturating_add(length as u64)).map_err(external)
            }
        }
    }
}
