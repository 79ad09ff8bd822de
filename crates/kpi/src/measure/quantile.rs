//! Median, p90 and mean, from the rows themselves.

mod figure;

use scorewright_domain::{Fault, KpiValue, NullReason};

use super::context::MeasureContext;
use super::grid::grid;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::observations::{Distributions, Observed, VALUE};
use super::rows::EventRelation;
use crate::metric::{Expression, FactRows, QuantileMetric};
use crate::sql::Sql;
use figure::figure;

impl FactQuery for QuantileMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Value(&self.value)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        Ok(observed(context, self)?.sql(context))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        vec![(&self.value, VALUE)]
    }
}

impl FactKind for QuantileMetric {
    type Partial = Distributions;

    fn partial(&self, context: &MeasureContext) -> Result<Distributions, Fault> {
        Distributions::of(context, &observed(context, self)?)
    }

    fn merge(one: Distributions, other: Distributions) -> Distributions {
        one.merged(other)
    }

    fn finish(&self, context: &MeasureContext, partial: &Distributions) -> Vec<KpiValue> {
        let all = grid(context, &partial.cells).into_iter().flat_map(|key| {
            let distribution = partial.cells.get(&key);
            self.statistics.iter().map(move |statistic| {
                let figure = distribution
                    .and_then(|all| figure(context, all, *statistic, partial.unit()))
                    .unwrap_or_else(|| Measurement::missing(NullReason::NoRows));
                figure.into_value(context, statistic.name(), key.clone())
            })
        });
        all.collect()
    }
}

fn observed<'a>(
    context: &MeasureContext,
    quantile: &'a QuantileMetric,
) -> Result<Observed<'a>, Fault> {
    let mut value = Sql::new();
    value.expression(&quantile.value);
    let relation = EventRelation::of(context, &quantile.rows)?;
    Ok(Observed { relation, value, at: &quantile.value })
}
