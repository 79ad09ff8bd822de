//! Which rows of a column have a value: definition levels, zero or one.

use arrow::array::{Array, ArrayRef, BooleanBufferBuilder};
use parquet::schema::types::ColumnDescPtr;

use super::{hybrid, length};

/// Which rows have a value.
pub(super) struct Present {
    pub(super) rows: usize,
    pub(super) nulls: usize,
    /// How the page begins; nothing where every row must have a value.
    pub(super) levels: Vec<u8>,
}

impl Present {
    pub(super) fn of(pieces: &[&ArrayRef], column: &ColumnDescPtr) -> Self {
        let rows = pieces.iter().copied().map(Array::len).sum();
        let nulls = pieces.iter().copied().map(Array::null_count).sum();
        let mut levels = Vec::new();
        if column.max_def_level() > 0 {
            levels.extend_from_slice(&[0; 4]);
            if nulls == 0 {
                hybrid::repeat(1, rows, 1, &mut levels);
            } else {
                hybrid::bits(bits(pieces, rows).as_slice(), &mut levels);
            }
            let bytes = length(levels.len() - 4);
            levels[..4].copy_from_slice(&bytes.to_le_bytes());
        }
        Self { rows, nulls, levels }
    }
}

/// A bit for each row, as Arrow and Parquet both have them.
fn bits(pieces: &[&ArrayRef], rows: usize) -> BooleanBufferBuilder {
    let mut bits = BooleanBufferBuilder::new(rows);
    for piece in pieces {
        match piece.nulls() {
            Some(nulls) => bits.append_buffer(nulls.inner()),
            None => bits.append_n(piece.len(), true),
        }
    }
    bits
}
