//! Rows that a fact marks as left out, told by their reasons.

use scorewright_domain::{Fault, LEFT_OUT, SqlName};

use super::conditions::{RowCondition, all_of};
use crate::measure::{CountedRows, MeasureContext};
use crate::sql::Sql;

/// Reasons that are told apart; those of fewer rows are told together.
const REASONS: usize = 12;

/// A condition for each reason that leaves out rows among those that meet the conditions so far, most rows first.
pub(super) fn reasons(
    context: &MeasureContext,
    relation: &Sql,
    before: &[RowCondition],
    counted: &CountedRows,
) -> Result<Vec<RowCondition>, Fault> {
    let Some(condition) = counted.condition() else { return Ok(Vec::new()) };
    let column = SqlName(LEFT_OUT);
    let mut sql = Sql::new();
    sql.add(format!("SELECT CAST({column} AS VARCHAR) AS \"_reason\", count(*) AS \"_rows\""));
    sql.add("\nFROM (").nested(relation).add(")\nWHERE ").nested(&all_of(before));
    sql.add(format!(" AND NOT ({condition})\nGROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {REASONS}"));
    let answer = context.query(&sql)?;
    let mut reasons = Vec::new();
    for row in answer.rows() {
        let reason = row.text("_reason")?;
        let keeps = counted.without_reason(reason).unwrap_or_default();
        reasons.push(RowCondition::new(format!("left out: {reason}"), keeps));
    }
    if reasons.len() == REASONS {
        reasons.push(RowCondition::new("left out: other reasons", condition));
    }
    Ok(reasons)
}

/// A query that lists the rows that are left out among those that meet the conditions; none where the fact marks none.
pub(super) fn listing(
    relation: &Sql,
    conditions: &[RowCondition],
    counted: &CountedRows,
) -> Option<String> {
    let condition = counted.condition()?;
    let mut sql = Sql::new();
    sql.add("SELECT *\nFROM (").nested(relation).add(")\nWHERE ").nested(&all_of(conditions));
    sql.add(format!(" AND NOT ({condition})"));
    Some(sql.text().to_owned())
}
