//! What is there at the local midnight that ends a period.

use scorewright_domain::{Fault, KpiValue};

use super::context::MeasureContext;
use super::rows::{Grouping, PeriodGrid, add_dimension};
use super::sums::{Aggregates, period_values};
use crate::metric::StateMetric;
use crate::sql::Sql;

pub(super) fn measure(
    context: &MeasureContext,
    state: &StateMetric,
) -> Result<Vec<KpiValue>, Fault> {
    let periods = PeriodGrid::of(context, &state.intervals)?;
    let sql = grouped(context, &periods, state);
    period_values(context, &periods, &Aggregates::from(state), &sql)
}

/// The query whose rows are the sums.
pub(super) fn sql(context: &MeasureContext, state: &StateMetric) -> Result<Sql, Fault> {
    let periods = PeriodGrid::of(context, &state.intervals)?;
    Ok(grouped(context, &periods, state))
}

/// The aggregates over the rows present at the end of each period.
fn grouped(context: &MeasureContext, periods: &PeriodGrid, state: &StateMetric) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = Sql::new();
    sql.add("WITH ");
    periods.add_periods(&mut sql, context);
    sql.add(",\nvalid_interval AS (SELECT *");
    for dimension in &context.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, dimension);
    }
    sql.add(", ");
    periods.add_ends(&mut sql, &state.intervals);
    sql.add(")\nSELECT ").list(&grouping.columns()).add(", ");
    Aggregates::from(state).add_to(&mut sql);
    sql.add("\nFROM period JOIN valid_interval ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_ends\")\n");
    sql.add(grouping.sets(None));
    sql
}
