//! What is there at the local midnight that ends a period.

use scorewright_domain::{Fault, KpiValue};

use super::cells::GridCells;
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::rows::{Grouping, PeriodGrid, add_dimension};
use super::sums::{Aggregates, Sums, period_sums, state_sums, values};
use crate::metric::{Expression, FactRows, StateMetric};
use crate::sql::Sql;

impl FactQuery for StateMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::AtEnd(&self.intervals)
    }

    fn need(&self) -> RowNeed<'_> {
        self.denominator.as_ref().map_or(RowNeed::Nothing, RowNeed::Denominator)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        Ok(grouped(context, &PeriodGrid::of(context, &self.intervals)?, self))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        self.aggregates().columns()
    }
}

impl FactKind for StateMetric {
    type Partial = GridCells<Sums>;

    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault> {
        if let Some(sums) = self.read(context)? {
            return Ok(sums);
        }
        let periods = PeriodGrid::of(context, &self.intervals)?;
        period_sums(context, &periods, &self.aggregates(), &grouped(context, &periods, self))
    }

    fn merge(one: Self::Partial, other: Self::Partial) -> Self::Partial {
        one.merged(other, Sums::plus)
    }

    fn finish(&self, context: &MeasureContext, partial: &Self::Partial) -> Vec<KpiValue> {
        values(context, &self.aggregates(), partial, |_, figure| figure)
    }
}

impl StateMetric {
    /// The sums of one reading of the rows; `None` where the engine has to sum.
    pub(super) fn read(&self, context: &MeasureContext) -> Result<Option<GridCells<Sums>>, Fault> {
        let periods = PeriodGrid::of(context, &self.intervals)?;
        let intervals = valid_intervals(context, &periods, self);
        state_sums(context, &periods, &self.aggregates(), &intervals)
    }

    fn aggregates(&self) -> Aggregates<'_> {
        let quotient = Aggregates::of(&self.numerator, self.denominator.as_ref());
        Aggregates { sample: self.sample.as_ref(), ..quotient }
    }
}

/// The rows with both ends of their time as whole numbers, and their dimensions.
fn valid_intervals(context: &MeasureContext, periods: &PeriodGrid, state: &StateMetric) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT *");
    for dimension in &context.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, context.metric, dimension);
    }
    sql.add(", ");
    periods.add_ends(&mut sql, &state.intervals);
    sql
}

/// The aggregates over the rows present at the end of each period.
fn grouped(context: &MeasureContext, periods: &PeriodGrid, state: &StateMetric) -> Sql {
    let grouping = Grouping::by_numbers(context.metric);
    let mut sql = Sql::new();
    sql.add("WITH ");
    periods.add_periods(&mut sql, context);
    sql.add(",\nvalid_interval AS (").nested(&valid_intervals(context, periods, state));
    sql.add(")\nSELECT ").list(&grouping.columns()).add(", ");
    state.aggregates().add_to(&mut sql);
    sql.add("\nFROM period JOIN valid_interval ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_ends\")\n");
    sql.add(grouping.sets(None));
    sql
}
