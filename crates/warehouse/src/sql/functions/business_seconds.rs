//! `business_seconds(from, until, schedule)`: time within the hours of a schedule.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array};
use arrow::datatypes::DataType;

use super::local_rules::{LocalRules, known};
use super::sql_function::SqlFunctionBody;
use super::time_values::{TimeKind, instants, texts};
use crate::sql::sql_fault::SqlFault;

const NAME: &str = "business_seconds";

/// `business_seconds(from, until, schedule)`.
#[derive(Debug)]
pub(super) struct BusinessSeconds(pub(super) Option<Arc<LocalRules>>);

impl SqlFunctionBody for BusinessSeconds {
    fn answers(&self, arguments: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        known(self.0.as_ref(), NAME)?;
        arguments[..2].iter().try_for_each(|time| TimeKind::instant(time, NAME))?;
        if arguments[2].is_string() || arguments[2].is_null() {
            return Ok(DataType::Int64);
        }
        Err(SqlFault::new(format!("`{NAME}` takes the name of a schedule, as text")))
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let rules = known(self.0.as_ref(), NAME)?;
        let (from, until) = (instants(&arguments[0])?, instants(&arguments[1])?);
        let names = texts(&arguments[2])?;
        let rows = from.iter().zip(&until).zip(names.as_string::<i32>());
        let seconds = rows.map(|((from, until), name)| match (from, until, name) {
            (Some(from), Some(until), Some(name)) => seconds(rules, from, until, name),
            _ => Ok(None),
        });
        Ok(Arc::new(seconds.collect::<Result<Int64Array, SqlFault>>()?))
    }
}

fn seconds(rules: &LocalRules, from: i64, until: i64, name: &str) -> Result<Option<i64>, SqlFault> {
    match rules.schedules.get(name) {
        Some(hours) => Ok(hours.seconds_between(from, until)),
        // The name is a value of a row, which is not quoted.
        None => Err(SqlFault {
            help: Some(rules.known_schedules("")),
            ..SqlFault::new(format!("a row names a schedule in `{NAME}` that there is not"))
        }),
    }
}
