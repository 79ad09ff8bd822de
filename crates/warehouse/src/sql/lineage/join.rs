//! Two branches, joined.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::JoinType;
use scorewright_domain::AbsentColumn;

use super::branch::RowBranch;

/// The rows of a join of two branches; `None` for a kind that no SQL asks for.
///
/// - `kinds`: the types of the columns of both sides.
pub(super) fn joined(
    kind: JoinType,
    (left, right): (&RowBranch, &RowBranch),
    kinds: &[Vec<DataType>; 2],
) -> Option<RowBranch> {
    let columns = match kind {
        JoinType::Inner => [left.columns.clone(), right.columns.clone()].concat(),
        JoinType::Left => [left.columns.clone(), right.or_null(&kinds[1])].concat(),
        JoinType::Right => [left.or_null(&kinds[0]), right.columns.clone()].concat(),
        JoinType::Full => [left.or_null(&kinds[0]), right.or_null(&kinds[1])].concat(),
        JoinType::LeftSemi | JoinType::LeftAnti => left.columns.clone(),
        _ => return None,
    };
    Some(RowBranch { columns, no_rows: no_rows(kind, left, right) })
}

/// The absent columns without which a join of two branches has no row; none of them where the SQL lets none through.
fn no_rows(kind: JoinType, left: &RowBranch, right: &RowBranch) -> Option<BTreeSet<AbsentColumn>> {
    let (left, right) = (left.no_rows.clone(), right.no_rows.clone());
    match kind {
        JoinType::Left | JoinType::LeftAnti => left,
        JoinType::Right => right,
        JoinType::Full => left.zip(right).map(|(one, two)| &one | &two),
        JoinType::Inner | JoinType::LeftSemi => match (left, right) {
            // Where the one side never has a row, the columns of the other would not help.
            (Some(one), Some(two)) if one.is_empty() || two.is_empty() => Some(BTreeSet::new()),
            (Some(one), Some(two)) => Some(&one | &two),
            (one, two) => one.or(two),
        },
        _ => None,
    }
}
