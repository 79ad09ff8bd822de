//! Sums over rows that hold from one moment until another, by the number of their period.

use scorewright_domain::{Fault, KpiValue};

use super::aggregates::{Aggregates, Sums};
use super::figure::values;
use crate::measure::context::MeasureContext;
use crate::measure::grid::GridCells;
use crate::measure::rows::{PeriodGrid, segment_of};
use crate::sql::Sql;

/// The values of a query over numbered periods.
pub(crate) fn period_values(
    context: &MeasureContext,
    periods: &PeriodGrid,
    aggregates: &Aggregates,
    sql: &Sql,
) -> Result<Vec<KpiValue>, Fault> {
    let cells = read(context, periods, aggregates, sql)?;
    Ok(values(context, aggregates, &cells, |_, figure| figure))
}

fn read(
    context: &MeasureContext,
    periods: &PeriodGrid,
    aggregates: &Aggregates,
    sql: &Sql,
) -> Result<GridCells<Sums>, Fault> {
    let answer = context.query(sql)?;
    let cell = |row| {
        let key = (periods.period_of(row)?, segment_of(context.metric, row)?);
        Ok((key, aggregates.read(context.metric, row)?))
    };
    answer.rows().map(cell).collect()
}
