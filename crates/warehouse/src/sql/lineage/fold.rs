//! One expression over the constants of a branch.

use std::collections::BTreeSet;

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchemaRef, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, ExprSchemable as _, lit};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use super::branch::{Constant, RowBranch};

/// Folds expressions over the rows of a relation: constants are put in, and the engine computes what is left.
pub(super) struct ConstantFolder<'a> {
    schema: &'a DFSchemaRef,
    known: &'a NotNull,
    simplifier: ExprSimplifier,
}

/// Positions of columns that have a value in every row that counts.
pub(super) type NotNull = BTreeSet<usize>;

impl<'a> ConstantFolder<'a> {
    /// Of the expressions over a relation with these columns.
    pub(super) fn new(schema: &'a DFSchemaRef, known: &'a NotNull) -> Self {
        let context = SimplifyContext::builder().with_schema(schema.clone()).build();
        Self { schema, known, simplifier: ExprSimplifier::new(context) }
    }

    /// What an expression is in every row of a branch; `None` when rows may differ, or the engine cannot tell.
    pub(super) fn fold(&self, expr: &Expr, branch: &RowBranch) -> Option<Constant> {
        if let Expr::Column(column) = expr {
            return self.constant(column, branch).cloned();
        }
        let names = expr.column_refs();
        let is_any = |name: &&Column| self.constant(name, branch).is_some() || self.has_value(name);
        if !names.is_empty() && !names.iter().any(is_any) {
            return None;
        }
        let constants = names.iter().filter_map(|name| self.constant(name, branch));
        let because = constants.flat_map(|constant| constant.because.clone()).collect();
        // What literals alone decide is decided whatever extracts have.
        let of_literals = self.literal(expr, branch, |constant| constant.because.is_empty());
        match of_literals {
            Some(value) => Some(Constant { value, because: BTreeSet::new() }),
            None => Some(Constant { value: self.literal(expr, branch, |_| true)?, because }),
        }
    }

    fn constant<'b>(&self, column: &Column, branch: &'b RowBranch) -> Option<&'b Constant> {
        branch.columns.get(self.schema.maybe_index_of_column(column)?)?.as_ref()
    }

    fn has_value(&self, column: &Column) -> bool {
        self.schema.maybe_index_of_column(column).is_some_and(|at| self.known.contains(&at))
    }

    /// The value of an expression with some constants put in. What cannot be computed, as a division by zero, has none.
    fn literal(
        &self,
        expr: &Expr,
        branch: &RowBranch,
        is_put_in: impl Fn(&Constant) -> bool,
    ) -> Option<ScalarValue> {
        let put_in = |node: Expr| match &node {
            Expr::Column(column) => {
                let constant = self.constant(column, branch).filter(|constant| is_put_in(constant));
                Ok(constant.map_or_else(
                    || Transformed::no(node.clone()),
                    |constant| Transformed::yes(Expr::Literal(constant.value.clone(), None)),
                ))
            }
            Expr::IsNull(inner) | Expr::IsNotNull(inner) if self.is_known(inner) => {
                Ok(Transformed::yes(lit(matches!(node, Expr::IsNotNull(_)))))
            }
            Expr::Case(case) => self.folded_case(case.clone()).map(Transformed::yes),
            _ => Ok(Transformed::no(node)),
        };
        let put_in = expr.clone().transform_up(put_in).ok()?.data;
        match self.simplifier.simplify(put_in).ok()?.unalias_nested().data {
            Expr::Literal(value, _) => Some(value),
            _ => None,
        }
    }

    fn is_known(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Column(column) if self.has_value(column))
    }

    /// A CASE without arms that are never taken; no value when no arm that is left has one.
    ///
    /// The engine keeps a CASE whose arms are all null, and turns one of booleans into AND and OR.
    fn folded_case(&self, case: Case) -> Result<Expr> {
        let kind = Expr::Case(case.clone()).get_type(self.schema)?;
        let simplify = |expr: Box<Expr>| self.simplifier.simplify(*expr).map(Box::new);
        let Case { expr, when_then_expr, else_expr } = case;
        let expr = expr.map(simplify).transpose()?;
        let otherwise = else_expr.map(simplify).transpose()?;
        let mut arms = Vec::new();
        for (when, then) in when_then_expr {
            let (when, then) = (simplify(when)?, simplify(then)?);
            let is_false = expr.is_none() && is_literal(&when, |value| *value == FALSE);
            if !is_false && !is_null(&when) && !expr.as_deref().is_some_and(is_null) {
                arms.push((when, then));
            }
        }
        let is_without_value = otherwise.as_deref().is_none_or(is_null);
        if arms.iter().all(|(_, then)| is_null(then)) && is_without_value {
            return Ok(Expr::Literal(ScalarValue::try_new_null(&kind)?, None));
        }
        match otherwise {
            Some(otherwise) if arms.is_empty() => Ok(*otherwise),
            otherwise => Ok(Expr::Case(Case::new(expr, arms, otherwise))),
        }
    }
}

const FALSE: ScalarValue = ScalarValue::Boolean(Some(false));

fn is_null(expr: &Expr) -> bool {
    is_literal(expr, ScalarValue::is_null)
}

fn is_literal(expr: &Expr, holds: impl Fn(&ScalarValue) -> bool) -> bool {
    matches!(expr, Expr::Literal(value, _) if holds(value))
}

/// Whether a condition that has this value lets no row through.
pub(super) fn is_never_true(constant: &Constant) -> bool {
    constant.value.is_null() || constant.value == FALSE
}
