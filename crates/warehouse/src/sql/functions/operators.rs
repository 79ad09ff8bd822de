//! Operators that the engine leaves to others: `->` and `->>` on JSON, a number times an interval.

use std::sync::LazyLock;

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable as _, ScalarUDF, lit};
use datafusion::scalar::ScalarValue;
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::interval_times::IntervalTimes;
use super::json_functions::JsonFunction;
use super::json_path::JsonTextPath;
use super::sql_function::SqlFunction;
use crate::sql::sql_fault::SqlFault;

/// Plans operators as functions of ours.
#[derive(Debug)]
pub(super) struct Operators;

static INTERVAL_TIMES: LazyLock<ScalarUDF> =
    LazyLock::new(|| SqlFunction::new("interval_times", 2, IntervalTimes).into());
static JSON_TEXT: LazyLock<ScalarUDF> =
    LazyLock::new(|| SqlFunction::new("json_text", 2, JsonFunction::Text).into());
static JSON_GET: LazyLock<ScalarUDF> =
    LazyLock::new(|| SqlFunction::new("json_get", 2, JsonFunction::Json).into());

impl ExprPlanner for Operators {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let is_interval = |side: &Expr| matches!(side.get_type(schema), Ok(DataType::Interval(_)));
        let is_number = |side: &Expr| side.get_type(schema).is_ok_and(|kind| kind.is_integer());
        match expr.op {
            BinaryOperator::Arrow => step(&JSON_GET, expr).map(PlannerResult::Planned),
            BinaryOperator::LongArrow => step(&JSON_TEXT, expr).map(PlannerResult::Planned),
            BinaryOperator::Multiply if is_interval(&expr.left) && is_number(&expr.right) => {
                Ok(PlannerResult::Planned(INTERVAL_TIMES.call(vec![expr.left, expr.right])))
            }
            BinaryOperator::Multiply if is_number(&expr.left) && is_interval(&expr.right) => {
                Ok(PlannerResult::Planned(INTERVAL_TIMES.call(vec![expr.right, expr.left])))
            }
            _ => Ok(PlannerResult::Original(expr)),
        }
    }
}

/// One step into JSON, by a key or a position.
fn step(function: &ScalarUDF, expr: RawBinaryExpr) -> Result<Expr> {
    let path = match &expr.right {
        Expr::Literal(ScalarValue::Int64(Some(item)), _) => {
            u64::try_from(*item).ok().map(JsonTextPath::of_item)
        }
        Expr::Literal(value, _) => value.try_as_str().flatten().map(JsonTextPath::of_key),
        _ => None,
    };
    let Some(path) = path else {
        let fault = SqlFault {
            help: Some(
                "payload -> 'lines' -> 0 ->> 'sku', or json_text(payload, '$.lines[0].sku')".into(),
            ),
            ..SqlFault::new("`->` and `->>` take a key or a position from 0, written out")
        };
        return Err(DataFusionError::External(Box::new(fault)));
    };
    Ok(function.call(vec![expr.left, lit(path)]))
}
