//! The answer to a query, as plain values.

use std::fmt;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use arrow::record_batch::RecordBatch;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::sql_fault::SqlFault;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// `unscaled / 10^scale`, exactly.
    Decimal {
        /// The digits.
        unscaled: i128,
        /// How many of them follow the point.
        scale: i8,
    },
    /// A real number.
    Float(f64),
    /// A text.
    Text(String),
    /// An instant.
    Timestamp(Timestamp),
    /// A day.
    Date(Date),
}

/// The rows that answer a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueryResult {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Values, row by row.
    pub rows: Vec<Vec<Cell>>,
}

impl QueryResult {
    pub(crate) fn from_batches(
        columns: Vec<String>,
        batches: &[RecordBatch],
    ) -> Result<Self, SqlFault> {
        let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for batch in batches {
            let arrays: Vec<ArrayRef> =
                batch.columns().iter().map(plain).collect::<Result<_, _>>()?;
            for row in 0..batch.num_rows() {
                rows.push(arrays.iter().map(|array| cell(array, row)).collect());
            }
        }
        Ok(Self { columns, rows })
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Cell {
    /// The number, rounded to a real one; `None` for no value and for what is no number.
    #[allow(clippy::cast_precision_loss, reason = "a value beyond 2^53 is shown rounded anyway")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Decimal { unscaled, scale } => {
                Some(*unscaled as f64 / 10f64.powi(i32::from(*scale)))
            }
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The count; `None` for anything that is none.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Decimal { unscaled, scale: 0 } => u64::try_from(*unscaled).ok(),
            _ => None,
        }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The day, or the day of the instant in UTC.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Timestamp(instant) => Some(instant.to_zoned(jiff::tz::TimeZone::UTC).date()),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(claim) => claim.fmt(out),
            Self::Integer(number) => number.fmt(out),
            Self::Decimal { unscaled, scale } => write_decimal(out, *unscaled, *scale),
            Self::Float(number) => number.fmt(out),
            Self::Text(text) => text.fmt(out),
            Self::Timestamp(instant) => instant.fmt(out),
            Self::Date(day) => day.fmt(out),
        }
    }
}

fn write_decimal(out: &mut fmt::Formatter<'_>, unscaled: i128, scale: i8) -> fmt::Result {
    let scale = usize::from(scale.unsigned_abs());
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() {
        write!(out, "{sign}{whole}")
    } else {
        write!(out, "{sign}{whole}.{fraction}")
    }
}

/// Brings an array to one of the few types that cells are read from.
fn plain(array: &ArrayRef) -> Result<ArrayRef, SqlFault> {
    let target = match array.data_type() {
        DataType::Null
        | DataType::Boolean
        | DataType::Int64
        | DataType::Float64
        | DataType::Utf8
        | DataType::Date32 => {
            return Ok(array.clone());
        }
        DataType::Decimal128(..) => return Ok(array.clone()),
        DataType::Decimal256(_, scale) => DataType::Decimal128(38, *scale),
        DataType::UInt64 => DataType::Decimal128(20, 0),
        DataType::Float16 | DataType::Float32 => DataType::Float64,
        DataType::Timestamp(_, _) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        whole if whole.is_integer() => DataType::Int64,
        _ => DataType::Utf8,
    };
    cast(array, &target).map_err(|bad| SqlFault::new(bad.to_string()))
}

fn cell(array: &ArrayRef, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            jiff::civil::date(1970, 1, 1).checked_add(days.days()).map_or(Cell::Null, Cell::Date)
        }
        DataType::Timestamp(..) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            Timestamp::from_microsecond(micros).map_or(Cell::Null, Cell::Timestamp)
        }
        DataType::Decimal128(_, scale) => Cell::Decimal {
            unscaled: array.as_primitive::<Decimal128Type>().value(row),
            scale: *scale,
        },
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_shown_digit_by_digit() {
        let shown = |unscaled, scale| Cell::Decimal { unscaled, scale }.to_string();
        assert_eq!(shown(-5, 2), "-0.05");
        assert_eq!(shown(123_400, 4), "12.3400");
        assert_eq!(shown(7, 0), "7");
    }
}
