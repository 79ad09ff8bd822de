//! Spreadsheets: one sheet of an xlsx file, its cells taken with the types they have.
//!
//! Our own reader of the few parts that hold data, over a zip and an XML library: whole numbers keep all their
//! digits (an identifier of 19 digits is not rounded to a float), and nothing is expanded into memory before a
//! limit is asked.
//!
//! ```text
//! part -> archive: the zip -> moment, book: names, texts, styles -> sheet: rows of cells -> cells: what they say -> reader
//! ```

mod part;

mod archive;

mod moment;

mod book;

mod sheet;

mod cells;

mod reader;

use crate::refusal::AdmitExtract as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::refusal::{ReadError, Refusal};
use crate::rows::collector::RowCollector;
use crate::rows::format::Format;
use crate::rows::intake::{Intake, ReadContext};
use crate::rows::position::RowPosition;
use crate::rows::sink::RowSink;
use archive::Archive;
use book::Book;
use reader::{SheetReader, sheet, text_above};
use sheet::Sheet;

/// Reads xlsx. The line of a row is its number in the sheet.
pub(crate) struct Xlsx;

impl Format for Xlsx {
    fn read<S: RowSink>(
        &self,
        context: ReadContext,
        intake: &mut Intake<S>,
    ) -> Result<(), ReadError> {
        let ReadContext { file, source, limits } = context;
        let (mut archive, book) = open(context)?;
        let mut sheet = guarded(|| sheet(&mut archive, &book, &source.worksheet(), limits))?;
        let reader = guarded(|| SheetReader::begin(&mut sheet, &book, source, limits))?;
        intake.note_header(&reader.binding);
        let (mut received, mut expanded, mut is_last) = (file.bytes, 0, false);
        while !is_last {
            let mut rows = intake.collector();
            let found = guarded(|| take_block(&reader, &mut sheet, &mut rows, &mut expanded))?;
            limits.admit_expanded("it", file.bytes, expanded)?;
            is_last = found == 0;
            let block = rows.finish(std::mem::take(&mut received), found)?;
            intake.take(block)?;
        }
        Ok(())
    }

    fn undeclared(&self, context: ReadContext) -> Result<Vec<String>, ReadError> {
        let ReadContext { source, limits, .. } = context;
        let (mut archive, book) = open(context)?;
        guarded(|| {
            let mut sheet = sheet(&mut archive, &book, &source.worksheet(), limits)?;
            Ok(SheetReader::begin(&mut sheet, &book, source, limits)?.binding.unknown)
        })
    }

    fn show(
        &self,
        context: ReadContext,
        positions: &[RowPosition],
    ) -> Result<Vec<String>, ReadError> {
        let ReadContext { source, limits, .. } = context;
        let (mut archive, book) = open(context)?;
        guarded(|| {
            let mut sheet = sheet(&mut archive, &book, &source.worksheet(), limits)?;
            let reader = SheetReader::begin(&mut sheet, &book, source, limits)?;
            let mut texts = Vec::with_capacity(positions.len());
            while texts.len() < positions.len() {
                let row = sheet.next()?.ok_or(Refusal::Changed)?;
                if row.number == positions[texts.len()].line {
                    texts.push(reader.show(&row)?);
                }
            }
            Ok(texts)
        })
    }

    fn text_above(&self, context: ReadContext) -> Result<Option<String>, ReadError> {
        let ReadContext { source, limits, .. } = context;
        let (mut archive, book) = open(context)?;
        guarded(|| {
            let settings = source.worksheet();
            let mut sheet = sheet(&mut archive, &book, &settings, limits)?;
            text_above(&mut sheet, &book, &settings).map(Some)
        })
    }
}

/// Takes rows until there are enough for a block; returns how many, and adds how many bytes they are.
fn take_block(
    reader: &SheetReader,
    sheet: &mut Sheet,
    rows: &mut RowCollector,
    expanded: &mut u64,
) -> Result<usize, Refusal> {
    let mut found = 0;
    while !rows.is_full()
        && let Some(row) = sheet.next()?
    {
        *expanded += reader.take(&row, rows)?;
        found += 1;
    }
    Ok(found)
}

fn open(context: ReadContext) -> Result<(Archive, Book), ReadError> {
    let file = context.file.open()?;
    guarded(|| {
        let mut archive = Archive::open(file, context.limits)?;
        let book = Book::read(&mut archive)?;
        Ok((archive, book))
    })
}

/// A panic of the libraries is the file's fault, not a bug of the run.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, ReadError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    Ok(read.unwrap_or_else(|_| Err(Refusal::BadXlsx("its reader gave up".into())))?)
}
