//! A file as blocks of whole records.

use scorewright_domain::Limits;
use std::sync::Arc;

use super::block::{CsvBlock, CsvTurn};
use super::reader::CsvReader;
use super::split::Offsets;
use crate::bytes::pipeline;
use crate::bytes::stream::{Stream, Taken};
use crate::refusal::Refusal;

/// What is left of a file, split into records as it is asked for.
pub(crate) struct CsvBlocks<'a> {
    stream: Stream,
    reader: &'a CsvReader,
    limits: &'a Limits,
    /// Line the next record starts on.
    line: u64,
    /// Memory of offsets that are done with.
    recycled: Vec<Offsets>,
    /// Records of which not all rows were taken yet.
    turn: Option<CsvTurn>,
}

impl<'a> CsvBlocks<'a> {
    pub(crate) fn new(
        stream: Stream,
        line: u64,
        reader: &'a CsvReader,
        limits: &'a Limits,
    ) -> Self {
        Self { stream, reader, limits, line, recycled: Vec::new(), turn: None }
    }

    /// The next rows of records at hand.
    fn next_turn(&mut self) -> Option<CsvTurn> {
        let CsvTurn { block, row } = self.turn.take()?;
        if row + 1 < self.reader.binding.rows.len() {
            self.turn = Some(CsvTurn { block: Arc::clone(&block), row: row + 1 });
        }
        Some(CsvTurn { block, row })
    }

    fn take(&mut self, used: usize, offsets: Offsets) -> Result<CsvBlock, Refusal> {
        let Taken { bytes, base, received } = self.stream.take(used, self.limits.row_bytes)?;
        Ok(CsvBlock { bytes, base, offsets, received })
    }
}

impl pipeline::Blocks for CsvBlocks<'_> {
    type Block = CsvTurn;

    fn recycle(&mut self, turn: CsvTurn) {
        let Some(mut block) = Arc::into_inner(turn.block) else { return };
        block.offsets.clear();
        self.recycled.push(block.offsets);
        self.stream.recycle(block.bytes);
    }

    fn next(&mut self) -> Result<Option<CsvTurn>, Refusal> {
        if let Some(turn) = self.next_turn() {
            return Ok(Some(turn));
        }
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
            let block = Arc::new(self.take(used, offsets)?);
            self.turn = Some(CsvTurn { block, row: 0 });
            return Ok(self.next_turn());
        }
    }
}
