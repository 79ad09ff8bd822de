//! `local_period(time, grain)`: the first day of the local week, month, quarter or year.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array};
use arrow::datatypes::DataType;

use super::calendar_unit::CalendarUnit;
use super::local_rules::{LocalRules, known};
use super::sql_function::SqlFunctionBody;
use super::time_values::{TimeKind, days, word};
use crate::sql::sql_fault::SqlFault;

/// `local_period(time, grain)`.
#[derive(Debug)]
pub(super) struct LocalPeriod(pub(super) Option<Arc<LocalRules>>);

impl SqlFunctionBody for LocalPeriod {
    fn answers(&self, arguments: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        known(self.0.as_ref(), "local_period")?;
        TimeKind::of(&arguments[0], "local_period")?;
        Ok(DataType::Date32)
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let rules = known(self.0.as_ref(), "local_period")?;
        // A word that is none was refused when the SQL was planned.
        let unit = word(&arguments[1])?.and_then(|word| CalendarUnit::of(&word));
        let first = |day: i32| unit.and_then(|unit| unit.first_day(day));
        let days = days(&arguments[0], rules)?;
        Ok(Arc::new(days.iter().map(|day| day.and_then(first)).collect::<Date32Array>()))
    }
}
