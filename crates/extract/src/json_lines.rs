//! JSON: one object a line, the elements of an array in each, or an array of objects over any lines.
//!
//! ```text
//! scan: tokens -> text, walk over a tree: the values asked for -> shape: names met -> columns
//!   -> reader: lines into typed rows -> learned: what all lines told
//! relined: one value a line -> blocks: whole lines of a file; inner_rows: the list that a page of an API has them in
//! ```

mod scan;

mod text;
mod tree;

mod shape;
mod walk;

mod columns;

mod learned;

mod blocks;
mod reader;
mod relined;

mod inner_rows;

pub(crate) use inner_rows::{escaped, rows_inside};
pub(crate) use relined::one_value_a_line;

use crate::refusal::AdmitExtract as _;
use std::io::Read;

use memchr::memchr;

use crate::bytes::stream::Stream;
use crate::bytes::{self, Compression};
use crate::refusal::{ReadError, Refusal};
use crate::rows::collector::RowCollector;
use crate::rows::format::Format;
use crate::rows::intake::{Intake, ReadContext};
use crate::rows::position::RowPosition;
use crate::rows::sink::RowSink;
use blocks::{LineBlock, LineBlocks};
use columns::JsonColumns;
use learned::Learned;
use reader::LineReader;
use relined::Relined;

/// Reads JSON Lines, expanding what is packed.
pub(crate) struct JsonLines;

impl Format for JsonLines {
    fn read<S: RowSink>(
        &self,
        context: ReadContext,
        intake: &mut Intake<S>,
    ) -> Result<(), ReadError> {
        let ReadContext { source, limits, .. } = context;
        let columns = JsonColumns::of(source);
        let typed = |block: &LineBlock, rows: RowCollector| {
            LineReader::begin(&columns, limits, block.line).take(block, rows)
        };
        let mut learned = Learned::default();
        let learn = |more| {
            learned.absorb(more);
            Ok(limits.admit_columns(learned.names.len())?)
        };
        intake.take_blocks(LineBlocks::new(open(context)?, limits), typed, learn)?;
        intake.note_unmet(learned.unmet(&columns));
        intake.note_unknown(learned.unknown(&columns, source)?);
        Ok(())
    }

    fn show(
        &self,
        context: ReadContext,
        positions: &[RowPosition],
    ) -> Result<Vec<String>, ReadError> {
        let mut stream = open(context)?;
        let (columns, depth) = (JsonColumns::of(context.source), context.limits.json_depth);
        let show = |row: &RowPosition| Ok(columns.show(stream.reach(row.byte, row.length)?, depth));
        positions.iter().map(show).collect()
    }

    fn text_above(&self, _context: ReadContext) -> Result<Option<String>, ReadError> {
        Ok(Some(String::new()))
    }
}

/// The list inside the objects of a file that holds its rows; `None` where there is none, or it ends far behind.
pub(crate) fn list_of_rows(context: ReadContext) -> Option<String> {
    let stream = open(context).ok()?;
    inner_rows::list_of_rows(stream.block())
}

fn open(context: ReadContext) -> Result<Stream, ReadError> {
    let ReadContext { file, source, limits } = context;
    let compression = Compression::of(&file.path);
    let reline = |reader| Box::new(Relined::whole(reader)) as Box<dyn Read + Send>;
    let mut stream = Stream::of_text(file.reader()?, compression, *limits, reline)?;
    stream.fill()?;
    if !(stream.block().is_empty() && source.may_have_no_bytes()) {
        recognize(stream.block())?;
    }
    if stream.block().starts_with(b"\xEF\xBB\xBF") {
        stream.advance(3);
    }
    Ok(stream)
}

/// Refuses what plainly is another format, with a better word than many rows of bad JSON.
fn recognize(bytes: &[u8]) -> Result<(), Refusal> {
    bytes::recognize(bytes)?;
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let first = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    let (what, help) = match first.trim_ascii_end() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => (
            "UTF-16 by its byte order mark",
            "ask the sender for UTF-8: JSON has no other encoding",
        ),
        _ => match bytes::unmarked_utf16(bytes) {
            Some(what) => (what, "ask the sender for UTF-8: JSON has no other encoding"),
            None => return Ok(()),
        },
    };
    Err(Refusal::OtherFormat(what, help))
}
