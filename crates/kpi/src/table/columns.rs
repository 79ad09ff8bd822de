//! Columns made of one field of each row.

use std::sync::Arc;

use jiff::civil::Date;
use scorewright_warehouse::arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, StringArray,
};
use scorewright_warehouse::arrow::datatypes::{DataType, Field};

/// A column with its name and type.
pub(super) type ValueColumn = (Field, ArrayRef);

pub(super) fn text<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> String) -> ValueColumn {
    let array = StringArray::from_iter_values(rows.iter().map(|row| of(row)));
    (Field::new(name, DataType::Utf8, false), Arc::new(array))
}

pub(super) fn maybe_text<T>(
    name: &str,
    rows: &[&T],
    of: impl Fn(&T) -> Option<String>,
) -> ValueColumn {
    let array = rows.iter().map(|row| of(row)).collect::<StringArray>();
    (Field::new(name, DataType::Utf8, true), Arc::new(array))
}

pub(super) fn whole<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> i64) -> ValueColumn {
    let array = Int64Array::from_iter_values(rows.iter().map(|row| of(row)));
    (Field::new(name, DataType::Int64, false), Arc::new(array))
}

pub(super) fn maybe_whole<T>(
    name: &str,
    rows: &[&T],
    of: impl Fn(&T) -> Option<i64>,
) -> ValueColumn {
    let array = rows.iter().map(|row| of(row)).collect::<Int64Array>();
    (Field::new(name, DataType::Int64, true), Arc::new(array))
}

pub(super) fn real<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> Option<f64>) -> ValueColumn {
    let array = rows.iter().map(|row| of(row)).collect::<Float64Array>();
    (Field::new(name, DataType::Float64, true), Arc::new(array))
}

pub(super) fn day<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> Date) -> ValueColumn {
    let array = Date32Array::from_iter_values(rows.iter().map(|row| days_since_1970(of(row))));
    (Field::new(name, DataType::Date32, false), Arc::new(array))
}

fn days_since_1970(day: Date) -> i32 {
    (day - jiff::civil::date(1970, 1, 1)).get_days()
}
