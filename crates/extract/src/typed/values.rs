//! The values of one column while they are read.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, BooleanArray, BooleanBuilder, NullBufferBuilder,
    PrimitiveArray, StringArray,
};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow::error::ArrowError;
use arrow::util::bit_util::get_bit;

use super::number::{self, PRECISION};
use super::runs::{Runs, moved_together};
use crate::source::{Column, Kind};

/// Values of one type, and which rows have none.
pub(crate) enum Values {
    Text(TextBuffer),
    Integer(Fixed<Int64Type>),
    /// Seconds.
    Duration(Fixed<Int64Type>),
    Decimal(Fixed<Decimal128Type>),
    Float(Fixed<Float64Type>),
    Boolean(BooleanBuilder),
    Timestamp(Fixed<TimestampMicrosecondType>),
    Date(Fixed<Date32Type>),
}

impl Values {
    pub(crate) fn new(column: &Column) -> Self {
        let data_type = data_type(column);
        match column.kind {
            Kind::Text => Self::Text(TextBuffer::default()),
            Kind::Integer => Self::Integer(Fixed::new(data_type)),
            Kind::Duration => Self::Duration(Fixed::new(data_type)),
            Kind::Decimal => Self::Decimal(Fixed::new(data_type)),
            Kind::Float => Self::Float(Fixed::new(data_type)),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Timestamp => Self::Timestamp(Fixed::new(data_type)),
            Kind::Date => Self::Date(Fixed::new(data_type)),
        }
    }

    /// Whether a row has no value.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(texts) => !texts.valid.is_valid(row),
            Self::Integer(numbers) | Self::Duration(numbers) => !numbers.valid.is_valid(row),
            Self::Decimal(numbers) => !numbers.valid.is_valid(row),
            Self::Float(numbers) => !numbers.valid.is_valid(row),
            Self::Boolean(claims) => {
                claims.validity_slice().is_some_and(|bits| !get_bit(bits, row))
            }
            Self::Timestamp(instants) => !instants.valid.is_valid(row),
            Self::Date(days) => !days.valid.is_valid(row),
        }
    }

    /// The text in a row; `None` where it has none, or the column is of another type.
    pub(crate) fn text(&self, row: usize) -> Option<&[u8]> {
        match self {
            Self::Text(texts) => texts.text(row),
            _ => None,
        }
    }

    /// The instant in a row, to be changed; `None` where it has none, or the column is of another type.
    pub(crate) fn instant_mut(&mut self, row: usize) -> Option<&mut i64> {
        match self {
            Self::Timestamp(instants) => {
                instants.valid.is_valid(row).then(|| &mut instants.values[row])
            }
            _ => None,
        }
    }

    /// The number in a row; `None` where it has none.
    pub(crate) fn number(&self, row: usize) -> Option<i128> {
        match self {
            Self::Integer(numbers) | Self::Duration(numbers) => numbers.value(row).map(i128::from),
            Self::Decimal(numbers) => numbers.value(row),
            Self::Text(_)
            | Self::Float(_)
            | Self::Boolean(_)
            | Self::Timestamp(_)
            | Self::Date(_) => None,
        }
    }

    /// The value in a row as a number that is ordered as the values are; `None` where it has none, or is a text.
    pub(crate) fn ordered(&self, row: usize) -> Option<i128> {
        match self {
            Self::Text(_) => None,
            Self::Integer(_) | Self::Duration(_) | Self::Decimal(_) => self.number(row),
            Self::Float(numbers) => numbers.value(row).map(number::float_order),
            Self::Boolean(claims) => {
                let is_there = !self.is_null(row);
                is_there.then(|| i128::from(get_bit(claims.values_slice(), row)))
            }
            Self::Timestamp(instants) => instants.value(row).map(i128::from),
            Self::Date(days) => days.value(row).map(i128::from),
        }
    }

    pub(crate) fn reserve(&mut self, rows: usize, bytes: impl FnOnce() -> usize) {
        match self {
            Self::Text(texts) => texts.reserve(rows, bytes()),
            Self::Integer(numbers) | Self::Duration(numbers) => numbers.values.reserve(rows),
            Self::Decimal(numbers) => numbers.values.reserve(rows),
            Self::Float(numbers) => numbers.values.reserve(rows),
            Self::Boolean(_) => {}
            Self::Timestamp(instants) => instants.values.reserve(rows),
            Self::Date(days) => days.values.reserve(rows),
        }
    }

    pub(crate) fn push_null(&mut self) {
        match self {
            Self::Text(texts) => texts.push_null(),
            Self::Integer(builder) | Self::Duration(builder) => builder.append_null(),
            Self::Decimal(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Boolean(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
        }
    }

    /// The values of some rows; all are forgotten.
    pub(crate) fn finish(&mut self, rows: &Runs) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(texts) => Arc::new(texts.finish(rows)?),
            Self::Integer(builder) | Self::Duration(builder) => Arc::new(builder.finish(rows)),
            Self::Decimal(builder) => Arc::new(builder.finish(rows)),
            Self::Float(builder) => Arc::new(builder.finish(rows)),
            Self::Boolean(builder) => Arc::new(claims(&builder.finish(), rows)),
            Self::Timestamp(builder) => Arc::new(builder.finish(rows)),
            Self::Date(builder) => Arc::new(builder.finish(rows)),
        })
    }
}

