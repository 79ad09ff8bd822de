//! Who was there at the start of a period and at its end.

use scorewright_domain::{Fault, KpiValue, SqlName};

use super::answer::MeasureRow;
use super::cells::GridCells;
use super::clustered_sums::ClusteredSums;
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::rows::{Grouping, PeriodGrid, add_dimension, dimension_column};
use super::sums::{Aggregates, ClusterQuery, Sums, movement_sums, period_sums};
use crate::metric::{Expression, FactRows, IntervalChoice, MovementMetric};
use crate::sql::Sql;

// What a metric may ask of an entity in a period.
const AT_START: &str = "at_start";
const AT_END: &str = "at_end";
const MOVED_IN: &str = "moved_in";
const MOVED_OUT: &str = "moved_out";
const WAS_BEFORE: &str = "was_before";
const AMOUNT_AT_START: &str = "amount_at_start";
const AMOUNT_AT_END: &str = "amount_at_end";

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
    type Partial = ClusteredSums;

    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault> {
        let periods = PeriodGrid::of(context, &self.intervals)?;
        let by_engine = || {
            let sql = grouped(context, &periods, self);
            period_sums(context, &periods, &self.aggregates(), &sql)
        };
        let sums = self.read(context)?.map_or_else(by_engine, Ok)?;
        let period = |row: MeasureRow<'_>| periods.period_of(row);
        let is_drawn = context.metric.interval == IntervalChoice::Bootstrap;
        let clusters = self.denominator.as_ref().filter(|_| is_drawn).map(|bottom| ClusterQuery {
            sql: entities_sql(context, &periods, self, bottom),
            grouping: Grouping::by_numbers(context.metric),
            everything: periods.everything(),
            period_of: &period,
        });
        ClusteredSums::of(context, sums, clusters.as_ref())
    }

    /// All intervals of an entity are in one of both.
    fn merge(one: Self::Partial, other: Self::Partial) -> Self::Partial {
        one.merged(other)
    }

    fn finish(&self, context: &MeasureContext, partial: &Self::Partial) -> Vec<KpiValue> {
        partial.values(context, &self.aggregates())
    }
}

impl MovementMetric {
    /// The sums of one reading of the intervals; `None` where the engine has to sum.
    pub(super) fn read(&self, context: &MeasureContext) -> Result<Option<GridCells<Sums>>, Fault> {
        if self.amount.is_some() || self.asks_for(&[WAS_BEFORE]) {
            return Ok(None);
        }
        let periods = PeriodGrid::of(context, &self.intervals)?;
        let intervals = valid_intervals(context, &periods, self);
        movement_sums(context, &periods, &self.aggregates(), &intervals, self.counts_moves())
    }

    fn aggregates(&self) -> Aggregates<'_> {
        let quotient = Aggregates::of(&self.numerator, self.denominator.as_ref());
        Aggregates { sample: self.sample.as_ref(), ..quotient }
    }

    /// What is known of an entity in a period beside whether it is there, each as SQL over its intervals.
    fn facts_of_entity(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if self.asks_for(&[WAS_BEFORE]) {
            facts.push((WAS_BEFORE, "bool_or(\"_first_from\" < \"_starts\")".to_owned()));
        }
        if self.amount.is_some() {
            let held = |instant| {
                format!("sum(CASE WHEN {} THEN \"_amount\" ELSE 0 END)", holds_at(instant))
            };
            facts.push((AMOUNT_AT_START, held("_starts")));
            facts.push((AMOUNT_AT_END, held("_ends")));
        }
        facts
    }
}

/// The intervals with their entity, both ends as whole numbers, and their dimensions.
fn valid_intervals(
    context: &MeasureContext,
    periods: &PeriodGrid,
    movement: &MovementMetric,
) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT (").expression(&movement.entity).add(") AS \"_entity\"");
    for dimension in &context.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, context.metric, dimension);
    }
    sql.add(", ");
    if let Some(amount) = &movement.amount {
        sql.add("(").expression(amount).add(") AS \"_amount\", ");
    }
    periods.add_ends(&mut sql, &movement.intervals);
    if !movement.asks_for(&[WAS_BEFORE]) {
        return sql;
    }
    let mut since = Sql::new();
    since.add(
        "SELECT *, min(\"_from\") OVER (PARTITION BY \"_entity\") AS \"_first_from\"\n  FROM (",
    );
    since.nested(&sql).add(")");
    since
}

/// Top and bottom of each entity in each period and segment, as decimals whose products sum exactly.
fn entities_sql(
    context: &MeasureContext,
    periods: &PeriodGrid,
    movement: &MovementMetric,
    bottom: &Expression,
) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = with_moved(context, periods, movement);
    sql.add("\nSELECT ").list(&grouping.columns()).add(", \"_entity\" AS \"_cluster\", CAST((");
    sql.expression(&movement.numerator).add(") AS DECIMAL(18, 4)) AS \"_x\", CAST((");
    sql.expression(bottom).add(") AS DECIMAL(18, 4)) AS \"_y\"\nFROM moved\n");
    sql.add(grouping.sets(Some("\"_entity\"")));
    sql
}

