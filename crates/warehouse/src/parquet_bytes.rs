//! Where encoded rows lie: in memory, or in a stretch of a file.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

/// Bytes that are read at once where pages say what they are; the pages themselves are read whole.
const BUFFER: usize = 4 << 10;

/// The bytes of a Parquet file of our own.
#[derive(Debug, Clone)]
pub enum ParquetBytes {
    /// In memory.
    Memory(Bytes),
    /// On disk; several may lie in one file, and be read at the same time.
    Disk {
        /// The file.
        file: Arc<File>,
        /// Their first byte in it.
        start: u64,
        /// How many there are.
        length: u64,
    },
}

impl Length for ParquetBytes {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Disk { length, .. } => *length,
        }
    }
}

impl ChunkReader for ParquetBytes {
    type T = Box<dyn Read>;

    fn get_read(&self, from: u64) -> Result<Self::T> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(ChunkReader::get_read(bytes, from)?),
            Self::Disk { file, start, length } => {
                let stretch =
                    Stretch { file: Arc::clone(file), at: start + from, end: start + length };
                Box::new(BufReader::with_capacity(BUFFER, stretch))
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
        }
    }
}

/// Reads a stretch of a file from its start to its end, whoever else reads the file.
struct Stretch {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Stretch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let read = self.file.read_at(&mut buffer[..wanted], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
