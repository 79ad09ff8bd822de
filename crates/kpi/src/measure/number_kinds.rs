//! Whether what a metric sums, or takes a median of, are numbers that add up exactly: known before there is a row.

use scorewright_domain::Fault;
use scorewright_warehouse::{NumberKind, Parameters};

use super::context::MeasureContext;
use super::quantile;
use super::sums::Aggregates;
use crate::metric::{Expression, MetricKind};
use crate::sql::Sql;

/// Refuses expressions of a metric over a fact that give floats, or no numbers.
///
/// - `sql`: the query that has them as columns.
pub(super) fn check(context: &MeasureContext, sql: &Sql) -> Result<(), Fault> {
    let kinds = context.session.number_kinds_of(sql.text(), &Parameters::new());
    let kinds = kinds.map_err(|fault| sql.fault(context.metric, &fault))?;
    let kind_of = |column: &str| {
        kinds.iter().find(|(name, _)| name == column).map_or(NumberKind::Exact, |(_, kind)| *kind)
    };
    let asked: Vec<(&Expression, &str)> = match &context.metric.kind {
        MetricKind::Ratio(ratio) => Aggregates::from(ratio).columns(),
        MetricKind::Total(total) => Aggregates::from(total).columns(),
        MetricKind::State(state) => Aggregates::from(state).columns(),
        MetricKind::Movement(movement) => Aggregates::from(movement).columns(),
        MetricKind::Quantile(quantile) => vec![(&quantile.value, quantile::VALUE)],
        MetricKind::Derived(_) | MetricKind::Growth(_) => Vec::new(),
    };
    asked.into_iter().try_for_each(|(expression, column)| {
        fault_of(context, expression, kind_of(column)).map_or(Ok(()), Err)
    })
}

/// What is said of an expression that gives a kind of number; nothing of exact ones.
fn fault_of(context: &MeasureContext, expression: &Expression, kind: NumberKind) -> Option<Fault> {
    let message = match kind {
        NumberKind::Exact => return None,
        NumberKind::Real => format!(
            "`{}` gives real numbers, whose sum depends on the order of the rows",
            expression.key
        ),
        NumberKind::Other => format!("`{}` must give a number", expression.key),
    };
    let fault = context.metric.fault(expression, message);
    Some(fault.help("count, or take whole numbers or decimals: CAST(x AS DECIMAL(18, 4))"))
}
