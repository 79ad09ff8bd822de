//! The values of one Parquet column, as the cells that typed columns take.

use std::fmt::Write as _;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float32Array,
    Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};

use crate::refusal::Refusal;
use crate::source::{Column, Kind};
use crate::typed::FieldValue;

/// One column of one batch, widened to the nearest type that loses nothing.
pub(crate) enum ParquetCells {
    Text(StringArray),
    Integer(Int64Array),
    Single(Float32Array),
    Double(Float64Array),
    Boolean(BooleanArray),
    Decimal(Decimal128Array),
    Instant(TimestampMicrosecondArray),
    Local(TimestampMicrosecondArray),
    Day(Date32Array),
}

impl ParquetCells {
    /// The cells of an array that is declared to be a column; `name` is its own.
    pub(crate) fn new(array: &ArrayRef, column: &Column, name: &str) -> Result<Self, Refusal> {
        let kind = column.kind;
        let found = array.data_type().clone();
        let misfit = || Refusal::OtherType {
            column: name.to_owned(),
            found: found.to_string(),
            declared: format!("{kind:?}").to_lowercase(),
        };
        let to = |data_type: DataType| {
            let strict = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(array, &data_type, &strict)
                .map_err(|error| Refusal::BadParquet(format!("column `{name}`: {error}")))
        };
        let cells = match &found {
            DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Self::text(&to(DataType::Utf8)?)
            }
            DataType::Dictionary(_, value) if value.is_string() => Self::text(&to(DataType::Utf8)?),
            // 64 bits without a sign do not fit into 64 bits with one: as text each row is judged.
            whole if whole.is_integer() && (kind == Kind::Text || *whole == DataType::UInt64) => {
                Self::text(&to(DataType::Utf8)?)
            }
            whole if whole.is_integer() && kind == Kind::Boolean => {
                Self::text(&to(DataType::Utf8)?)
            }
            whole if whole.is_integer() => {
                Self::Integer(to(DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().clone()),
            float if float.is_floating() => {
                Self::Single(to(DataType::Float32)?.as_primitive::<Float32Type>().clone())
            }
            DataType::Boolean | DataType::Decimal128(..) if kind == Kind::Text => {
                Self::text(&to(DataType::Utf8)?)
            }
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::Decimal128(..) => {
                Self::Decimal(array.as_primitive::<Decimal128Type>().clone())
            }
            DataType::Timestamp(_, zone) if !column.is_evolved => {
                let micros = to(DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
                let micros = micros.as_primitive::<TimestampMicrosecondType>().clone();
                if zone.is_some() { Self::Instant(micros) } else { Self::Local(micros) }
            }
            DataType::Date32 | DataType::Date64 if !column.is_evolved => {
                Self::Day(to(DataType::Date32)?.as_primitive::<Date32Type>().clone())
            }
            // Nobody has said what an evolved column is: it is text, whatever the file says.
            plain if column.is_evolved && !plain.is_nested() => Self::text(&to(DataType::Utf8)?),
            _ => return Err(misfit()),
        };
        if cells.fits(column) { Ok(cells) } else { Err(misfit()) }
    }

    fn text(array: &ArrayRef) -> Self {
        Self::Text(array.as_string::<i32>().clone())
    }

    fn fits(&self, column: &Column) -> bool {
        let kind = column.kind;
        let is_number = match kind {
            Kind::Integer | Kind::Decimal | Kind::Float | Kind::Duration => true,
            // A number is a moment only where a format says how.
            Kind::Timestamp | Kind::Date => !column.format.0.is_empty(),
            Kind::Text | Kind::Boolean => false,
        };
        match self {
            Self::Text(_) => true,
            Self::Integer(_) | Self::Decimal(_) => is_number,
            Self::Single(_) | Self::Double(_) => is_number || kind == Kind::Text,
            Self::Boolean(_) => kind == Kind::Boolean,
            Self::Instant(_) => kind == Kind::Timestamp,
            Self::Local(_) | Self::Day(_) => matches!(kind, Kind::Timestamp | Kind::Date),
        }
    }

    /// One value; `scratch` holds the text of a float.
    pub(crate) fn cell<'a>(&'a self, row: usize, scratch: &'a mut String) -> FieldValue<'a> {
        if self.array().is_null(row) {
            return FieldValue::Null;
        }
        match self {
            Self::Text(texts) => FieldValue::Text(texts.value(row).as_bytes()),
            Self::Integer(numbers) => FieldValue::Integer(numbers.value(row)),
            Self::Single(numbers) => FieldValue::Text(written(numbers.value(row), scratch)),
            Self::Double(numbers) => FieldValue::Text(written(numbers.value(row), scratch)),
            Self::Boolean(claims) => FieldValue::Boolean(claims.value(row)),
            Self::Decimal(numbers) => {
                FieldValue::Decimal { unscaled: numbers.value(row), scale: numbers.scale() }
            }
            Self::Instant(instants) => FieldValue::Instant(instants.value(row)),
            Self::Local(instants) => FieldValue::Local(instants.value(row)),
            Self::Day(days) => FieldValue::Day(days.value(row)),
        }
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::Text(array) => array,
            Self::Integer(array) => array,
            Self::Single(array) => array,
            Self::Double(array) => array,
            Self::Boolean(array) => array,
            Self::Decimal(array) => array,
            Self::Instant(array) | Self::Local(array) => array,
            Self::Day(array) => array,
        }
    }
}

/// The shortest text that reads back as the same float: what its writer meant, `3` for 3.0.
fn written(number: impl std::fmt::Display, scratch: &mut String) -> &[u8] {
    scratch.clear();
    write!(scratch, "{number}").expect("a string takes all that is written");
    scratch.as_bytes()
}
