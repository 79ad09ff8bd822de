//! Sum over sum.

use scorewright_domain::{Fault, KpiValue};

use super::cells::{GridCells, GridKey};
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::rows::EventRelation;
use super::sums::{
    Aggregates, ClusterSums, Sums, cluster_sums, coded_sums, event_sql, event_sums, factor, values,
};
use crate::metric::{Expression, FactRows, IntervalChoice, RatioMetric};
use crate::sql::Sql;
use crate::statistics::seed;

/// What is kept of the rows of a ratio.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RatioSums {
    sums: GridCells<Sums>,
    /// Without cells where the interval needs no clusters.
    clusters: GridCells<ClusterSums>,
}

impl FactQuery for RatioMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Denominator(&self.denominator)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        Ok(event_sql(context, &relation, &self.aggregates()))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        self.aggregates().columns()
    }
}

impl FactKind for RatioMetric {
    type Partial = RatioSums;

    fn partial(&self, context: &MeasureContext) -> Result<RatioSums, Fault> {
        if let Some(sums) = self.read(context)? {
            return Ok(sums);
        }
        let relation = EventRelation::of(context, &self.rows)?;
        let sums = event_sums(context, &relation, &self.aggregates())?;
        let everything = sums.everything();
        let clusters = match self.drawn(context) {
            Some(cluster) => {
                let clusters = clusters_sql(context, self, cluster, &relation);
                cluster_sums(context, &clusters, everything)?
            }
            None => GridCells::new(everything),
        };
        Ok(RatioSums { sums, clusters })
    }

    fn merge(one: RatioSums, other: RatioSums) -> RatioSums {
        RatioSums {
            sums: one.sums.merged(other.sums, Sums::plus),
            clusters: one.clusters.merged(other.clusters, ClusterSums::plus),
        }
    }

    fn finish(&self, context: &MeasureContext, partial: &RatioSums) -> Vec<KpiValue> {
        let aggregates = self.aggregates();
        values(context, &aggregates, &partial.sums, |key, figure| {
            let clusters = partial.clusters.get(key);
            let found = clusters.and_then(|clusters| clusters.interval(seed_of(context, key)));
            let factor = factor(&aggregates, key.0);
            let scaled = found.map(|((low, high), method)| ((low * factor, high * factor), method));
            Measurement { interval: scaled.or(figure.interval), ..figure }
        })
    }
}

impl RatioMetric {
    /// The sums of one reading of the rows; `None` where the engine has to sum.
    pub(super) fn read(&self, context: &MeasureContext) -> Result<Option<RatioSums>, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        let read = coded_sums(context, &relation, &self.aggregates(), self.drawn(context))?;
        Ok(read.map(|read| RatioSums { sums: read.sums, clusters: read.clusters }))
    }

    /// The clusters that its interval is made of, where it needs any.
    fn drawn(&self, context: &MeasureContext) -> Option<&Expression> {
        let is_needed = context.metric.interval == IntervalChoice::Bootstrap;
        self.cluster.as_ref().filter(|_| is_needed)
    }

    fn aggregates(&self) -> Aggregates<'_> {
        Aggregates {
            sample: self.sample.as_ref(),
            sum_of_squares: self.sum_of_squares.as_ref(),
            scale: self.scale,
            per_year: self.per_year,
            ..Aggregates::of(&self.numerator, Some(&self.denominator))
        }
    }
}

/// Top and bottom of each cluster in each period and segment, as decimals whose products sum exactly.
fn clusters_sql(
    context: &MeasureContext,
    ratio: &RatioMetric,
    cluster: &Expression,
    relation: &EventRelation,
) -> Sql {
    let mut select = Sql::new();
    select.add("\"_cluster\", CAST((").expression(&ratio.numerator);
    select.add(") AS DECIMAL(18, 4)) AS \"_x\", CAST((").expression(&ratio.denominator);
    select.add(") AS DECIMAL(18, 4)) AS \"_y\"");
    let mut sql = Sql::new();
    sql.add("SELECT *, (").expression(cluster);
    sql.add(") AS \"_cluster\" FROM (").nested(&relation.sql).add(")");
    let clustered = relation.with_rows(sql);
    clustered.grouped(context, &select, Some("\"_cluster\""))
}

/// The same value is drawn alike in every run.
fn seed_of(context: &MeasureContext, (period, segment): &GridKey) -> u64 {
    let (label, segment) = (period.label(), segment.to_string());
    seed(&[&context.metric.name, period.grain.name(), &label, &segment])
}
