//! Which absent columns leave a metric without a value.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{AbsentColumn, Fault};
use scorewright_warehouse::{ColumnLineage, RowBranch};

use crate::measure::{AnyFactKind, MeasuredFrom, RowNeed};
use crate::metric::{Expression, Metric, PERIOD_END_COLUMN};
use crate::sql::{Sql, instant_literal};

/// The columns that no extract has and without which rows of their source give a metric no value.
///
/// - `lineage` knows the models that make the facts.
/// - Looks at what a row needs to be counted: its time, the filter, the value of a quantile, the bottom of a ratio.
/// - None for a metric made of metrics; none of sources that other parts of the SQL leave out anyway.
/// - Rows of other sources may still give it a value: whether it has one, its figures say.
///
/// # Errors
///
/// A [`Fault`] that points into the metric file when its SQL cannot be planned.
pub fn absent_columns_of(
    metric: &Metric,
    lineage: &ColumnLineage,
) -> Result<BTreeSet<AbsentColumn>, Fault> {
    match MeasuredFrom::of(&metric.kind) {
        MeasuredFrom::Fact(kind) => absent_from_fact(metric, &Needs::of(kind), lineage),
        MeasuredFrom::Metrics(_) => Ok(BTreeSet::new()),
    }
}

fn absent_from_fact(
    metric: &Metric,
    needs: &Needs,
    lineage: &ColumnLineage,
) -> Result<BTreeSet<AbsentColumn>, Fault> {
    let sql = needs.sql();
    let branches = lineage.branches(sql.text()).map_err(|fault| sql.fault(metric, &fault))?;
    Ok(branches.iter().flat_map(lacking).collect())
}

/// What a row of a fact needs to be counted.
struct Needs<'a> {
    fact: &'a Expression,
    filter: Option<&'a Expression>,
    values: Vec<&'a Expression>,
    /// What must not be zero over all rows.
    denominator: Option<&'a Expression>,
}

impl<'a> Needs<'a> {
    fn of(kind: &'a dyn AnyFactKind) -> Self {
        let rows = kind.rows();
        let (value, denominator) = match kind.need() {
            RowNeed::Nothing => (None, None),
            RowNeed::Value(value) => (Some(value), None),
            RowNeed::Denominator(denominator) => (None, Some(denominator)),
        };
        let values = [rows.time()].into_iter().chain(value).collect();
        Self { fact: rows.fact(), filter: rows.filter(), values, denominator }
    }

    /// One column for each thing needed, without a value where it cannot be had.
    fn sql(&self) -> Sql {
        let mut sql = Sql::new();
        sql.add("SELECT ");
        match self.denominator {
            Some(denominator) => {
                sql.add("nullif((").expression(denominator).add("), 0) AS \"_denominator\"");
            }
            None => {
                for (number, value) in self.values.iter().enumerate() {
                    sql.add(if number > 0 { ", (" } else { "(" }).expression(value);
                    sql.add(format!(") AS \"_{number}\""));
                }
            }
        }
        // Which moment ends a period says nothing of what is absent.
        let period_end = instant_literal(Timestamp::UNIX_EPOCH);
        sql.add(format!("\nFROM (SELECT *, {period_end} AS \"{PERIOD_END_COLUMN}\" FROM"));
        sql.expression(self.fact).add(") WHERE TRUE");
        // A sum over rows of no time is no value: what it lacks is what the time lacks.
        for value in self.values.iter().filter(|_| self.denominator.is_some()) {
            sql.add(" AND (").expression(value).add(") IS NOT NULL");
        }
        if let Some(filter) = self.filter {
            sql.add(" AND (").expression(filter).add(")");
        }
        sql
    }
}

/// What a branch lacks; nothing where the SQL leaves a need without a value whatever extracts have.
fn lacking(branch: &RowBranch) -> BTreeSet<AbsentColumn> {
    let needs: Vec<&BTreeSet<AbsentColumn>> =
        branch.without_rows().into_iter().chain(branch.without_values().flatten()).collect();
    if needs.iter().any(|because| because.is_empty()) {
        return BTreeSet::new();
    }
    needs.into_iter().flatten().cloned().collect()
}

#[cfg(test)]
mod tests;
