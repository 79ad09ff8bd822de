//! Counts and sums over the rows of a branch.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, WindowFunctionDefinition};
use scorewright_domain::AbsentColumn;

use super::branch::{Constant, RowBranch};
use super::fold::{ConstantFolder, is_never_true};

/// Aggregates that have no value when none of their rows has one.
const NULL_OF_NULLS: [&str; 9] =
    ["avg", "bool_and", "bool_or", "first_value", "last_value", "max", "median", "min", "sum"];

/// A call of an aggregate, with or without `OVER`.
struct Call<'a> {
    name: &'a str,
    arguments: &'a [Expr],
    filter: Option<&'a Expr>,
}

impl<'a> Call<'a> {
    /// Reads a call; none where an expression is anything else.
    fn of(expr: &'a Expr) -> Option<Self> {
        match expr {
            Expr::Alias(alias) => Self::of(&alias.expr),
            Expr::AggregateFunction(call) => Some(Self {
                name: call.func.name(),
                arguments: &call.params.args,
                filter: call.params.filter.as_deref(),
            }),
            Expr::WindowFunction(call) => match &call.fun {
                WindowFunctionDefinition::AggregateUDF(function) => Some(Self {
                    name: function.name(),
                    arguments: &call.params.args,
                    filter: call.params.filter.as_deref(),
                }),
                WindowFunctionDefinition::WindowUDF(_) => None,
            },
            _ => None,
        }
    }

    /// The absent columns without which it has nothing to count or sum; `None` where it may have.
    ///
    /// None of them where the SQL itself leaves it nothing: no column would help.
    fn nothing(
        &self,
        folder: &ConstantFolder,
        branch: &RowBranch,
    ) -> Option<BTreeSet<AbsentColumn>> {
        let argument = self.arguments.first().and_then(|first| folder.fold(first, branch));
        let filter = self.filter.and_then(|filter| folder.fold(filter, branch));
        let argument = argument.filter(|constant| constant.value.is_null());
        let filter = filter.filter(is_never_true);
        let constants: Vec<Constant> = argument.into_iter().chain(filter).collect();
        if constants.is_empty() && branch.no_rows.is_none() {
            return None;
        }
        if constants.iter().any(|constant| constant.because.is_empty()) {
            return Some(BTreeSet::new());
        }
        let because = constants.into_iter().flat_map(|constant| constant.because);
        Some(because.chain(branch.no_rows.iter().flatten().cloned()).collect())
    }
}

/// What an aggregate is for every group of rows of a branch; `None` where it may differ.
pub(super) fn aggregated(
    expr: &Expr,
    kind: &DataType,
    folder: &ConstantFolder,
    branch: &RowBranch,
) -> Option<Constant> {
    let call = Call::of(expr)?;
    let because = call.nothing(folder, branch)?;
    if call.name == "count" {
        return Some(Constant { value: ScalarValue::new_zero(kind).ok()?, because });
    }
    if NULL_OF_NULLS.contains(&call.name) { Constant::null(kind, because) } else { None }
}
