//! One column of a row group, encoded: texts that repeat as codes, other texts by what they do not share with the one
//! before, whole numbers as differences. All else is left to the Parquet library.
//!
//! The library hashes every text, and copies every value several times: that was a fifth of what landing costs.
//!
//! Format: Apache Parquet, "Data Pages" (version 1) and "Encodings".

mod delta;
mod dictionary;
mod hybrid;
mod pages;
mod prefixes;
mod present;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, TimestampMicrosecondType};
use bytes::Bytes;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::ColumnDescPtr;

use dictionary::Dictionary;
use pages::Pages;
use present::Present;

/// An encoded column.
pub(crate) enum Chunk {
    Ours(Bytes, ColumnCloseResult),
    OfLibrary(ArrowColumnChunk),
}

impl Chunk {
    /// Encodes a column that comes in pieces; texts may come as codes already.
    pub(crate) fn of(
        pieces: &[&ArrayRef],
        field: &Field,
        column: ColumnDescPtr,
        writer: ArrowColumnWriter,
    ) -> Result<Self> {
        let present = Present::of(pieces, &column);
        let pages = match field.data_type() {
            DataType::Utf8 => texts(pieces, present),
            DataType::Int64 => delta::pages(&primitive::<Int64Type>(pieces), present),
            DataType::Timestamp(..) => {
                delta::pages(&primitive::<TimestampMicrosecondType>(pieces), present)
            }
            _ => return by_library(pieces, field, writer),
        };
        let (bytes, close) = pages.into_chunk(column)?;
        Ok(Self::Ours(bytes, close))
    }

    /// Puts the column into a row group.
    pub(crate) fn append_to<W: std::io::Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<()> {
        match self {
            Self::Ours(bytes, close) => group.append_column(&bytes, close),
            Self::OfLibrary(chunk) => chunk.append_to_row_group(group),
        }
    }
}

fn texts(pieces: &[&ArrayRef], present: Present) -> Pages {
    if let Some(dictionary) = Dictionary::of(pieces) {
        return dictionary.pages(present);
    }
    let texts: Vec<&StringArray> = pieces.iter().map(|piece| piece.as_string()).collect();
    prefixes::pages(&texts, present)
}

fn primitive<'a, T: ArrowPrimitiveType>(pieces: &[&'a ArrayRef]) -> Vec<&'a PrimitiveArray<T>> {
    pieces.iter().map(|piece| piece.as_primitive()).collect()
}

fn by_library(pieces: &[&ArrayRef], field: &Field, mut writer: ArrowColumnWriter) -> Result<Chunk> {
    for piece in pieces {
        for leaf in compute_leaves(field, piece)? {
            writer.write(&leaf)?;
        }
    }
    Ok(Chunk::OfLibrary(writer.close()?))
}

/// A length as Parquet has it: a group of rows is far smaller than 4 GiB.
fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a group of rows is far smaller than 4 GiB")
}

#[cfg(test)]
mod tests;
