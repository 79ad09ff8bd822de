//! A file as blocks of whole lines.

use crate::refusal::AdmitExtract as _;
use memchr::{memchr_iter, memrchr};
use scorewright_domain::Limits;

use crate::bytes::pipeline;
use crate::bytes::stream::{Bytes, Stream, Taken};
use crate::refusal::Refusal;

/// What is left of a file.
pub(crate) struct LineBlocks<'a> {
    stream: Stream,
    limits: &'a Limits,
    /// Number of the next line.
    line: u64,
}

/// Whole lines.
pub(crate) struct LineBlock {
    pub(crate) bytes: Bytes,
    /// Place of its first byte in the expanded file.
    pub(crate) base: u64,
    /// Number of its first line.
    pub(crate) line: u64,
    /// Bytes of the file itself that it came from.
    pub(crate) received: u64,
}

impl<'a> LineBlocks<'a> {
    pub(crate) fn new(stream: Stream, limits: &'a Limits) -> Self {
        Self { stream, limits, line: 1 }
    }

    fn take(&mut self, used: usize) -> Result<LineBlock, Refusal> {
        let Taken { bytes, base, received } = self.stream.take(used, self.limits.row_bytes + 1)?;
        let line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        Ok(LineBlock { bytes, base, line, received })
    }
}

impl pipeline::Blocks for LineBlocks<'_> {
    type Block = LineBlock;

    fn recycle(&mut self, block: LineBlock) {
        self.stream.recycle(block.bytes);
    }

    fn next(&mut self) -> Result<Option<LineBlock>, Refusal> {
        loop {
            let bytes = self.stream.block();
            if bytes.is_empty() && self.stream.is_last {
                return Ok(None);
            }
            let last =
                if self.stream.is_last { Some(bytes.len() - 1) } else { memrchr(b'\n', bytes) };
            match last {
                Some(last) => return self.take(last + 1).map(Some),
                None if bytes.len() > self.limits.row_bytes => {
                    return Err(self.limits.line_too_long(self.line).into());
                }
                None => {
                    self.stream.fill()?;
                }
            }
        }
    }
}
