//! Sums over rows that fall into periods by one moment.

use scorewright_domain::{Fault, Period};

use super::aggregates::{Aggregates, Sums, has_rows};
use crate::measure::context::MeasureContext;
use crate::measure::grid::GridCells;
use crate::measure::rows::{Grouping, event_relation, everything, period_of, segment_of};
use crate::metric::EventRows;
use crate::sql::Sql;

/// The sums of every period and segment with rows, and the rows they were made of.
pub(crate) struct EventSums {
    pub(crate) cells: GridCells<Sums>,
    pub(super) relation: Sql,
    pub(super) grouping: Grouping,
    pub(super) everything: Period,
}

impl EventSums {
    pub(crate) fn read(
        context: &MeasureContext,
        rows: &EventRows,
        aggregates: &Aggregates,
    ) -> Result<Self, Fault> {
        let relation = event_relation(context, rows)?;
        let grouping = Grouping::by_first_days(context.metric);
        let answer = context.query(&grouped(&relation, &grouping, aggregates))?;
        let everything = everything(context, &answer, "_first")?;
        let mut cells = GridCells::new();
        for row in answer.rows() {
            if has_rows(row)? {
                let period = period_of(context.metric, row, everything)?;
                let key = (period, segment_of(context.metric, row)?);
                cells.insert(key, aggregates.read(context.metric, row)?);
            }
        }
        Ok(Self { cells, relation, grouping, everything })
    }
}

/// The query whose rows are the sums.
pub(crate) fn event_sql(
    context: &MeasureContext,
    rows: &EventRows,
    aggregates: &Aggregates,
) -> Result<Sql, Fault> {
    let relation = event_relation(context, rows)?;
    Ok(grouped(&relation, &Grouping::by_first_days(context.metric), aggregates))
}

fn grouped(relation: &Sql, grouping: &Grouping, aggregates: &Aggregates) -> Sql {
    let columns = grouping.columns();
    let mut sql = Sql::new();
    sql.add("SELECT ").list(&columns);
    if !columns.is_empty() {
        sql.add(", ");
    }
    aggregates.add_to(&mut sql);
    sql.add(", min(\"_day\") AS \"_first\"\nFROM (").nested(relation);
    sql.add(")\n").add(grouping.sets(None));
    sql
}
