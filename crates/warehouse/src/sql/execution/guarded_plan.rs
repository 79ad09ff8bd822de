//! A plan of the engine before it runs: what would never end is refused, and what runs can be stopped.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, NestedLoopJoinExec};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::windows::WindowAggExec;
use scorewright_domain::group_digits;

use crate::sql::sql_fault::SqlFault;

/// Pairs of rows that a join may compare one by one: some minutes.
const MOST_PAIRS: u128 = 100_000_000_000;

/// The plan, or why it is not run.
pub(crate) fn guarded(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    verify_pairs(&plan)?;
    cooperative(plan)
}

/// Adds points at which the plan can be stopped where the engine has none: a join may compare for hours before it hands
/// over a batch, and a task that never yields cannot be aborted.
fn cooperative(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let stoppable = plan.transform_up(|node| {
        Ok(if runs_long(node.as_ref()) {
            Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>)
        } else {
            Transformed::no(node)
        })
    });
    Ok(stoppable?.data)
}

fn runs_long(node: &dyn ExecutionPlan) -> bool {
    node.is::<NestedLoopJoinExec>()
        || node.is::<CrossJoinExec>()
        || node.is::<HashJoinExec>()
        || node.is::<UnnestExec>()
        || node.is::<WindowAggExec>()
        || node.is::<ProjectionExec>()
}

/// Refuses a join that would compare every row of one large table with every row of another.
fn verify_pairs(plan: &Arc<dyn ExecutionPlan>) -> Result<()> {
    plan.apply(|node| {
        if !(node.is::<NestedLoopJoinExec>() || node.is::<CrossJoinExec>()) {
            return Ok(TreeNodeRecursion::Continue);
        }
        let rows: Vec<u128> = node.children().into_iter().filter_map(rows_of).collect();
        match rows[..] {
            [left, right] if left.saturating_mul(right) > MOST_PAIRS => {
                Err(DataFusionError::External(Box::new(too_many_pairs(left, right))))
            }
            _ => Ok(TreeNodeRecursion::Continue),
        }
    })?;
    Ok(())
}

/// Rows that the files of a plan have, as far as they tell.
fn rows_of(plan: &Arc<dyn ExecutionPlan>) -> Option<u128> {
    let statistics = StatisticsContext::new().compute(plan.as_ref(), &StatisticsArgs::new());
    Some(*statistics.ok()?.num_rows.get_value()? as u128)
}

fn too_many_pairs(left: u128, right: u128) -> SqlFault {
    let digits = |rows: u128| group_digits(&rows.to_string());
    let message = format!(
        "a join without an equality compares {} rows with {} rows, each with each",
        digits(left),
        digits(right)
    );
    let help = "join on an equality, ON a.key = b.key, with the other conditions beside it; \
                or make one of the sides smaller first, in a model or a WITH step";
    SqlFault { help: Some(help.into()), ..SqlFault::new(message) }
}