/// One row for each entity and period, as `moved`.
fn with_moved(context: &MeasureContext, periods: &PeriodGrid, movement: &MovementMetric) -> Sql {
    let mut sql = Sql::new();
    sql.add("WITH ");
    periods.add_periods(&mut sql, context);
    sql.add(",\nvalid_interval AS (").nested(&valid_intervals(context, periods, movement));
    sql.add("),\nmoved AS (");
    add_moved(&mut sql, &context.metric.by, &movement.facts_of_entity());
    sql.add(")");
    sql
}

/// One row for each entity and period, then the aggregates over those.
fn grouped(context: &MeasureContext, periods: &PeriodGrid, movement: &MovementMetric) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = with_moved(context, periods, movement);
    let counts_moves = movement.counts_moves();
    if counts_moves {
        sql.add(",\nplaced AS (");
        add_placed(&mut sql, &context.metric.by, &movement.facts_of_entity());
        sql.add(")");
    }
    sql.add("\nSELECT ").list(&grouping.columns()).add(", ");
    movement.aggregates().add_to(&mut sql);
    if counts_moves {
        sql.add("\nFROM placed\nGROUP BY ").list(&grouping.columns());
    } else {
        sql.add("\nFROM moved\n").add(grouping.sets(None));
    }
    sql
}

/// One row for each entity and period.
///
/// An entity belongs to the segment it was in at the start, else to that at the end, so
/// that segments add up to the total even when somebody moves between them.
fn add_moved(sql: &mut Sql, dimensions: &[Expression], facts: &[(&str, String)]) {
    let (at_start, at_end) = (holds_at("_starts"), holds_at("_ends"));
    sql.add("SELECT \"_number\", \"_entity\"");
    sql.add(format!(", bool_or({at_start}) AS {AT_START}"));
    sql.add(format!(", bool_or({at_end}) AS {AT_END}"));
    for (name, fact) in facts {
        sql.add(format!(",\n  {fact} AS {name}"));
    }
    for dimension in dimensions {
        let (column, ended_in) = (start_column(dimension), end_column(dimension));
        // The smallest value after a rank: one pass finds the value at the start, else at the end, else any.
        let rank = format!("CASE WHEN {at_start} THEN '0' WHEN {at_end} THEN '1' ELSE '2' END");
        sql.add(format!(",\n  substr(min({rank} || {column}), 2) AS {column}"));
        sql.add(format!(",\n  min(CASE WHEN {at_end} THEN {column} END) AS {ended_in}"));
    }
    sql.add("\n  FROM period JOIN valid_interval ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_starts\")");
    sql.add("\n  GROUP BY \"_number\", \"_entity\"");
}

/// One row for each entity, period and dimension, and one for the total; who moved has another in the segment it moved to.
///
/// In each segment those at the start, who came and who moved in, less those who left and who moved out, are those at the end.
/// Amounts add up likewise: who moved grows or shrinks where it was at the start, and moves with the amount at the end.
fn add_placed(sql: &mut Sql, dimensions: &[Expression], facts: &[(&str, String)]) {
    let known = |name: &str| format!(", {name}");
    let stays: String = facts.iter().map(|(name, _)| known(name)).collect();
    let comes = facts.iter().map(|(name, _)| match *name {
        AMOUNT_AT_START => format!(", 0 AS {name}"),
        name => known(name),
    });
    let comes: String = comes.collect();
    let is_there = format!("{AT_START}, {AT_END}{stays}, FALSE AS {MOVED_IN}");
    sql.add(placed(dimensions, None, &format!("{is_there}, FALSE AS {MOVED_OUT}")));
    for (index, dimension) in dimensions.iter().enumerate() {
        let (began_in, ended_in) = (start_column(dimension), end_column(dimension));
        let moves = format!("{AT_START} AND {AT_END} AND {began_in} <> {ended_in}");
        let there = format!("{is_there}, {moves} AS {MOVED_OUT}");
        let arrived = format!(
            "FALSE AS {AT_START}, FALSE AS {AT_END}{comes}, TRUE AS {MOVED_IN}, FALSE AS {MOVED_OUT}"
        );
        sql.add("\n  UNION ALL ").add(placed(dimensions, Some((index, &began_in)), &there));
        sql.add("\n  UNION ALL ").add(placed(dimensions, Some((index, &ended_in)), &arrived));
        sql.add(format!(" WHERE {moves}"));
    }
}

/// Rows in the segment that a column says, of one dimension or none; the other dimensions have no value.
fn placed(dimensions: &[Expression], segment: Option<(usize, &str)>, flags: &str) -> String {
    let columns = dimensions.iter().enumerate().map(|(index, dimension)| {
        let value = match segment {
            Some((placed, column)) if placed == index => column,
            _ => "CAST(NULL AS VARCHAR)",
        };
        format!("{value} AS {}, ", start_column(dimension))
    });
    format!("SELECT \"_number\", {}{flags} FROM moved", columns.collect::<String>())
}

/// The segment at the start, else at the end, quoted.
fn start_column(dimension: &Expression) -> String {
    SqlName(&dimension_column(dimension)).to_string()
}

/// The segment at the end, quoted; none where the entity is not there then.
fn end_column(dimension: &Expression) -> String {
    SqlName(&format!("{}_at_end", dimension_column(dimension))).to_string()
}

/// Present at an instant: begun before it, and not ended before it.
fn holds_at(instant: &str) -> String {
    format!("\"_from\" < \"{instant}\" AND (\"_until\" IS NULL OR \"_until\" >= \"{instant}\")")
}
