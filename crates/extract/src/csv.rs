//! Text with separators.
//!
//! ```text
//! split: bytes into records -> header -> reader: records into typed rows -> blocks: whole records of a file
//! ```

pub(crate) mod split;

mod header;

mod block;
mod reader;

mod blocks;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::bytes::Compression;
use crate::bytes::stream::Stream;
use crate::refusal::ReadError;
use crate::rows::collector::RowCollector;
use crate::rows::format::Format;
use crate::rows::intake::{Intake, ReadContext};
use crate::rows::position::RowPosition;
use crate::rows::sink::RowSink;
use block::CsvTurn;
use blocks::CsvBlocks;
use reader::CsvReader;

/// Reads CSV in any dialect, expanding what is packed.
pub(crate) struct Csv;

impl Format for Csv {
    fn read<S: RowSink>(
        &self,
        context: ReadContext,
        intake: &mut Intake<S>,
    ) -> Result<(), ReadError> {
        let (stream, reader, line) = begin(context)?;
        intake.note_header(&reader.binding);
        let blocks = CsvBlocks::new(stream, line, &reader, context.limits);
        let typed =
            |turn: &CsvTurn, rows: RowCollector| reader.take(turn, rows).map(|typed| (typed, ()));
        intake.take_blocks(blocks, typed, |()| Ok(()))
    }

    fn undeclared(&self, context: ReadContext) -> Result<Vec<String>, ReadError> {
        Ok(begin(context)?.1.unknown_columns())
    }

    fn show(
        &self,
        context: ReadContext,
        positions: &[RowPosition],
    ) -> Result<Vec<String>, ReadError> {
        let (mut stream, reader, _) = begin(context)?;
        let show = |row: &RowPosition| Ok(reader.show(stream.reach(row.byte, row.length)?));
        positions.iter().map(show).collect()
    }

    fn text_above(&self, context: ReadContext) -> Result<Option<String>, ReadError> {
        let (stream, ..) = begin(context)?;
        let length = stream.offset;
        let mut stream = open(context)?;
        let text = context.source.dialect().encoding().show(stream.reach(0, length)?);
        Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
    }
}

/// A file whose header has been read, and the line below it.
fn begin(context: ReadContext) -> Result<(Stream, CsvReader, u64), ReadError> {
    let mut stream = open(context)?;
    let (reader, line) = CsvReader::begin(&mut stream, context.source, context.limits)?;
    Ok((stream, reader, line))
}

fn open(context: ReadContext) -> Result<Stream, ReadError> {
    let ReadContext { file, source, limits } = context;
    let compression = Compression::of(&file.path);
    Ok(Stream::open(file.reader()?, compression, source.dialect().encoding(), *limits)?)
}
