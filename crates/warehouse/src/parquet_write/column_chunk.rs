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
use arrow::datatypes::{DataType, Field, Int64Type, TimeUnit, TimestampMicrosecondType};
use bytes::Bytes;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::ColumnDescPtr;

use definition_levels::DefinitionLevels;
use dictionary::TextDictionary;
use pages::ColumnPages;

/// A column of the file, and what encodes it in the library.
pub(super) struct Leaf {
    pub(super) column: ColumnDescPtr,
    pub(super) writer: ArrowColumnWriter,
}

/// An encoded column.
pub(super) enum ColumnChunk {
    /// Encoded here.
    Encoded(Bytes, ColumnCloseResult),
    /// Encoded by the Parquet library.
    FromLibrary(ArrowColumnChunk),
}

impl ColumnChunk {
    /// Whether columns of a type are encoded here.
    pub(super) fn encodes(data_type: &DataType) -> bool {
        matches!(
            data_type,
            DataType::Utf8 | DataType::Int64 | DataType::Timestamp(TimeUnit::Microsecond, _)
        )
    }

    /// Encodes the columns of a field whose rows come in several arrays; texts may be dictionary arrays.
    pub(super) fn encode(
        arrays: &[&ArrayRef],
        field: &Field,
        mut leaves: Vec<Leaf>,
    ) -> Result<Vec<Self>> {
        match leaves.pop_if(|_| Self::encodes(field.data_type())) {
            Some(leaf) => Ok(vec![Self::encode_here(arrays, field, leaf.column)?]),
            None => encode_by_library(arrays, field, leaves),
        }
    }

    fn encode_here(arrays: &[&ArrayRef], field: &Field, column: ColumnDescPtr) -> Result<Self> {
        let levels = DefinitionLevels::of(arrays, &column);
        let pages = match field.data_type() {
            DataType::Utf8 => encode_texts(arrays, levels)?,
            DataType::Int64 => encode_integers::<Int64Type>(arrays, levels),
            _ => encode_integers::<TimestampMicrosecondType>(arrays, levels),
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
    mut leaves: Vec<Leaf>,
) -> Result<Vec<ColumnChunk>> {
    for array in arrays {
        for (values, leaf) in compute_leaves(field, array)?.iter().zip(&mut leaves) {
            leaf.writer.write(values)?;
        }
    }
    let chunks = leaves.into_iter().map(|leaf| Ok(ColumnChunk::FromLibrary(leaf.writer.close()?)));
    chunks.collect()
}

#[cfg(test)]
mod tests;
