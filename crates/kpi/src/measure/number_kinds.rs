//! Whether what a metric sums, or takes a median of, are numbers that add up exactly: known before there is a row.

use scorewright_domain::Fault;
use scorewright_warehouse::NumberKind;

use super::context::MeasureContext;
use super::kind::AnyFactKind;
use crate::metric::Expression;

/// Refuses expressions of a kind over a fact that give floats, or no numbers.
pub(super) fn check(context: &MeasureContext, kind: &dyn AnyFactKind) -> Result<(), Fault> {
    let sql = kind.sql(context)?;
    let kinds = context.session.number_kinds_of(sql.text(), &context.parameters());
    let kinds = kinds.map_err(|fault| sql.fault(context.metric, &fault))?;
    let kind_of = |column: &str| {
        kinds.iter().find(|(name, _)| name == column).map_or(NumberKind::Whole, |(_, kind)| *kind)
    };
    kind.exact_columns().into_iter().try_for_each(|(expression, column)| {
        fault_of(context, expression, kind_of(column)).map_or(Ok(()), Err)
    })
}

/// What is said of an expression that gives a kind of number; nothing of exact ones.
fn fault_of(context: &MeasureContext, expression: &Expression, kind: NumberKind) -> Option<Fault> {
    let message = match kind {
        NumberKind::Decimal if expression.key == "sample" => {
            "`sample` gives numbers with digits after the point, and `n` is a whole number"
                .to_owned()
        }
        NumberKind::Whole | NumberKind::Decimal => return None,
        NumberKind::Real => format!(
            "`{}` gives real numbers, whose sum depends on the order of the rows",
            expression.key
        ),
        NumberKind::Other => format!("`{}` must give a number", expression.key),
    };
    let help = match kind {
        NumberKind::Decimal => "count rows: `count(*)`, or take whole numbers: CAST(x AS BIGINT)",
        _ => "count, or take whole numbers or decimals: CAST(x AS DECIMAL(18, 4))",
    };
    Some(context.metric.fault(expression, message).help(help))
}
