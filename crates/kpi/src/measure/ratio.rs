//! Sum over sum.

use scorewright_domain::{Fault, KpiValue};

use super::answer::MeasureRow;
use super::clustered_sums::ClusteredSums;
use super::context::MeasureContext;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::rows::{EventRelation, Grouping, period_of};
use super::sums::{Aggregates, ClusterQuery, coded_sums, event_sql, event_sums};
use crate::metric::{Expression, FactRows, IntervalChoice, RatioMetric};
use crate::sql::Sql;

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
    type Partial = ClusteredSums;

    fn partial(&self, context: &MeasureContext) -> Result<ClusteredSums, Fault> {
        if let Some(sums) = self.read(context)? {
            return Ok(sums);
        }
        let relation = EventRelation::of(context, &self.rows)?;
        let sums = event_sums(context, &relation, &self.aggregates())?;
        let everything = sums.everything();
        let period = |row: MeasureRow<'_>| period_of(context.metric, row, everything);
        let clusters = self.drawn(context).map(|cluster| ClusterQuery {
            sql: clusters_sql(context, self, cluster, &relation),
            grouping: Grouping::by_first_days(context.metric),
            everything,
            period_of: &period,
        });
        ClusteredSums::of(context, sums, clusters.as_ref())
    }

    fn merge(one: ClusteredSums, other: ClusteredSums) -> ClusteredSums {
        one.merged(other)
    }

    fn finish(&self, context: &MeasureContext, partial: &ClusteredSums) -> Vec<KpiValue> {
        partial.values(context, &self.aggregates())
    }
}

impl RatioMetric {
    /// The sums of one reading of the rows; `None` where the engine has to sum.
    pub(super) fn read(&self, context: &MeasureContext) -> Result<Option<ClusteredSums>, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        let read = coded_sums(context, &relation, &self.aggregates(), self.drawn(context))?;
        Ok(read.map(|read| ClusteredSums { sums: read.sums, clusters: read.clusters }))
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
