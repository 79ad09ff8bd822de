//! A range of a file that is read on its own.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// Reads a range of a file from its start to its end; others may read the same file meanwhile.
pub(super) struct FileSlice {
    pub(super) file: Arc<File>,
    /// The next byte to read.
    pub(super) position: u64,
    pub(super) end: u64,
}

impl Read for FileSlice {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.position);
        let wanted = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.file.read_at(&mut buffer[..wanted], self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}
