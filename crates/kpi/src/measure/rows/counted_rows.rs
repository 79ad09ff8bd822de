//! Which rows of a fact count: those that it does not mark as left out.

use scorewright_domain::{Fault, LEFT_OUT, LEFT_OUT_AT, SqlName, SqlText};

use crate::measure::context::MeasureContext;
use crate::metric::{Expression, LeftOutRows};
use crate::sql::{Sql, instant_literal};

/// How a fact marks the rows that do not count, as far as a metric heeds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CountedRows {
    /// Every row counts: the fact marks none, or the metric counts them too.
    All,
    /// Rows without a reason count, and those whose reason came at the as-of day or later, where the fact tells when.
    Unmarked {
        /// Condition by which the reason of a row came too late to count; none where the fact does not tell when.
        came_later: Option<String>,
    },
}

impl CountedRows {
    /// What counts of a fact.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where the metric asks for rows that are left out, and the fact marks none.
    pub(crate) fn of(
        context: &MeasureContext,
        fact: &Expression,
        left_out: &LeftOutRows,
    ) -> Result<Self, Fault> {
        let columns = context.columns_of(fact)?;
        let has = |name: &str| columns.iter().any(|column| column == name);
        match left_out {
            LeftOutRows::Included(written) if !has(LEFT_OUT) => {
                let message = format!("`{}` has no column `{LEFT_OUT}`", fact.text);
                let fault = context.metric.fault(written, message);
                Err(fault.help("every row of it counts: take the key away"))
            }
            LeftOutRows::Excluded if has(LEFT_OUT) => {
                let came_later = has(LEFT_OUT_AT).then(|| came_later(context));
                Ok(Self::Unmarked { came_later })
            }
            LeftOutRows::Included(_) | LeftOutRows::Excluded => Ok(Self::All),
        }
    }

    /// Adds the rows that count as a relation, with all their columns.
    pub(crate) fn add_to(&self, sql: &mut Sql, fact: &Expression) {
        match self.condition() {
            None => sql.expression(fact),
            Some(condition) => {
                sql.add(" (SELECT * FROM").expression(fact).add(format!("WHERE {condition})"))
            }
        };
    }

    /// Condition that a row which counts meets; none where all do.
    pub(crate) fn condition(&self) -> Option<String> {
        self.unless(&format!("{} IS NULL", SqlName(LEFT_OUT)))
    }

    /// Condition that a row meets which is not left out for one reason.
    pub(crate) fn without_reason(&self, reason: &str) -> Option<String> {
        self.unless(&format!("({} IS DISTINCT FROM {})", SqlName(LEFT_OUT), SqlText(reason)))
    }

    fn unless(&self, holds: &str) -> Option<String> {
        match self {
            Self::All => None,
            Self::Unmarked { came_later: None } => Some(holds.to_owned()),
            Self::Unmarked { came_later: Some(later) } => Some(format!("({holds} OR {later})")),
        }
    }
}

fn came_later(context: &MeasureContext) -> String {
    let as_of = instant_literal(context.calendar.midnight(context.calendar.as_of()));
    format!("coalesce({} >= {as_of}, FALSE)", SqlName(LEFT_OUT_AT))
}
