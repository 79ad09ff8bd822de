//! Sums alone.

use scorewright_domain::{Fault, KpiValue};

use super::cells::GridCells;
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::rows::{EventRelation, known_days};
use super::sums::{Aggregates, Sums, coded_sums, event_sql, event_sums, values};
use crate::metric::{Expression, FactRows, TotalMetric};
use crate::sql::Sql;

impl FactQuery for TotalMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Nothing
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        Ok(event_sql(context, &relation, &self.aggregates()))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        self.aggregates().columns()
    }
}

impl FactKind for TotalMetric {
    type Partial = GridCells<Sums>;

    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        let aggregates = self.aggregates();
        let counted = match coded_sums(context, &relation, &aggregates, None)? {
            Some(all) => all.sums,
            None => event_sums(context, &relation, &aggregates)?,
        };
        Ok(counted.known_from(known_days(context, &self.rows)?))
    }

    fn merge(one: Self::Partial, other: Self::Partial) -> Self::Partial {
        one.merged(other, Sums::plus)
    }

    fn finish(&self, context: &MeasureContext, partial: &Self::Partial) -> Vec<KpiValue> {
        values(context, &self.aggregates(), partial, |_, figure| figure)
    }
}

impl TotalMetric {
    fn aggregates(&self) -> Aggregates<'_> {
        Aggregates { sample: self.sample.as_ref(), ..Aggregates::of(&self.numerator, None) }
    }
}
