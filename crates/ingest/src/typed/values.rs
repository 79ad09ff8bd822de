//! The values of one column while they are read.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, NullBufferBuilder, StringArray,
    TimestampMicrosecondBuilder,
};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

use super::number::PRECISION;
use crate::source::{Column, Kind};

/// Values of one type, and which rows have none.
pub(crate) enum Values {
    Text(Texts),
    Integer(Int64Builder),
    /// Seconds.
    Duration(Int64Builder),
    Decimal(Decimal128Builder),
    Boolean(BooleanBuilder),
    Timestamp(TimestampMicrosecondBuilder),
    Date(Date32Builder),
}

impl Values {
    pub(crate) fn new(column: &Column) -> Self {
        let data_type = data_type(column);
        match column.kind {
            Kind::Text => Self::Text(Texts::default()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Duration => Self::Duration(Int64Builder::new()),
            Kind::Decimal => Self::Decimal(Decimal128Builder::new().with_data_type(data_type)),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(data_type)),
            Kind::Date => Self::Date(Date32Builder::new()),
        }
    }

    pub(crate) fn push_null(&mut self) {
        match self {
            Self::Text(texts) => texts.push_null(),
            Self::Integer(builder) | Self::Duration(builder) => builder.append_null(),
            Self::Decimal(builder) => builder.append_null(),
            Self::Boolean(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
        }
    }

    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(texts) => Arc::new(texts.finish()?),
            Self::Integer(builder) | Self::Duration(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
        })
    }
}

/// The type a column has in the table.
pub(crate) fn data_type(column: &Column) -> DataType {
    match column.kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer | Kind::Duration => DataType::Int64,
        Kind::Decimal => DataType::Decimal128(
            u8::try_from(PRECISION).expect("18 is a small number"),
            column.scale().cast_signed(),
        ),
        Kind::Timestamp => DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Date => DataType::Date32,
        Kind::Boolean => DataType::Boolean,
    }
}

/// Texts laid end to end, proven to be UTF-8 all at once when they are finished.
pub(crate) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<i32>,
    valid: NullBufferBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        Self::with_room(0, 0)
    }
}

impl Texts {
    fn with_room(bytes: usize, rows: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self { bytes: Vec::with_capacity(bytes), ends, valid: NullBufferBuilder::new(rows) }
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

    fn end(&mut self) {
        let end = i32::try_from(self.bytes.len()).expect("a batch is finished long before 2 GiB of text");
        self.ends.push(end);
    }

    fn finish(&mut self) -> Result<StringArray, ArrowError> {
        // The next batch is most likely as large as this one.
        let next = Self::with_room(self.bytes.len() + self.bytes.len() / 8, self.ends.len());
        let Self { bytes, ends, mut valid } = std::mem::replace(self, next);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        StringArray::try_new(offsets, Buffer::from_vec(bytes), valid.finish())
    }
}
