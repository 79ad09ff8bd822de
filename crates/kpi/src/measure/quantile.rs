//! Median, p90 and mean, from the rows themselves.

mod figure;

use scorewright_domain::{Fault, Grain, KpiValue, NullReason, TestedChange};

use super::cells::GridKey;
use super::context::MeasureContext;
use super::grid::grid;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::observations::{Distributions, Observed, VALUE};
use super::rows::EventRelation;
use crate::metric::{Expression, FactRows, IntervalChoice, Metric, QuantileMetric, Statistic};
use crate::sql::Sql;
use crate::statistics::rank_shift;
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
                let is_median = *statistic == Statistic::Median;
                let change = is_median.then(|| shift(context, partial, &key)).flatten();
                let value = figure.into_value(context, statistic.name(), key.clone());
                KpiValue { tested_change: change, ..value }
            })
        });
        all.collect()
    }
}

/// How far the observations of a period lie above those of the period before.
///
/// None of small groups: ranks of people who are not shown would tell of them.
fn shift(
    context: &MeasureContext,
    partial: &Distributions,
    (period, segment): &GridKey,
) -> Option<TestedChange> {
    let Metric { interval, minimum_group, .. } = context.metric;
    if *interval == IntervalChoice::None || minimum_group.is_some() || period.grain == Grain::All {
        return None;
    }
    let now = partial.cells.get(&(*period, segment.clone()))?;
    let before = partial.cells.get(&(period.previous(), segment.clone()))?;
    rank_shift(now.values(), before.values(), partial.unit())
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
