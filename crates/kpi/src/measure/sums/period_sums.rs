//! Sums over rows that hold from one moment until another, by the number of their period.

use scorewright_domain::Fault;

use super::aggregates::{Aggregates, Sums};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{PeriodGrid, segment_of};
use crate::sql::Sql;

/// The sums of every period and segment with rows, from a query over numbered periods.
pub(crate) fn period_sums(
    context: &MeasureContext,
    periods: &PeriodGrid,
    aggregates: &Aggregates,
    sql: &Sql,
) -> Result<GridCells<Sums>, Fault> {
    let mut cells = GridCells::new(periods.everything());
    for row in context.query(sql)?.rows() {
        let key = (periods.period_of(row)?, segment_of(context.metric, row)?);
        cells.insert(key, aggregates.read(context.metric, row)?);
    }
    Ok(cells)
}
