//! Values of stored columns, hashed and compared. No value equals no value.

use std::hash::{DefaultHasher, Hasher};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};

/// A hash for each row over some columns.
pub(crate) fn hashes(rows: &RecordBatch, columns: &[usize]) -> Vec<u64> {
    let mut found = vec![0; rows.num_rows()];
    for column in columns {
        let array = rows.column(*column);
        for (row, hash) in found.iter_mut().enumerate() {
            let mut hasher = DefaultHasher::new();
            hasher.write_u64(*hash);
            if array.is_valid(row) {
                write(array, row, &mut hasher);
            }
            *hash = hasher.finish();
        }
    }
    found
}

#[inline]
fn write(array: &ArrayRef, row: usize, hasher: &mut DefaultHasher) {
    match array.data_type() {
        DataType::Int64 => hasher.write_i64(array.as_primitive::<Int64Type>().value(row)),
        DataType::Decimal128(..) => hasher.write_i128(array.as_primitive::<Decimal128Type>().value(row)),
        DataType::Timestamp(..) => {
            hasher.write_i64(array.as_primitive::<TimestampMicrosecondType>().value(row));
        }
        DataType::Date32 => hasher.write_i32(array.as_primitive::<Date32Type>().value(row)),
        DataType::Boolean => hasher.write_u8(array.as_boolean().value(row).into()),
        _ => hasher.write(array.as_string::<i32>().value(row).as_bytes()),
    }
}

/// Whether two values of columns of the same type are the same.
pub(crate) fn are_equal(left: &ArrayRef, left_row: usize, right: &ArrayRef, right_row: usize) -> bool {
    if left.is_null(left_row) || right.is_null(right_row) {
        return left.is_null(left_row) && right.is_null(right_row);
    }
    macro_rules! same {
        ($kind:ty) => {
            left.as_primitive::<$kind>().value(left_row) == right.as_primitive::<$kind>().value(right_row)
        };
    }
    match left.data_type() {
        DataType::Int64 => same!(Int64Type),
        DataType::Decimal128(..) => same!(Decimal128Type),
        DataType::Timestamp(..) => same!(TimestampMicrosecondType),
        DataType::Date32 => same!(Date32Type),
        DataType::Boolean => left.as_boolean().value(left_row) == right.as_boolean().value(right_row),
        _ => left.as_string::<i32>().value(left_row) == right.as_string::<i32>().value(right_row),
    }
}

/// A timestamp or date as a number that grows with time.
pub(crate) fn moment(array: &ArrayRef, row: usize) -> Option<i64> {
    array.is_valid(row).then(|| match array.data_type() {
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).into(),
        _ => array.as_primitive::<TimestampMicrosecondType>().value(row),
    })
}
