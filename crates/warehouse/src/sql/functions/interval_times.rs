//! An interval, as often as a number says: `n * INTERVAL '1 day'`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalUnit,
};

use super::sql_function::SqlFunctionBody;
use crate::sql::sql_fault::SqlFault;

/// Interval and whole number.
#[derive(Debug)]
pub(super) struct IntervalTimes;

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

impl SqlFunctionBody for IntervalTimes {
    fn answers(&self, _: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        Ok(INTERVAL)
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let fault = |error: arrow::error::ArrowError| SqlFault::new(error.to_string());
        let intervals = cast(&arguments[0], &INTERVAL).map_err(fault)?;
        let numbers = cast(&arguments[1], &DataType::Int64).map_err(fault)?;
        let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
        let rows = intervals.zip(numbers.as_primitive::<Int64Type>());
        let products = rows.map(|(interval, number)| match (interval, number) {
            (Some(interval), Some(number)) => times(interval, number).map(Some),
            _ => Ok(None),
        });
        Ok(Arc::new(products.collect::<Result<IntervalMonthDayNanoArray, SqlFault>>()?))
    }
}

fn times(interval: IntervalMonthDayNano, number: i64) -> Result<IntervalMonthDayNano, SqlFault> {
    let whole = |part: i32| i32::try_from(i64::from(part).checked_mul(number)?).ok();
    let product = || {
        Some(IntervalMonthDayNano::new(
            whole(interval.months)?,
            whole(interval.days)?,
            interval.nanoseconds.checked_mul(number)?,
        ))
    };
    product().ok_or_else(|| SqlFault::new("an interval is multiplied beyond what one can be"))
}
