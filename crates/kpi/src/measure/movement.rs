//! Who was there at the start of a period and at its end.

use scorewright_domain::{Fault, KpiValue, SqlName};

use super::cells::GridCells;
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::rows::{Grouping, PeriodGrid, add_dimension, dimension_column};
use super::sums::{Aggregates, Sums, period_sums, values};
use crate::metric::{Expression, FactRows, MovementMetric};
use crate::sql::Sql;

impl FactQuery for MovementMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::During(&self.intervals)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Value(&self.entity)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        Ok(grouped(context, &PeriodGrid::of(context, &self.intervals)?, self))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        self.aggregates().columns()
    }
}

impl FactKind for MovementMetric {
    type Partial = GridCells<Sums>;

    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault> {
        let periods = PeriodGrid::of(context, &self.intervals)?;
        let sql = grouped(context, &periods, self);
        period_sums(context, &periods, &self.aggregates(), &sql)
    }

    /// All intervals of an entity are in one of both.
    fn merge(one: Self::Partial, other: Self::Partial) -> Self::Partial {
        one.merged(other, Sums::plus)
    }

    fn finish(&self, context: &MeasureContext, partial: &Self::Partial) -> Vec<KpiValue> {
        values(context, &self.aggregates(), partial, |_, figure| figure)
    }
}

impl MovementMetric {
    fn aggregates(&self) -> Aggregates<'_> {
        Aggregates::of(&self.numerator, Some(&self.denominator))
    }
}

/// One row for each entity and period, then the aggregates over those.
fn grouped(context: &MeasureContext, periods: &PeriodGrid, movement: &MovementMetric) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = Sql::new();
    sql.add("WITH ");
    periods.add_periods(&mut sql, context);
    sql.add(",\nvalid_interval AS (SELECT (").expression(&movement.entity).add(") AS \"_entity\"");
    for dimension in &context.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, dimension);
    }
    sql.add(", ");
    periods.add_ends(&mut sql, &movement.intervals);
    sql.add("),\nmoved AS (");
    add_moved(&mut sql, &context.metric.by);
    sql.add(")\nSELECT ").list(&grouping.columns()).add(", ");
    movement.aggregates().add_to(&mut sql);
    sql.add("\nFROM moved\n").add(grouping.sets(None));
    sql
}

/// One row for each entity and period.
///
/// An entity belongs to the segment it was in at the start, else to that at the end, so
/// that segments add up to the total even when somebody moves between them.
fn add_moved(sql: &mut Sql, dimensions: &[Expression]) {
    let (at_start, at_end) = (holds_at("_starts"), holds_at("_ends"));
    sql.add("SELECT \"_number\", \"_entity\"");
    sql.add(format!(", bool_or({at_start}) AS \"at_start\""));
    sql.add(format!(", bool_or({at_end}) AS \"at_end\""));
    for dimension in dimensions {
        let column = SqlName(&dimension_column(dimension)).to_string();
        // The smallest value after a rank: one pass finds the value at the start, else at the end, else any.
        let rank = format!("CASE WHEN {at_start} THEN '0' WHEN {at_end} THEN '1' ELSE '2' END");
        sql.add(format!(",\n  substr(min({rank} || {column}), 2) AS {column}"));
    }
    sql.add("\n  FROM period JOIN valid_interval ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_starts\")");
    sql.add("\n  GROUP BY \"_number\", \"_entity\"");
}

/// Present at an instant: begun before it, and not ended before it.
fn holds_at(instant: &str) -> String {
    format!("\"_from\" < \"{instant}\" AND (\"_until\" IS NULL OR \"_until\" >= \"{instant}\")")
}
