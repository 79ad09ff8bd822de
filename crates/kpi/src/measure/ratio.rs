//! Sum over sum.

use scorewright_domain::{Fault, KpiValue};

use super::context::MeasureContext;
use super::measurement::Measurement;
use super::sums::{
    Aggregates, ClusterIntervals, EventSums, cluster_intervals, event_sql, factor, values,
};
use crate::metric::{IntervalChoice, RatioMetric};
use crate::sql::Sql;

pub(super) fn measure(
    context: &MeasureContext,
    ratio: &RatioMetric,
) -> Result<Vec<KpiValue>, Fault> {
    let aggregates = Aggregates::from(ratio);
    let sums = EventSums::read(context, &ratio.rows, &aggregates)?;
    let clusters = match (context.metric.interval, &ratio.cluster) {
        (IntervalChoice::Bootstrap, Some(cluster)) => {
            cluster_intervals(context, ratio, cluster, &sums)?
        }
        _ => ClusterIntervals::new(),
    };
    Ok(values(context, &aggregates, &sums.cells, |key, figure| match clusters.get(key) {
        Some(((low, high), method)) => {
            let factor = factor(&aggregates, key.0);
            let interval = ((low * factor, high * factor), *method);
            Measurement { interval: Some(interval), ..figure }
        }
        None => figure,
    }))
}

/// The query whose rows are the sums.
pub(super) fn sql(context: &MeasureContext, ratio: &RatioMetric) -> Result<Sql, Fault> {
    event_sql(context, &ratio.rows, &Aggregates::from(ratio))
}
