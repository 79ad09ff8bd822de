//! `local_date(time)`: the calendar day of an instant in the zone of the project.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;

use super::local_rules::{LocalRules, known};
use super::sql_function::SqlFunctionBody;
use super::time_values::{TimeKind, days};
use crate::sql::sql_fault::SqlFault;

/// `local_date(time)`.
#[derive(Debug)]
pub(super) struct LocalDate(pub(super) Option<Arc<LocalRules>>);

impl SqlFunctionBody for LocalDate {
    fn answers(&self, arguments: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        known(self.0.as_ref(), "local_date")?;
        TimeKind::of(&arguments[0], "local_date")?;
        Ok(DataType::Date32)
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let rules = known(self.0.as_ref(), "local_date")?;
        Ok(Arc::new(days(&arguments[0], rules)?))
    }
}
