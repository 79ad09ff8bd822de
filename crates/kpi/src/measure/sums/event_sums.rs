//! Sums over rows that fall into periods by one moment.

use scorewright_domain::{Fault, Period};

use super::aggregates::{Aggregates, Sums, has_rows};
use crate::measure::context::MeasureContext;
use crate::measure::grid::GridCells;
use crate::measure::rows::{EventRelation, everything, period_of, segment_of};
use crate::metric::EventRows;
use crate::sql::Sql;

/// The sums of every period and segment with rows, and the rows they were made of.
pub(crate) struct EventSums {
    pub(crate) cells: GridCells<Sums>,
    pub(super) relation: EventRelation,
    pub(super) everything: Period,
}

impl EventSums {
    pub(crate) fn read(
        context: &MeasureContext,
        rows: &EventRows,
        aggregates: &Aggregates,
    ) -> Result<Self, Fault> {
        let relation = EventRelation::of(context, rows)?;
        let answer = context.query(&grouped(context, &relation, aggregates))?;
        let everything = everything(context, &answer, "_first")?;
        let mut cells = GridCells::new();
        for row in answer.rows() {
            if has_rows(row)? {
                let period = period_of(context.metric, row, everything)?;
                let key = (period, segment_of(context.metric, row)?);
                cells.insert(key, aggregates.read(context.metric, row)?);
            }
        }
        Ok(Self { cells, relation, everything })
    }
}

/// The query whose rows are the sums.
pub(crate) fn event_sql(
    context: &MeasureContext,
    rows: &EventRows,
    aggregates: &Aggregates,
) -> Result<Sql, Fault> {
    Ok(grouped(context, &EventRelation::of(context, rows)?, aggregates))
}

fn grouped(context: &MeasureContext, relation: &EventRelation, aggregates: &Aggregates) -> Sql {
    let mut select = Sql::new();
    aggregates.add_to(&mut select);
    select.add(format!(", min(\"{}\") AS \"_first\"", relation.first_day()));
    relation.grouped(context, &select, None)
}
