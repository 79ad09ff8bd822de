//! Bytes that are addressed by their offset in the file they come from.

use bytes::Bytes;
use bytes::buf::Reader;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

/// Some bytes of a file, with the offset of the first of them in it.
pub(crate) struct OffsetBytes {
    pub(super) bytes: Bytes,
    pub(super) start: u64,
}

impl Length for OffsetBytes {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for OffsetBytes {
    type T = Reader<Bytes>;

    fn get_read(&self, from: u64) -> Result<Self::T> {
        self.bytes.get_read(from - self.start)
    }

    fn get_bytes(&self, from: u64, length: usize) -> Result<Bytes> {
        self.bytes.get_bytes(from - self.start, length)
    }
}
