//! Apache Parquet from other hands: columns by name, every value judged like any other.
//!
//! ```text
//! decode: batches of a foreign file -> sandbox: the same in a process of its own -> cells: values -> reader
//! ```

mod decode;

mod sandbox;

mod cells;

mod reader;

use crate::refusal::AdmitExtract as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::refusal::{ReadError, Refusal};
use crate::rows::format::Format;
use crate::rows::intake::{Intake, ReadContext};
use crate::rows::position::RowPosition;
use crate::rows::sink::RowSink;
use reader::ParquetReader;
pub use sandbox::{DecodeProgram, DecodeRequest, answer, decode_parquet_in_sandbox};
pub(crate) use sandbox::{batches, outline};

/// Reads Parquet. The line of a row is its number in the file, from 1.
pub(crate) struct Parquet;

impl Format for Parquet {
    fn read<S: RowSink>(
        &self,
        context: ReadContext,
        intake: &mut Intake<S>,
    ) -> Result<(), ReadError> {
        let ReadContext { file, limits, .. } = context;
        let reader = begin(context)?;
        intake.note_header(&reader.binding);
        let (mut line, mut expanded) = (1, 0);
        let (mut rows, mut received, mut found) = (intake.collector(), 0, 0);
        for batch in batches(file.open()?, limits, &reader.bound)? {
            let batch = batch?;
            found += batch.num_rows();
            let bytes = batch.get_array_memory_size();
            // What the file says of its size may be a lie, and a page of a few bytes may hold billions of rows.
            expanded += bytes as u64;
            limits.admit_expanded("it", file.bytes, expanded)?;
            received += bytes as u64;
            for binding in &reader.binding.rows {
                guarded(|| reader.take(&batch, line, binding, &mut rows))?;
                rows.grow(bytes);
                if rows.is_full() {
                    let block =
                        rows.finish(std::mem::take(&mut received), std::mem::take(&mut found))?;
                    intake.take(block)?;
                    rows = intake.collector();
                }
            }
            line += batch.num_rows() as u64;
        }
        let block = rows.finish(received, found)?;
        intake.take(block)
    }

    fn undeclared(&self, context: ReadContext) -> Result<Vec<String>, ReadError> {
        Ok(begin(context)?.binding.unknown)
    }

    fn show(
        &self,
        context: ReadContext,
        positions: &[RowPosition],
    ) -> Result<Vec<String>, ReadError> {
        let reader = begin(context)?;
        let (mut texts, mut first) = (Vec::with_capacity(positions.len()), 1);
        for batch in batches(context.file.open()?, context.limits, &reader.bound)? {
            let batch = batch?;
            let after = first + batch.num_rows() as u64;
            let left = positions[texts.len()..].iter();
            for position in left.take_while(|position| position.line < after) {
                let row = usize::try_from(position.line - first).unwrap_or(usize::MAX);
                texts.push(guarded(|| Ok(reader.show(&batch, row)))?);
            }
            first = after;
        }
        Ok(texts)
    }

    fn text_above(&self, _context: ReadContext) -> Result<Option<String>, ReadError> {
        Ok(None)
    }
}

fn begin(context: ReadContext) -> Result<ParquetReader, ReadError> {
    let ReadContext { file, source, limits } = context;
    let file = file.open()?;
    guarded(|| ParquetReader::begin(file, source, limits))
}

/// The library panics on some broken files; that is their fault, not a bug of the run.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, ReadError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    Ok(read.unwrap_or_else(|_| Err(Refusal::BadParquet("its reader gave up".into())))?)
}
