//! A file as blocks of whole records.

use super::block::CsvBlock;
use super::reader::CsvReader;
use super::split::Offsets;
use crate::bytes::pipeline;
use crate::bytes::stream::{Stream, Taken};
use crate::refusal::{Limits, Refusal};

/// What is left of a file, split into records as it is asked for.
pub(crate) struct CsvBlocks<'a> {
    stream: Stream,
    reader: &'a CsvReader,
    limits: &'a Limits,
    /// Line the next record starts on.
    line: u64,
    /// Memory of offsets that are done with.
    recycled: Vec<Offsets>,
}

impl<'a> CsvBlocks<'a> {
    pub(crate) fn new(
        stream: Stream,
        line: u64,
        reader: &'a CsvReader,
        limits: &'a Limits,
    ) -> Self {
        Self { stream, reader, limits, line, recycled: Vec::new() }
    }

    fn take(&mut self, used: usize, offsets: Offsets) -> Result<CsvBlock, Refusal> {
        let Taken { bytes, base, received } = self.stream.take(used, self.limits.row_bytes)?;
        Ok(CsvBlock { bytes, base, offsets, received })
    }
}

impl pipeline::Blocks for CsvBlocks<'_> {
    type Block = CsvBlock;

    fn recycle(&mut self, mut block: CsvBlock) {
        block.offsets.clear();
        self.recycled.push(block.offsets);
        self.stream.recycle(block.bytes);
    }

    fn next(&mut self) -> Result<Option<CsvBlock>, Refusal> {
        loop {
            let bytes = self.stream.block();
            if bytes.is_empty() && self.stream.is_last {
                return Ok(None);
            }
            let mut offsets =
                self.recycled.pop().unwrap_or_else(|| Offsets::new(self.reader.width()));
            let (mut used, mut line) =
                self.reader.split(bytes, self.line, self.stream.is_last, &mut offsets);
            if used == 0 && !self.stream.is_last {
                if bytes.len() < self.limits.row_bytes {
                    self.stream.fill()?;
                    continue;
                }
                (used, line) = self.reader.give_up(bytes, self.line, &mut offsets)?;
            }
            self.line = line;
            return self.take(used, offsets).map(Some);
        }
    }
}
