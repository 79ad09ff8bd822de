//! Sums over rows that fall into periods by one moment.

use scorewright_domain::Fault;

use super::aggregates::{Aggregates, Sums, has_rows};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{EventRelation, everything, period_of, segment_of};
use crate::sql::Sql;

/// The sums of every period and segment with rows.
pub(crate) fn event_sums(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
) -> Result<GridCells<Sums>, Fault> {
    let answer = context.query(&event_sql(context, relation, aggregates))?;
    let everything = everything(context, &answer, "_first")?;
    let mut cells = GridCells::new(everything);
    for row in answer.rows() {
        if has_rows(row)? {
            let period = period_of(context.metric, row, everything)?;
            let key = (period, segment_of(context.metric, row)?);
            cells.insert(key, aggregates.read(context.metric, row)?);
        }
    }
    Ok(cells)
}

/// The query whose rows are the sums.
pub(crate) fn event_sql(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
) -> Sql {
    let mut select = Sql::new();
    aggregates.add_to(&mut select);
    select.add(format!(", min(\"{}\") AS \"_first\"", relation.first_day()));
    relation.grouped(context, &select, None)
}
