//! A file as blocks of whole lines, several at a time, so that they can be typed at once.

use memchr::{memchr_iter, memrchr};

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::stream::Stream;

/// Blocks typed together: as many as keep all processors at work, and no more memory than that.
const GROUP: usize = 8;

/// What is left of a file.
pub(crate) struct Blocks<'a> {
    stream: Stream,
    limits: &'a Limits,
    /// Number of the next line.
    line: u64,
    /// Bytes of the file itself that were told so far.
    told: u64,
}

/// Whole lines.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    /// Place of its first byte in the expanded file.
    pub(crate) base: u64,
    /// Number of its first line.
    pub(crate) line: u64,
    /// Bytes of the file itself that it came from.
    pub(crate) received: u64,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(stream: Stream, limits: &'a Limits) -> Self {
        Self { stream, limits, line: 1, told: 0 }
    }

    /// The next blocks; none at the end of the file.
    pub(crate) fn group(&mut self) -> Result<Vec<Block>, Refusal> {
        let mut group = Vec::with_capacity(GROUP);
        while group.len() < GROUP {
            match self.next()? {
                Some(block) => group.push(block),
                None => break,
            }
        }
        Ok(group)
    }

    fn next(&mut self) -> Result<Option<Block>, Refusal> {
        loop {
            let bytes = self.stream.block();
            if bytes.is_empty() && self.stream.is_last {
                return Ok(None);
            }
            let last = if self.stream.is_last { Some(bytes.len() - 1) } else { memrchr(b'\n', bytes) };
            match last {
                Some(last) => return self.take(last + 1).map(Some),
                None if bytes.len() > self.limits.row_bytes => {
                    return Err(self.limits.line_too_long(self.line));
                }
                None => {
                    self.stream.fill()?;
                }
            }
        }
    }

    fn take(&mut self, used: usize) -> Result<Block, Refusal> {
        let (base, line) = (self.stream.offset, self.line);
        let bytes = self.stream.take(used, Vec::new());
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        let received = self.stream.received() - self.told;
        self.told += received;
        if !self.stream.is_last && self.stream.block().len() <= self.limits.row_bytes {
            self.stream.fill()?;
        }
        Ok(Block { bytes, base, line, received })
    }
}
