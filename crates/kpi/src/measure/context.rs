//! What a metric is measured by.

use scorewright_domain::Fault;
use scorewright_warehouse::{Parameters, Session};

use super::answer::MeasureAnswer;
use crate::calendar::Calendar;
use crate::metric::{Expression, Metric};
use crate::sql::Sql;

/// One metric with all it is measured by.
pub(crate) struct MeasureContext<'a> {
    pub(crate) metric: &'a Metric,
    pub(crate) session: &'a Session,
    pub(crate) calendar: &'a Calendar,
    /// Segments of a dimension that are stated at most.
    pub(crate) most_segments: usize,
}

impl MeasureContext<'_> {
    /// Runs a query; a fault of it is shown in the metric file.
    pub(crate) fn query(&self, sql: &Sql) -> Result<MeasureAnswer<'_>, Fault> {
        let result = self.session.query(sql.text(), &self.parameters());
        result
            .map(|result| MeasureAnswer::new(self.metric, result))
            .map_err(|fault| sql.fault(self.metric, &fault))
    }

    /// What an expression may ask for: `$as_of`.
    pub(crate) fn parameters(&self) -> Parameters {
        Parameters::new().timestamp("as_of", self.calendar.midnight(self.calendar.as_of()))
    }

    /// How many rows the fact of the metric has; none of a metric without one.
    pub(crate) fn rows_of_fact(&self) -> Result<u64, Fault> {
        let Some(fact) = self.metric.kind.fact() else { return Ok(0) };
        let mut sql = Sql::new();
        sql.add("SELECT count(*) AS \"_rows\" FROM ").expression(fact);
        let answer = self.query(&sql)?;
        answer.rows().next().map_or(Ok(0), |row| row.count("_rows"))
    }

    /// Names of the columns of a fact, in its order.
    pub(crate) fn columns_of(&self, fact: &Expression) -> Result<Vec<String>, Fault> {
        let mut sql = Sql::new();
        sql.add("SELECT * FROM").expression(fact);
        let columns = self.session.columns_of(sql.text(), &Parameters::new());
        columns.map_err(|fault| sql.fault(self.metric, &fault))
    }
}
