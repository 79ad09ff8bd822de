//! Amounts of several currencies, which are never added up.

use scorewright_domain::{Fault, IntervalMethod, KpiValue, NullReason, SqlName, Unit};
use scorewright_warehouse::counts_rows;

use super::context::MeasureContext;
use super::kind::AnyFactKind;
use super::rows::{CountedRows, TimeType};
use crate::metric::{FactRows, MetricKind};
use crate::sql::Sql;

/// The column that says which currency the amounts of a row are in. A fact whose amounts are converted has none, or the
/// same on every row.
const CURRENCY: &str = "currency";

/// Takes the values of a metric of amounts away, where the rows it counts are of several currencies.
pub(super) fn withhold(
    context: &MeasureContext,
    kind: &dyn AnyFactKind,
    values: &mut [KpiValue],
) -> Result<(), Fault> {
    if sums_amounts(context) && are_mixed(context, kind.rows())? {
        values.iter_mut().for_each(refuse);
    }
    Ok(())
}

/// Whether a metric is of amounts: money itself, or one sum over another.
fn sums_amounts(context: &MeasureContext) -> bool {
    let metric = context.metric;
    let is_sum = |text: &str| !counts_rows(text);
    let is_relative = matches!(metric.unit, Unit::Share | Unit::Ratio | Unit::Growth);
    match &metric.kind {
        _ if metric.unit == Unit::Money => true,
        MetricKind::Ratio(ratio) => {
            is_relative && is_sum(&ratio.numerator.text) && is_sum(&ratio.denominator.text)
        }
        MetricKind::Movement(movement) => is_relative && movement.amount.is_some(),
        MetricKind::State(state) => {
            let bottom = state.denominator.as_ref();
            is_relative
                && is_sum(&state.numerator.text)
                && bottom.is_some_and(|bottom| is_sum(&bottom.text))
        }
        _ => false,
    }
}

/// Whether the rows that a metric may count, of any known day, are of several currencies.
fn are_mixed(context: &MeasureContext, rows: FactRows) -> Result<bool, Fault> {
    let fact = rows.fact();
    if !context.columns_of(fact)?.iter().any(|column| column == CURRENCY) {
        return Ok(false);
    }
    let left_out = match rows {
        FactRows::Events(rows) => &rows.left_out,
        FactRows::During(intervals) | FactRows::AtEnd(intervals) => &intervals.left_out,
    };
    let time_type = TimeType::of(context, fact, rows.time())?;
    let mut sql = Sql::new();
    let currency = format!("nullif(CAST({} AS VARCHAR), '')", SqlName(CURRENCY));
    sql.add(format!("SELECT CASE WHEN min({currency}) <> max({currency}) THEN 1 ELSE 0 END AS \"_mixed\"\nFROM (SELECT *, "));
    time_type.add_to(&mut sql, rows.time(), "_at");
    sql.add(" FROM");
    CountedRows::of(context, fact, left_out)?.add_to(&mut sql, fact);
    let as_of = time_type.start_of(context.calendar.as_of(), context);
    sql.add(format!(")\nWHERE \"_at\" < {as_of}"));
    if let FactRows::Events(_) = rows {
        let since = time_type.start_of(context.calendar.since(), context);
        sql.add(format!(" AND \"_at\" >= {since}"));
    }
    if let Some(filter) = rows.filter() {
        sql.add(" AND (").expression(filter).add(")");
    }
    Ok(context.query(&sql)?.only_row()?.count("_mixed")? > 0)
}

fn refuse(value: &mut KpiValue) {
    value.numerator = None;
    value.denominator = None;
    value.value = None;
    value.low = None;
    value.high = None;
    value.interval = IntervalMethod::None;
    value.null_reason = Some(NullReason::MixedCurrencies);
}
