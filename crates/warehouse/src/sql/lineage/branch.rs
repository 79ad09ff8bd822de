//! Rows of a table that come by one way, and what is constant in them.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::LogicalPlan;
use scorewright_domain::AbsentColumn;

/// The same value in every row of a branch, and the absent columns that make it so; none for a literal of the SQL.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constant {
    pub(super) value: ScalarValue,
    pub(super) because: BTreeSet<AbsentColumn>,
}

impl Constant {
    /// No value of a type; none where the type has no null of its own.
    pub(super) fn null(kind: &DataType, because: BTreeSet<AbsentColumn>) -> Option<Self> {
        Some(Self { value: ScalarValue::try_new_null(kind).ok()?, because })
    }
}

/// Rows of a relation that come by one way through its unions and joins.
///
/// What is known of a branch holds for each of its rows; two branches may know nothing or opposites of the same column.
#[derive(Debug, Clone, PartialEq)]
pub struct RowBranch {
    /// By position of the column; `None` where rows may differ.
    pub(super) columns: Vec<Option<Constant>>,
    /// The absent columns without which there can be no row; `None` where rows may be there.
    pub(super) no_rows: Option<BTreeSet<AbsentColumn>>,
}

impl RowBranch {
    /// Rows of which nothing is known.
    pub(super) fn unknown(columns: usize) -> Self {
        Self { columns: vec![None; columns], no_rows: None }
    }

    /// The absent columns without which the branch has no row; `None` where it may have rows.
    pub fn without_rows(&self) -> Option<&BTreeSet<AbsentColumn>> {
        self.no_rows.as_ref()
    }

    /// For each column, by its position: the absent columns without which it has no value in any row, none of them
    /// where the SQL itself says so; `None` where it may have a value.
    pub fn without_values(&self) -> impl Iterator<Item = Option<&BTreeSet<AbsentColumn>>> {
        self.columns.iter().map(|column| {
            column.as_ref().filter(|constant| constant.value.is_null()).map(|it| &it.because)
        })
    }

    /// The same branch as the side of a join that may find no partner: all its columns may be null.
    ///
    /// - `kinds`: the types of its columns.
    pub(super) fn or_null(&self, kinds: &[DataType]) -> Vec<Option<Constant>> {
        if let Some(because) = &self.no_rows {
            return kinds.iter().map(|kind| Constant::null(kind, because.clone())).collect();
        }
        let is_null = |constant: &Constant| constant.value.is_null();
        self.columns.iter().map(|column| column.clone().filter(is_null)).collect()
    }
}

/// The branches of a table, the names of its columns, and the plan that makes it; a raw table has none.
#[derive(Debug, Clone)]
pub(super) struct TableBranches {
    pub(super) columns: Vec<String>,
    pub(super) branches: Vec<RowBranch>,
    pub(super) plan: Option<LogicalPlan>,
}

impl TableBranches {
    /// A raw table, as far as its absent columns go.
    pub(super) fn of_raw(absent: &[&AbsentColumn]) -> Self {
        let null = |one: &&AbsentColumn| {
            Some(Constant { value: ScalarValue::Null, because: BTreeSet::from([(*one).clone()]) })
        };
        Self {
            columns: absent.iter().map(|one| one.column.clone()).collect(),
            branches: vec![RowBranch { columns: absent.iter().map(null).collect(), no_rows: None }],
            plan: None,
        }
    }

    /// The position of a column; `None` where nothing is known of it.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Branches of it as a scan reads them: the columns by name, with the types they have in the table.
    pub(super) fn scanned(
        &self,
        branches: &[RowBranch],
        fields: &[(&str, &DataType)],
    ) -> Vec<RowBranch> {
        let positions: Vec<Option<usize>> =
            fields.iter().map(|(name, _)| self.position(name)).collect();
        let scanned = |branch: &RowBranch| {
            let column = |(position, (_, kind)): (&Option<usize>, &(&str, &DataType))| {
                let constant = branch.columns[(*position)?].as_ref()?;
                let value = constant.value.cast_to(kind).ok()?;
                Some(Constant { value, because: constant.because.clone() })
            };
            let columns = positions.iter().zip(fields).map(column).collect();
            RowBranch { columns, no_rows: branch.no_rows.clone() }
        };
        branches.iter().map(scanned).collect()
    }
}

/// What holds for all branches alike, as one branch; none of none.
pub(super) fn merged(branches: &[RowBranch]) -> Option<RowBranch> {
    let (first, others) = branches.split_first()?;
    let mut all = first.clone();
    for other in others {
        for (column, beside) in all.columns.iter_mut().zip(&other.columns) {
            *column = match (column.take(), beside) {
                (Some(mut one), Some(two)) if one.value == two.value => {
                    one.because.extend(two.because.iter().cloned());
                    Some(one)
                }
                _ => None,
            };
        }
        all.no_rows = all.no_rows.zip(other.no_rows.as_ref()).map(|(one, two)| &one | two);
    }
    Some(all)
}
