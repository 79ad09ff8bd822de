//! Values of stored columns, hashed and compared. No value equals no value.

use std::hash::{BuildHasher as _, Hasher as _};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use foldhash::fast::FixedState;

/// What no value adds to a hash: unlike anything that a value adds.
const NULL: u64 = 0x9E37_79B9_7F4A_7C15;
const NULL_TURN: u32 = 29;

/// A hash for each row over some columns of the same length.
pub(crate) fn hashes<'a>(columns: impl IntoIterator<Item = &'a ArrayRef>, seed: u64) -> Vec<u64> {
    let (state, mut found) = (FixedState::with_seed(seed), Vec::new());
    for column in columns {
        found.resize(column.len(), seed);
        add(column, &state, &mut found);
    }
    found
}

fn add(array: &ArrayRef, state: &FixedState, found: &mut [u64]) {
    macro_rules! add {
        ($values:expr, $write:ident, $bytes:expr) => {{
            let (values, nulls) = ($values, array.nulls());
            for (row, hash) in found.iter_mut().enumerate() {
                if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                    *hash = hash.rotate_left(NULL_TURN) ^ NULL;
                    continue;
                }
                let mut hasher = state.build_hasher();
                hasher.write_u64(*hash);
                hasher.$write($bytes(values.value(row)));
                *hash = hasher.finish();
            }
        }};
    }
    match array.data_type() {
        DataType::Int64 => add!(array.as_primitive::<Int64Type>(), write_i64, i64::from),
        DataType::Decimal128(..) => {
            add!(array.as_primitive::<Decimal128Type>(), write_i128, i128::from);
        }
        DataType::Float64 => {
            add!(array.as_primitive::<Float64Type>(), write_u64, f64::to_bits);
        }
        DataType::Timestamp(..) => {
            add!(array.as_primitive::<TimestampMicrosecondType>(), write_i64, i64::from);
        }
        DataType::Date32 => add!(array.as_primitive::<Date32Type>(), write_i32, i32::from),
        DataType::Boolean => add!(array.as_boolean(), write_u8, u8::from),
        _ => add!(array.as_string::<i32>(), write, str::as_bytes),
    }
}

/// Whether two values of columns of the same type are the same.
pub(crate) fn are_equal(
    left: &ArrayRef,
    left_row: usize,
    right: &ArrayRef,
    right_row: usize,
) -> bool {
    if left.is_null(left_row) || right.is_null(right_row) {
        return left.is_null(left_row) && right.is_null(right_row);
    }
    macro_rules! same {
        ($kind:ty) => {
            left.as_primitive::<$kind>().value(left_row)
                == right.as_primitive::<$kind>().value(right_row)
        };
    }
    match left.data_type() {
        DataType::Int64 => same!(Int64Type),
        DataType::Decimal128(..) => same!(Decimal128Type),
        // By their bits: zero has one sign, and nothing is infinite or no number.
        DataType::Float64 => {
            let bits = |array: &ArrayRef, row: usize| {
                array.as_primitive::<Float64Type>().value(row).to_bits()
            };
            bits(left, left_row) == bits(right, right_row)
        }
        DataType::Timestamp(..) => same!(TimestampMicrosecondType),
        DataType::Date32 => same!(Date32Type),
        DataType::Boolean => {
            left.as_boolean().value(left_row) == right.as_boolean().value(right_row)
        }
        _ => left.as_string::<i32>().value(left_row) == right.as_string::<i32>().value(right_row),
    }
}

/// A decimal or whole number, in the smallest unit that the column keeps.
pub(crate) fn amount(array: &ArrayRef, row: usize) -> Option<i128> {
    array.is_valid(row).then(|| match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        _ => array.as_primitive::<Decimal128Type>().value(row),
    })
}

/// A timestamp, date or whole number as a number that grows with time.
pub(crate) fn moment(array: &ArrayRef, row: usize) -> Option<i64> {
    array.is_valid(row).then(|| match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row),
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).into(),
        _ => array.as_primitive::<TimestampMicrosecondType>().value(row),
    })
}
