//! Sums of every period and segment, with those of the clusters that their intervals are made of.

use scorewright_domain::{Fault, KpiValue};

use super::cells::{GridCells, GridKey};
use super::context::MeasureContext;
use super::measurement::Measurement;
use super::sums::{Aggregates, ClusterQuery, ClusterSums, Sums, cluster_sums, factor, values};
use crate::statistics::seed;

/// What is kept of the rows of a quotient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClusteredSums {
    pub(super) sums: GridCells<Sums>,
    /// Without cells where the interval needs no clusters.
    pub(super) clusters: GridCells<ClusterSums>,
}

impl ClusteredSums {
    /// Sums, with the clusters of a query where there is one.
    pub(super) fn of(
        context: &MeasureContext,
        sums: GridCells<Sums>,
        clusters: Option<&ClusterQuery>,
    ) -> Result<Self, Fault> {
        let clusters = match clusters {
            Some(query) => cluster_sums(context, query)?,
            None => GridCells::new(sums.everything()),
        };
        Ok(Self { sums, clusters })
    }

    /// Those of the rows of both; each cluster is in one of both.
    pub(super) fn merged(self, other: Self) -> Self {
        Self {
            sums: self.sums.merged(other.sums, Sums::plus),
            clusters: self.clusters.merged(other.clusters, ClusterSums::plus),
        }
    }

    /// The values, with the intervals of their clusters where there are some.
    pub(super) fn values(
        &self,
        context: &MeasureContext,
        aggregates: &Aggregates,
    ) -> Vec<KpiValue> {
        values(context, aggregates, &self.sums, |key, figure| {
            let clusters = self.clusters.get(key);
            let found = clusters.and_then(|clusters| clusters.interval(seed_of(context, key)));
            let factor = factor(aggregates, key.0);
            let scaled = found.map(|((low, high), method)| ((low * factor, high * factor), method));
            Measurement { interval: scaled.or(figure.interval), ..figure }
        })
    }
}

/// The same value is drawn alike in every run.
fn seed_of(context: &MeasureContext, (period, segment): &GridKey) -> u64 {
    let (label, segment) = (period.label(), segment.to_string());
    seed(&[&context.metric.name, period.grain.name(), &label, &segment])
}
