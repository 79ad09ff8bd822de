//! Days and instants among the values of a function.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Date32Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};

use super::local_rules::LocalRules;
use crate::sql::sql_fault::SqlFault;

/// What a value of SQL says of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeKind {
    /// No value of any type.
    Nothing,
    Day,
    Instant,
}

impl TimeKind {
    /// What a type says of time, for a function that takes days and instants.
    pub(super) fn of(data_type: &DataType, function: &str) -> Result<Self, SqlFault> {
        match data_type {
            DataType::Null => Ok(Self::Nothing),
            DataType::Date32 | DataType::Date64 => Ok(Self::Day),
            DataType::Timestamp(_, Some(_)) => Ok(Self::Instant),
            DataType::Timestamp(_, None) => Err(SqlFault {
                help: Some(
                    "say whose clock shows it: x AT TIME ZONE 'UTC', x AT TIME ZONE 'Europe/Berlin'"
                        .into(),
                ),
                ..SqlFault::new(format!(
                    "`{function}` takes an instant, and this is a time without a zone"
                ))
            }),
            _ => Err(SqlFault::new(format!(
                "`{function}` takes a date or an instant, and this is neither"
            ))),
        }
    }

    /// Refuses all but an instant.
    pub(super) fn instant(data_type: &DataType, function: &str) -> Result<(), SqlFault> {
        if Self::of(data_type, function)? == Self::Day {
            let message =
                format!("`{function}` takes instants here, and a date has no time of day");
            return Err(SqlFault::new(message));
        }
        Ok(())
    }
}

/// The local day of each value, counted from 1970; a date is its own.
pub(super) fn days(values: &ArrayRef, rules: &LocalRules) -> Result<Date32Array, SqlFault> {
    if matches!(values.data_type(), DataType::Timestamp(..)) {
        let instants = instants(values)?;
        return Ok(instants
            .iter()
            .map(|instant| instant.and_then(|instant| rules.day_of(instant)))
            .collect());
    }
    Ok(cast_to(values, &DataType::Date32)?.as_primitive::<Date32Type>().clone())
}

/// Each value in microseconds since 1970.
pub(super) fn instants(values: &ArrayRef) -> Result<Int64Array, SqlFault> {
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("UTC")));
    let cast = cast_to(values, &utc)?;
    Ok(cast.as_primitive::<TimestampMicrosecondType>().reinterpret_cast())
}

/// A word that is the same in every row: the grain of a function.
pub(super) fn word(values: &ArrayRef) -> Result<Option<String>, SqlFault> {
    let texts = texts(values)?;
    let texts = texts.as_string::<i32>();
    let is_there = !texts.is_empty() && texts.is_valid(0);
    Ok(is_there.then(|| texts.value(0).to_owned()))
}

/// Each value as a text.
pub(super) fn texts(values: &ArrayRef) -> Result<ArrayRef, SqlFault> {
    cast_to(values, &DataType::Utf8)
}

fn cast_to(values: &ArrayRef, kind: &DataType) -> Result<ArrayRef, SqlFault> {
    cast(values, kind).map_err(|error| SqlFault::new(error.to_string()))
}
