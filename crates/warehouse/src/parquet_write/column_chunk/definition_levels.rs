//! Which rows of a column have a value: definition levels, zero or one.

use arrow::array::{Array, ArrayRef, BooleanBufferBuilder};
use parquet::schema::types::ColumnDescPtr;

use super::integers::as_u32;
use super::rle_bit_packed::{add_bits, add_run};

/// Which rows have a value.
pub(super) struct DefinitionLevels {
    pub(super) rows: usize,
    pub(super) nulls: usize,
    /// The levels as a data page begins with them; empty for a column without nulls by its schema.
    pub(super) bytes: Vec<u8>,
}

impl DefinitionLevels {
    pub(super) fn of(arrays: &[&ArrayRef], column: &ColumnDescPtr) -> Self {
        let rows = arrays.iter().copied().map(Array::len).sum();
        let nulls = arrays.iter().copied().map(Array::null_count).sum();
        let mut bytes = Vec::new();
        if column.max_def_level() > 0 {
            bytes.extend_from_slice(&[0; 4]);
            if nulls == 0 {
                add_run(1, rows, 1, &mut bytes);
            } else {
                add_bits(validity(arrays, rows).as_slice(), &mut bytes);
            }
            let length = as_u32(bytes.len() - 4);
            bytes[..4].copy_from_slice(&length.to_le_bytes());
        }
        Self { rows, nulls, bytes }
    }

    /// How many rows have a value.
    pub(super) fn values(&self) -> usize {
        self.rows - self.nulls
    }
}

/// A bit for each row, in the order of bits that Arrow and Parquet share.
fn validity(arrays: &[&ArrayRef], rows: usize) -> BooleanBufferBuilder {
    let mut bits = BooleanBufferBuilder::new(rows);
    for array in arrays {
        match array.nulls() {
            Some(nulls) => bits.append_buffer(nulls.inner()),
            None => bits.append_n(array.len(), true),
        }
    }
    bits
}