fn claims(all: &BooleanArray, rows: &Runs) -> BooleanArray {
    if rows.are_all() {
        all.clone()
    } else {
        rows.iter().flatten().map(|row| all.is_valid(row).then(|| all.value(row))).collect()
    }
}

/// The type a column has in the table.
///
/// # Panics
///
/// Never for a column of a source that was read: its scale was proven to be one.
pub fn data_type(column: &Column) -> DataType {
    match column.kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer | Kind::Duration => DataType::Int64,
        Kind::Decimal => DataType::Decimal128(
            u8::try_from(PRECISION).expect("18 is a small number"),
            column.scale().cast_signed(),
        ),
        Kind::Float => DataType::Float64,
        Kind::Timestamp => {
            DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, Some("UTC".into()))
        }
        Kind::Date => DataType::Date32,
        Kind::Boolean => DataType::Boolean,
    }
}

/// Values of a fixed width.
pub(crate) struct Fixed<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    valid: NullBufferBuilder,
    data_type: DataType,
}

impl<T: ArrowPrimitiveType> Fixed<T> {
    fn new(data_type: DataType) -> Self {
        Self { values: Vec::new(), valid: NullBufferBuilder::new(0), data_type }
    }

    #[inline]
    pub(crate) fn append_value(&mut self, value: T::Native) {
        self.values.push(value);
        self.valid.append_non_null();
    }

    pub(crate) fn append_null(&mut self) {
        self.values.push(T::Native::default());
        self.valid.append_null();
    }

    /// How many rows there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    fn value(&self, row: usize) -> Option<T::Native> {
        self.valid.is_valid(row).then(|| self.values[row])
    }

    fn finish(&mut self, rows: &Runs) -> PrimitiveArray<T> {
        rows.keep(&mut self.values);
        rows.keep_valid(&mut self.valid);
        let values = ScalarBuffer::from(std::mem::take(&mut self.values));
        PrimitiveArray::new(values, self.valid.finish()).with_data_type(self.data_type.clone())
    }
}

/// Texts laid end to end, proven to be UTF-8 all at once when they are finished.
pub(crate) struct TextBuffer {
    bytes: Vec<u8>,
    ends: Vec<i32>,
    valid: NullBufferBuilder,
}

impl Default for TextBuffer {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: vec![0], valid: NullBufferBuilder::new(0) }
    }
}

impl TextBuffer {
    fn reserve(&mut self, rows: usize, bytes: usize) {
        self.bytes.reserve(bytes);
        self.ends.reserve(rows);
    }

    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.end();
        self.valid.append_non_null();
    }

    pub(crate) fn push_null(&mut self) {
        self.end();
        self.valid.append_null();
    }

    fn text(&self, row: usize) -> Option<&[u8]> {
        let at = |end: i32| usize::try_from(end).expect("texts have no end below zero");
        let text = || &self.bytes[at(self.ends[row])..at(self.ends[row + 1])];
        self.valid.is_valid(row).then(text)
    }

    fn keep(&mut self, rows: &Runs) {
        if rows.are_all() {
            return;
        }
        let at = |ends: &[i32], row: usize| {
            usize::try_from(ends[row]).expect("texts have no end below zero")
        };
        let texts = rows.iter().map(|run| at(&self.ends, run.start)..at(&self.ends, run.end));
        let bytes = moved_together(&mut self.bytes, texts);
        self.bytes.truncate(bytes);
        let (mut kept, mut end) = (0, 0);
        for run in rows.iter() {
            let gone = self.ends[run.start] - end;
            for row in run {
                kept += 1;
                end = self.ends[row + 1] - gone;
                self.ends[kept] = end;
            }
        }
        self.ends.truncate(kept + 1);
        rows.keep_valid(&mut self.valid);
    }

    fn end(&mut self) {
        let end =
            i32::try_from(self.bytes.len()).expect("a batch is finished long before 2 GiB of text");
        self.ends.push(end);
    }

    fn finish(&mut self, rows: &Runs) -> Result<StringArray, ArrowError> {
        self.keep(rows);
        let Self { bytes, ends, mut valid } = std::mem::take(self);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        StringArray::try_new(offsets, Buffer::from_vec(bytes), valid.finish())
    }
}
