//! One value as a file gives it, before its column judges it.

use arrow::datatypes::{Decimal128Type, DecimalType};

use super::calendar::{self, MICROS_PER_DAY};

/// One value as a file gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FieldValue<'a> {
    Null,
    Text(&'a [u8]),
    Integer(i64),
    Decimal {
        unscaled: i128,
        scale: i8,
    },
    Boolean(bool),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
    /// Microseconds since 1970 on the clock of the column's zone.
    Local(i64),
    /// Days since 1970.
    Day(i32),
    /// A time span in seconds.
    Seconds(i64),
}

impl FieldValue<'_> {
    /// The value as a CSV file would have it.
    pub(crate) fn to_text(self) -> String {
        match self {
            FieldValue::Null => String::new(),
            FieldValue::Text(text) => String::from_utf8_lossy(text).into_owned(),
            FieldValue::Integer(number) => number.to_string(),
            FieldValue::Decimal { unscaled, scale } => {
                Decimal128Type::format_decimal(unscaled, Decimal128Type::MAX_PRECISION, scale)
            }
            FieldValue::Boolean(claim) => claim.to_string(),
            FieldValue::Instant(micros) | FieldValue::Local(micros) => calendar::iso(micros),
            FieldValue::Day(day) => calendar::iso(i64::from(day) * MICROS_PER_DAY)[..10].to_owned(),
            FieldValue::Seconds(seconds) => seconds.to_string(),
        }
    }
}
