//! One column of a row group, encoded: texts that repeat as a dictionary, other texts without the prefix they share
//! with the one before, integers as differences. Every other type is left to the Parquet library.
//!
//! The library hashes every text and copies every value several times: that was a fifth of the time that landing takes.
//!
//! Format: Apache Parquet, "Data Pages" (version 1) and "Encodings".

mod integers;
mod rle_bit_packed;

mod definition_levels;
mod pages;

mod delta_binary_packed;
mod delta_byte_array;
mod dictionary;

use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, TimestampMicrosecondType};
use bytes::Bytes;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::ColumnDescPtr;

use definition_levels::DefinitionLevels;
use dictionary::TextDictionary;
use pages::ColumnPages;

/// An encoded column.
pub(super) enum ColumnChunk {
    /// Encoded here.
    Encoded(Bytes, ColumnCloseResult),
    /// Encoded by the Parquet library.
    FromLibrary(ArrowColumnChunk),
}

impl ColumnChunk {
    /// Encodes a column whose rows come in several arrays; texts may be dictionary arrays.
    pub(super) fn encode(
        arrays: &[&ArrayRef],
        field: &Field,
        column: ColumnDescPtr,
        writer: ArrowColumnWriter,
    ) -> Result<Self> {
        let levels = DefinitionLevels::of(arrays, &column);
        let pages = match field.data_type() {
            DataType::Utf8 => encode_texts(arrays, levels)?,
            DataType::Int64 => encode_integers::<Int64Type>(arrays, levels),
            DataType::Timestamp(..) => encode_integers::<TimestampMicrosecondType>(arrays, levels),
            _ => return encode_by_library(arrays, field, writer),
        };
        let (bytes, close) = pages.into_chunk(column)?;
        Ok(Self::Encoded(bytes, close))
    }

    /// Adds the column to a row group.
    pub(super) fn append_to<W: std::io::Write + Send>(
        self,
        row_group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<()> {
        match self {
            Self::Encoded(bytes, close) => row_group.append_column(&bytes, close),
            Self::FromLibrary(chunk) => chunk.append_to_row_group(row_group),
        }
    }
}

fn encode_texts(arrays: &[&ArrayRef], levels: DefinitionLevels) -> Result<ColumnPages> {
    if let Some(dictionary) = TextDictionary::of(arrays)? {
        return Ok(dictionary.into_pages(levels));
    }
    let texts: Vec<&StringArray> = arrays.iter().map(|array| array.as_string()).collect();
    Ok(delta_byte_array::pages(&texts, levels))
}

fn encode_integers<T: ArrowPrimitiveType<Native = i64>>(
    arrays: &[&ArrayRef],
    levels: DefinitionLevels,
) -> ColumnPages {
    let integers: Vec<&PrimitiveArray<T>> =
        arrays.iter().map(|array| array.as_primitive()).collect();
    delta_binary_packed::pages(&integers, levels)
}

fn encode_by_library(
    arrays: &[&ArrayRef],
    field: &Field,
    mut writer: ArrowColumnWriter,
) -> Result<ColumnChunk> {
    for array in arrays {
        for leaf in compute_leaves(field, array)? {
            writer.write(&leaf)?;
        }
    }
    Ok(ColumnChunk::FromLibrary(writer.close()?))
}

#[cfg(test)]
mod tests;
