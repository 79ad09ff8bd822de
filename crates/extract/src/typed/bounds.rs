//! The smallest and largest value of a column, as numbers that are compared.

use jiff::SignedDuration;

use super::calendar::{MICROS_PER_DAY, Zone};
use super::moment::MomentReader;
use super::number;
use crate::source::{Bound, Column, Kind};

/// The smallest and largest number accepted: in the smallest unit of a decimal, seconds of a duration, microseconds
/// of a timestamp, days of a date. `None` when a bound is not a value of the column's type.
pub(crate) fn range(column: &Column) -> Option<(i128, i128)> {
    let bound = |bound: &Option<Bound>, absent: i128, is_max: bool| match bound {
        None => Some(absent),
        Some(bound) => read(column, &bound.0, is_max),
    };
    Some((bound(&column.min, i128::MIN, false)?, bound(&column.max, i128::MAX, true)?))
}

fn read(column: &Column, text: &str, is_max: bool) -> Option<i128> {
    match column.kind {
        Kind::Integer => number::integer(text.as_bytes()).map(i128::from),
        Kind::Decimal => number::decimal(text.as_bytes(), column.scale()),
        Kind::Float => number::float(text.as_bytes()).map(number::float_order),
        Kind::Duration => duration(text).map(i128::from),
        Kind::Date => MomentReader::new(&[], Zone::Utc).date(text.as_bytes()).ok().map(i128::from),
        Kind::Timestamp => timestamp(column, text, is_max).map(i128::from),
        Kind::Text | Kind::Boolean => None,
    }
}

/// Whole seconds, or an ISO 8601 duration: `PT8H`, `-PT30M`.
fn duration(text: &str) -> Option<i64> {
    if let Some(seconds) = number::integer(text.as_bytes()) {
        return Some(seconds);
    }
    let duration: SignedDuration = text.parse().ok()?;
    (duration.subsec_nanos() == 0).then_some(duration.as_secs())
}

/// An ISO moment, or a day of the column's zone: `min` is its first moment, `max` its last.
fn timestamp(column: &Column, text: &str, is_max: bool) -> Option<i64> {
    let iso = MomentReader::new(&[], Zone::of(column));
    if let Ok(micros) = iso.timestamp(text.as_bytes()) {
        return Some(micros);
    }
    let day = i64::from(iso.date(text.as_bytes()).ok()?);
    let midnight = iso.local((day + i64::from(is_max)) * MICROS_PER_DAY).ok()?;
    Some(midnight - i64::from(is_max))
}
