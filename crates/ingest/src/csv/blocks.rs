//! A file as blocks of whole records.

use super::reading::Reading;
use super::split::Offsets;
use crate::limits::Limits;
use crate::pipeline;
use crate::refusal::Refusal;
use crate::stream::{Bytes, Stream, Taken};

/// What is left of a file, split into records as it is asked for.
pub(crate) struct Blocks<'a> {
    stream: Stream,
    reading: &'a Reading,
    limits: &'a Limits,
    /// Line the next record starts on.
    line: u64,
    /// Memory of offsets that are done with.
    spare: Vec<Offsets>,
}

/// Whole records, and where they lie.
pub(crate) struct Block {
    pub(crate) bytes: Bytes,
    /// Place of its first byte in the expanded file.
    pub(crate) base: u64,
    pub(crate) offsets: Offsets,
    /// Bytes of the file itself that it came from.
    pub(crate) received: u64,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(stream: Stream, line: u64, reading: &'a Reading, limits: &'a Limits) -> Self {
        Self { stream, reading, limits, line, spare: Vec::new() }
    }

    fn take(&mut self, used: usize, offsets: Offsets) -> Result<Block, Refusal> {
        let Taken { bytes, base, received } = self.stream.take(used, self.limits.row_bytes)?;
        Ok(Block { bytes, base, offsets, received })
    }
}

impl pipeline::Blocks for Blocks<'_> {
    type Block = Block;

    fn recycle(&mut self, mut block: Block) {
        block.offsets.clear();
        self.spare.push(block.offsets);
        self.stream.recycle(block.bytes);
    }

    fn next(&mut self) -> Result<Option<Block>, Refusal> {
        loop {
            let bytes = self.stream.block();
            if bytes.is_empty() && self.stream.is_last {
                return Ok(None);
            }
            let mut offsets =
                self.spare.pop().unwrap_or_else(|| Offsets::new(self.reading.width()));
            let (mut used, mut line) =
                self.reading.split(bytes, self.line, self.stream.is_last, &mut offsets);
            if used == 0 && !self.stream.is_last {
                if bytes.len() < self.limits.row_bytes {
                    self.stream.fill()?;
                    continue;
                }
                (used, line) = self.reading.give_up(bytes, self.line, &mut offsets)?;
            }
            self.line = line;
            return self.take(used, offsets).map(Some);
        }
    }
}
