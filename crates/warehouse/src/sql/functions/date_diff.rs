//! `date_diff(unit, from, until)`: calendar boundaries between two days, or time elapsed between two instants.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::datatypes::DataType;

use super::calendar_unit::CalendarUnit;
use super::local_rules::{LocalRules, known};
use super::sql_function::SqlFunctionBody;
use super::time_values::{TimeKind, days, instants, word};
use crate::sql::sql_fault::SqlFault;

/// What a difference is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiffUnit {
    /// Boundaries of the local calendar that lie between.
    Calendar(CalendarUnit),
    /// Whole units that elapsed, in microseconds each.
    Elapsed(i64),
}

impl DiffUnit {
    /// Their words, as SQL writes them.
    pub(crate) const WORDS: [&'static str; 8] =
        ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

    pub(crate) fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "second" => Some(Self::Elapsed(1_000_000)),
            "minute" => Some(Self::Elapsed(60 * 1_000_000)),
            "hour" => Some(Self::Elapsed(3_600 * 1_000_000)),
            word => CalendarUnit::of(word).map(Self::Calendar),
        }
    }
}

/// `date_diff(unit, from, until)`.
#[derive(Debug)]
pub(super) struct DateDiff(pub(super) Option<Arc<LocalRules>>);

impl SqlFunctionBody for DateDiff {
    fn answers(
        &self,
        arguments: &[DataType],
        words: &[Option<&str>],
    ) -> Result<DataType, SqlFault> {
        known(self.0.as_ref(), "date_diff")?;
        let unit = words.first().copied().flatten().and_then(DiffUnit::of);
        for time in &arguments[1..] {
            match unit {
                Some(DiffUnit::Elapsed(_)) => TimeKind::instant(time, "date_diff")?,
                _ => drop(TimeKind::of(time, "date_diff")?),
            }
        }
        Ok(DataType::Int64)
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let rules = known(self.0.as_ref(), "date_diff")?;
        let (from, until) = (&arguments[1], &arguments[2]);
        let Some(unit) = word(&arguments[0])?.and_then(|word| DiffUnit::of(&word)) else {
            return Ok(Arc::new(Int64Array::new_null(from.len())));
        };
        let difference: Int64Array = match unit {
            DiffUnit::Calendar(unit) => {
                let (from, until) = (days(from, rules)?, days(until, rules)?);
                let number = |day: Option<i32>| day.and_then(|day| unit.number(day));
                from.iter()
                    .zip(&until)
                    .map(|(from, until)| Some(number(until)? - number(from)?))
                    .collect()
            }
            DiffUnit::Elapsed(unit) => {
                let (from, until) = (instants(from)?, instants(until)?);
                let elapsed =
                    |from: Option<i64>, until: Option<i64>| Some(until?.checked_sub(from?)? / unit);
                from.iter().zip(&until).map(|(from, until)| elapsed(from, until)).collect()
            }
        };
        Ok(Arc::new(difference))
    }
}
