//! Spreadsheets: one sheet of an xlsx file, its cells taken with the types they have.
//!
//! Our own reader of the few parts that hold data, over a zip and an XML library: whole numbers keep all their
//! digits (an identifier of 19 digits is not rounded to a float), and nothing is expanded into memory before a
//! limit is asked.

mod archive;
mod book;
mod cells;
mod moment;
mod part;
mod reading;
mod sheet;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::format::{Format, Place};
use crate::limits::Limits;
use crate::present::Present;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::source::Source;
use archive::Archive;
use book::Book;
use reading::{Reading, sheet};

/// Rows that are told and typed together.
const BLOCK: usize = 1_024;

/// Reads xlsx. The line of a row is its number in the sheet.
pub(crate) struct Xlsx;

impl Format for Xlsx {
    fn read(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        guarded(|| {
            let (mut archive, book) = open(file, limits)?;
            let mut sheet = sheet(&mut archive, &book, &source.worksheet(), limits)?;
            let reading = Reading::begin(&mut sheet, &book, source, limits)?;
            rows.note_unknown(reading.binding.unknown.clone());
            let (mut count, mut received, mut expanded) = (0, file.bytes, 0);
            while let Some(row) = sheet.next()? {
                expanded += reading.take(&row, rows)?;
                limits.admit_expanded("it", file.bytes, expanded)?;
                count += 1;
                if count == BLOCK || rows.is_large() {
                    rows.end_block(std::mem::take(&mut received), std::mem::take(&mut count))?;
                }
            }
            rows.end_block(received, count)
        })
    }

    fn undeclared(&self, file: &Present, source: &Source, limits: &Limits) -> Vec<String> {
        let unknown = guarded(|| {
            let (mut archive, book) = open(file, limits)?;
            let mut sheet = sheet(&mut archive, &book, &source.worksheet(), limits)?;
            Ok(Reading::begin(&mut sheet, &book, source, limits)?.binding.unknown)
        });
        unknown.unwrap_or_default()
    }

    fn show(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        places: &[Place],
    ) -> Result<Vec<String>, Refusal> {
        guarded(|| {
            let (mut archive, book) = open(file, limits)?;
            let mut sheet = sheet(&mut archive, &book, &source.worksheet(), limits)?;
            let reading = Reading::begin(&mut sheet, &book, source, limits)?;
            let mut texts = Vec::with_capacity(places.len());
            while texts.len() < places.len() {
                let row = sheet.next()?.ok_or(Refusal::Changed)?;
                if row.number == places[texts.len()].line {
                    texts.push(reading.show(&row)?);
                }
            }
            Ok(texts)
        })
    }
}

fn open(file: &Present, limits: &Limits) -> Result<(Archive, Book), Refusal> {
    let mut archive = Archive::open(file.open()?, limits)?;
    let book = Book::read(&mut archive)?;
    Ok((archive, book))
}

/// A panic of the libraries is the file's fault, not a bug of the run.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Refusal::BadXlsx("its reader gave up".into())))
}
