//! The answer to a query, as plain values.

use arrow::array::{
    ArrayAccessor, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array,
    Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use arrow::record_batch::RecordBatch;
use jiff::{Span, Timestamp};

use super::cell::Cell;
use super::sql_fault::SqlFault;

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
            let arrays: Vec<AnswerColumn> =
                batch.columns().iter().map(AnswerColumn::of).collect::<Result<_, _>>()?;
            for row in 0..batch.num_rows() {
                let cells = arrays.iter().map(|array| array.cell(row).unwrap_or(Cell::Null));
                rows.push(cells.collect());
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

/// A column of some rows of an answer, cast to one of the few types that cells have.
#[derive(Debug, Clone)]
pub enum AnswerColumn {
    /// No value in any row.
    Null,
    /// True or false.
    Boolean(BooleanArray),
    /// Whole numbers.
    Integer(Int64Array),
    /// Decimals, exactly.
    Decimal {
        /// The digits.
        unscaled: Decimal128Array,
        /// How many of them follow the point.
        scale: i8,
    },
    /// Real numbers.
    Float(Float64Array),
    /// Texts.
    Text(StringArray),
    /// Instants, in microseconds of UTC.
    Timestamp(TimestampMicrosecondArray),
    /// Days since 1970-01-01.
    Date(Date32Array),
}

impl AnswerColumn {
    pub(super) fn of(array: &ArrayRef) -> Result<Self, SqlFault> {
        Ok(match array.data_type() {
            DataType::Null => Self::Null,
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::Decimal128(precision, scale) => Self::decimal(array, *precision, *scale)?,
            DataType::Decimal256(_, scale) => Self::decimal(array, 38, *scale)?,
            DataType::UInt64 => Self::decimal(array, 20, 0)?,
            integer if integer.is_integer() => {
                Self::Integer(cast_to(array, &DataType::Int64)?.as_primitive().clone())
            }
            DataType::Float16 | DataType::Float32 | DataType::Float64 => {
                Self::Float(cast_to(array, &DataType::Float64)?.as_primitive().clone())
            }
            DataType::Timestamp(..) => {
                let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
                Self::Timestamp(cast_to(array, &utc)?.as_primitive().clone())
            }
            DataType::Date32 => Self::Date(array.as_primitive().clone()),
            _ => Self::Text(cast_to(array, &DataType::Utf8)?.as_string().clone()),
        })
    }

    fn decimal(array: &ArrayRef, precision: u8, scale: i8) -> Result<Self, SqlFault> {
        let unscaled = cast_to(array, &DataType::Decimal128(precision, scale))?;
        Ok(Self::Decimal { unscaled: unscaled.as_primitive().clone(), scale })
    }

    /// The value of a row; `None` without one. An instant or a day outside the range of `jiff` counts as no value: "without end" is often
    /// written as the last day of the year 9999, whose last hours lie just behind that range.
    pub fn cell(&self, row: usize) -> Option<Cell> {
        match self {
            Self::Null => None,
            Self::Boolean(values) => value(values, row).map(Cell::Boolean),
            Self::Integer(values) => value(values, row).map(Cell::Integer),
            Self::Decimal { unscaled, scale } => {
                Some(Cell::Decimal { unscaled: value(unscaled, row)?, scale: *scale })
            }
            Self::Float(values) => value(values, row).map(Cell::Float),
            Self::Text(values) => value(values, row).map(|text| Cell::Text(text.to_owned())),
            Self::Timestamp(values) => {
                Timestamp::from_microsecond(value(values, row)?).ok().map(Cell::Timestamp)
            }
            Self::Date(values) => {
                let since = Span::new().try_days(value(values, row)?).ok()?;
                jiff::civil::date(1970, 1, 1).checked_add(since).ok().map(Cell::Date)
            }
        }
    }
}

fn cast_to(array: &ArrayRef, kind: &DataType) -> Result<ArrayRef, SqlFault> {
    cast(array, kind).map_err(|error| SqlFault::new(error.to_string()))
}

fn value<A: ArrayAccessor + Copy>(values: A, row: usize) -> Option<A::Item> {
    values.is_valid(row).then(|| values.value(row))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_day_beyond_the_calendar_is_no_value() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(0), Some(i32::MAX), None]));
        let column = AnswerColumn::of(&days).unwrap();
        let cells: Vec<Option<Cell>> = (0..3).map(|row| column.cell(row)).collect();
        assert_eq!(cells, [Some(Cell::Date(jiff::civil::date(1970, 1, 1))), None, None]);
    }
}
