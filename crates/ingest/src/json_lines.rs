//! JSON Lines: one object a line, or the elements of an array in each.

mod blocks;
mod columns;
mod learned;
mod reading;
mod scan;
mod shape;
mod text;
mod tree;
mod walk;

use memchr::memchr;

use crate::format::{self, Format, Place};
use crate::limits::Limits;
use crate::pipeline;
use crate::present::Present;
use crate::refusal::Refusal;
use crate::rows::{FileRows, Rows};
use crate::source::{Encoding, Source};
use crate::stream::{Packing, Stream};
use blocks::{Block, Blocks};
use columns::Columns;
use learned::Learned;
use reading::Reading;

/// Reads JSON Lines, expanding what is packed.
pub(crate) struct JsonLines;

impl Format for JsonLines {
    fn read(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        let blocks = Blocks::new(open(file, limits)?, limits);
        let columns = Columns::of(source);
        let mut learned = Learned::default();
        let piece = rows.piece();
        let typed = |block: &Block| typed(block, &columns, limits, piece.piece());
        pipeline::each(blocks, typed, |(piece, more)| {
            learned.absorb(more);
            limits.admit_columns(learned.names.len())?;
            rows.absorb(piece)
        })?;
        rows.note_unknown(learned.unknown(&columns, source)?);
        Ok(())
    }

    fn show(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        places: &[Place],
    ) -> Result<Vec<String>, Refusal> {
        let mut stream = open(file, limits)?;
        let columns = Columns::of(source);
        places
            .iter()
            .map(|place| Ok(columns.show(stream.reach(*place)?, limits.json_depth)))
            .collect()
    }
}

/// The rows of a block, and what its lines told about the file.
fn typed(
    block: &Block,
    columns: &Columns,
    limits: &Limits,
    mut piece: Rows,
) -> Result<(FileRows, Learned), Refusal> {
    let mut reading = Reading::begin(columns, limits, block.line);
    let found = reading.take(block, &mut piece)?;
    piece.end_block(block.received, found)?;
    Ok((piece.finish()?, reading.learned()))
}

fn open(file: &Present, limits: &Limits) -> Result<Stream, Refusal> {
    let mut stream =
        Stream::open(file.reader()?, Packing::of(&file.path), Encoding::Utf8, *limits)?;
    stream.fill()?;
    recognize(stream.block())?;
    if stream.block().starts_with(b"\xEF\xBB\xBF") {
        stream.advance(3);
    }
    Ok(stream)
}

/// Refuses what plainly is another format, with a better word than many rows of bad JSON.
fn recognize(bytes: &[u8]) -> Result<(), Refusal> {
    format::recognize(bytes)?;
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let first = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    let (what, help) = match first.trim_ascii_end() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => (
            "UTF-16 by its byte order mark",
            "ask the sender for UTF-8: JSON has no other encoding",
        ),
        [b'[', ..] => (
            "a JSON array",
            "write each element on a line of its own: `jq -c '.[]' export.json > export.jsonl`",
        ),
        b"{" => (
            "JSON over several lines",
            "write each object on one line: `jq -c . export.json > export.jsonl`",
        ),
        _ => return Ok(()),
    };
    Err(Refusal::OtherFormat(what, help))
}
