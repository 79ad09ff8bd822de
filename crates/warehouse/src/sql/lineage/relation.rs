//! The nodes of a plan: branches of their inputs in, branches of their own out.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use datafusion::common::{DFSchemaRef, TableReference};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, Filter, Join, LogicalPlan, TableScan, Window,
};

use super::aggregate::aggregated;
use super::branch::{RowBranch, TableBranches, merged};
use super::fold::{ConstantFolder, NotNull, is_never_true};
use super::join::joined;

/// Branches that a join may have; beyond, its right side is one branch.
const MOST: usize = 64;

/// The tables that plans read.
pub(super) struct Relations<'a> {
    pub(super) tables: &'a BTreeMap<TableReference, TableBranches>,
}

impl Relations<'_> {
    /// The branches of a plan, each once; none when its SQL itself lets no row through.
    ///
    /// - `known`: its columns that have a value in every row that counts.
    pub(super) fn branches(&self, plan: &LogicalPlan, known: &NotNull) -> Vec<RowBranch> {
        let mut different: Vec<RowBranch> = Vec::new();
        for branch in self.all_branches(plan, known) {
            if !different.contains(&branch) {
                different.push(branch);
            }
        }
        different
    }

    fn all_branches(&self, plan: &LogicalPlan, known: &NotNull) -> Vec<RowBranch> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan, known),
            LogicalPlan::Projection(node) => self.project(&node.input, &node.expr, known),
            LogicalPlan::Filter(node) => self.filter(node, known),
            LogicalPlan::Aggregate(node) => self.aggregate(node),
            LogicalPlan::Window(node) => self.window(node),
            LogicalPlan::Join(node) => self.join(node, known),
            LogicalPlan::Union(node) => {
                node.inputs.iter().flat_map(|input| self.branches(input, known)).collect()
            }
            LogicalPlan::Distinct(Distinct::On(node)) => {
                self.project(&node.input, &node.select_expr, known)
            }
            LogicalPlan::Sort(_)
            | LogicalPlan::Repartition(_)
            | LogicalPlan::Subquery(_)
            | LogicalPlan::SubqueryAlias(_)
            | LogicalPlan::Limit(_)
            | LogicalPlan::Distinct(Distinct::All(_)) => self.branches(plan.inputs()[0], known),
            _ => vec![unknown(plan.schema())],
        }
    }

    fn scan(&self, scan: &TableScan, known: &NotNull) -> Vec<RowBranch> {
        let name = TableReference::partial(
            scan.table_name.schema().unwrap_or_default(),
            scan.table_name.table(),
        );
        let Some(table) = self.tables.get(&name) else {
            return vec![unknown(&scan.projected_schema)];
        };
        let fields = scan.projected_schema.fields().iter();
        let fields: Vec<(&str, &DataType)> =
            fields.map(|field| (field.name().as_str(), field.data_type())).collect();
        match &table.plan {
            Some(plan) if !known.is_empty() => {
                let known = known.iter().filter_map(|at| table.position(fields.get(*at)?.0));
                let known = known.collect();
                table.scanned(&self.branches(plan, &known), &fields)
            }
            _ => table.scanned(&table.branches, &fields),
        }
    }

    fn project(&self, input: &LogicalPlan, exprs: &[Expr], known: &NotNull) -> Vec<RowBranch> {
        let known = known.iter().filter_map(|at| position(exprs.get(*at)?, input.schema()));
        let known = known.collect();
        let folder = ConstantFolder::new(input.schema(), &known);
        let project = |branch: RowBranch| RowBranch {
            columns: exprs.iter().map(|expr| folder.fold(expr, &branch)).collect(),
            no_rows: branch.no_rows,
        };
        self.branches(input, &known).into_iter().map(project).collect()
    }

    /// Without the branches that the SQL itself leaves out; one that is left out for want of a column says so.
    fn filter(&self, node: &Filter, known: &NotNull) -> Vec<RowBranch> {
        let folder = ConstantFolder::new(node.input.schema(), known);
        let conditions = split_conjunction(&node.predicate);
        let asked = conditions.iter().filter_map(|condition| match condition {
            Expr::IsNotNull(inner) => position(inner, node.input.schema()),
            _ => None,
        });
        let below = known.iter().copied().chain(asked).collect();
        let filter = |mut branch: RowBranch| {
            let constants = conditions.iter().filter_map(|one| folder.fold(one, &branch));
            for condition in constants.filter(is_never_true).collect::<Vec<_>>() {
                if condition.because.is_empty() {
                    return None;
                }
                branch.no_rows.get_or_insert_default().extend(condition.because);
            }
            Some(branch)
        };
        self.branches(&node.input, &below).into_iter().filter_map(filter).collect()
    }

    /// Each branch as if its rows were alone: what it cannot add to a group is known, whatever others add.
    fn aggregate(&self, node: &Aggregate) -> Vec<RowBranch> {
        let known = NotNull::new();
        let folder = ConstantFolder::new(node.input.schema(), &known);
        let kinds = kinds(&node.schema);
        let is_plain = !node.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)));
        let groups = kinds.len() - node.aggr_expr.len();
        let aggregate = |branch: RowBranch| {
            let mut columns = vec![None; groups];
            if is_plain {
                columns = node.group_expr.iter().map(|expr| folder.fold(expr, &branch)).collect();
            }
            let calls = node.aggr_expr.iter().zip(&kinds[groups..]);
            columns.extend(calls.map(|(call, kind)| aggregated(call, kind, &folder, &branch)));
            // Without groups there is one row, of no rows too.
            RowBranch { columns, no_rows: branch.no_rows.filter(|_| groups > 0) }
        };
        self.branches(&node.input, &known).into_iter().map(aggregate).collect()
    }

    /// The columns of the input, then the calls, which look at rows beside those that count.
    fn window(&self, node: &Window) -> Vec<RowBranch> {
        let known = NotNull::new();
        let folder = ConstantFolder::new(node.input.schema(), &known);
        let (kinds, width) = (kinds(&node.schema), node.input.schema().fields().len());
        let window = |branch: RowBranch| {
            let calls = node.window_expr.iter().zip(&kinds[width..]);
            let made = calls.map(|(call, kind)| aggregated(call, kind, &folder, &branch));
            let columns = branch.columns.iter().cloned().chain(made).collect();
            RowBranch { columns, no_rows: branch.no_rows.clone() }
        };
        self.branches(&node.input, &known).into_iter().map(window).collect()
    }

    /// Every pair of branches. The condition is not looked at: a row may always find a partner.
    fn join(&self, node: &Join, known: &NotNull) -> Vec<RowBranch> {
        let left_width = node.left.schema().fields().len();
        let (of_left, of_right): (NotNull, NotNull) =
            known.iter().partition(|at| **at < left_width);
        let of_right = of_right.iter().map(|at| at - left_width).collect();
        let left = self.side(&node.left, &of_left);
        let mut right = self.side(&node.right, &of_right);
        if left.len() * right.len() > MOST {
            right = merged(&right).into_iter().collect();
        }
        let kinds = [kinds(node.left.schema()), kinds(node.right.schema())];
        let width = node.schema.fields().len();
        let pairs = left.iter().flat_map(|one| right.iter().map(move |two| (one, two)));
        let all = pairs.map(|pair| {
            joined(node.join_type, pair, &kinds).unwrap_or_else(|| RowBranch::unknown(width))
        });
        all.filter(|pair| !pair.no_rows.as_ref().is_some_and(BTreeSet::is_empty)).collect()
    }

    /// The branches of one side of a join; one without rows where the SQL lets none through.
    fn side(&self, input: &LogicalPlan, known: &NotNull) -> Vec<RowBranch> {
        let branches = self.branches(input, known);
        if branches.is_empty() {
            return vec![RowBranch { no_rows: Some(BTreeSet::new()), ..unknown(input.schema()) }];
        }
        branches
    }
}

/// The position of the column that an expression names, and does nothing with.
fn position(expr: &Expr, schema: &DFSchemaRef) -> Option<usize> {
    match expr {
        Expr::Alias(alias) => position(&alias.expr, schema),
        Expr::Column(column) => schema.maybe_index_of_column(column),
        _ => None,
    }
}

fn unknown(schema: &DFSchemaRef) -> RowBranch {
    RowBranch::unknown(schema.fields().len())
}

fn kinds(schema: &DFSchemaRef) -> Vec<DataType> {
    schema.fields().iter().map(|field| field.data_type().clone()).collect()
}
