//! What kind of number a column of an answer is, known before there is a row.

use arrow::datatypes::DataType;

use super::parameters::Parameters;
use super::session::Session;
use super::sql_fault::SqlFault;

/// What kind of number a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// Whole numbers, or no value at all.
    Whole,
    /// Decimals with digits after the point; sums of them are exact.
    Decimal,
    /// Floats.
    Real,
    /// No numbers.
    Other,
}

impl NumberKind {
    fn of(data_type: &DataType) -> Self {
        let is_whole = match data_type {
            DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => *scale <= 0,
            _ => data_type.is_integer() || data_type.is_null(),
        };
        match data_type {
            _ if is_whole => Self::Whole,
            _ if data_type.is_decimal() => Self::Decimal,
            _ if data_type.is_floating() => Self::Real,
            _ => Self::Other,
        }
    }
}

impl Session {
    /// The kind of number of each column of a SELECT, by name; runs nothing.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned.
    pub fn number_kinds_of(
        &self,
        sql: &str,
        parameters: &Parameters,
    ) -> Result<Vec<(String, NumberKind)>, SqlFault> {
        let plan = self.typed_plan(sql, parameters)?;
        let fields = plan.schema().fields().iter();
        Ok(fields.map(|field| (field.name().clone(), NumberKind::of(field.data_type()))).collect())
    }
}
