//! Intervals of quotients whose rows come in clusters.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, IntervalMethod};

use super::event_sums::EventSums;
use crate::measure::answer::MeasureRow;
use crate::measure::context::MeasureContext;
use crate::measure::grid::{GridCells, GridKey};
use crate::measure::rows::{EventRelation, Grouping, period_of, segment_of};
use crate::metric::{Expression, RatioMetric};
use crate::sql::Sql;
use crate::statistics::{
    Cluster, Interval, Moments, bootstrap_interval, linearised_interval, seed,
};

/// Clusters of a period and segment up to which the bootstrap draws. Above, the linearised interval holds well
/// (A. C. Cameron, D. L. Miller, Journal of Human Resources 50 (2015), section VI, put "few" at 20 to
/// 50 clusters), and drawing would cost more than all measuring.
const DRAWN_CLUSTERS: u64 = 50;

/// Intervals of periods and segments whose rows come in clusters, with the method that made each.
pub(crate) type ClusterIntervals = GridCells<(Interval, IntervalMethod)>;

/// Intervals by clusters: drawn where clusters are few, linearised where they are many.
pub(crate) fn cluster_intervals(
    context: &MeasureContext,
    ratio: &RatioMetric,
    cluster: &Expression,
    sums: &EventSums,
) -> Result<ClusterIntervals, Fault> {
    let clusters = clusters(context, ratio, cluster, sums);
    let mut intervals = linearised(context, &clusters, sums)?;
    intervals.extend(drawn(context, &clusters, sums)?);
    Ok(intervals)
}

/// Top and bottom of each cluster in each period and segment, as decimals whose products sum exactly.
fn clusters(
    context: &MeasureContext,
    ratio: &RatioMetric,
    cluster: &Expression,
    sums: &EventSums,
) -> Sql {
    let mut select = Sql::new();
    select.add("\"_cluster\", CAST((").expression(&ratio.numerator);
    select.add(") AS DECIMAL(18, 4)) AS \"_x\", CAST((").expression(&ratio.denominator);
    select.add(") AS DECIMAL(18, 4)) AS \"_y\"");
    let mut sql = Sql::new();
    sql.add("SELECT *, (").expression(cluster);
    sql.add(") AS \"_cluster\" FROM (").nested(&sums.relation.sql).add(")");
    let clustered = EventRelation { sql, ..sums.relation };
    clustered.grouped(context, &select, Some("\"_cluster\""))
}

fn linearised(
    context: &MeasureContext,
    clusters: &Sql,
    sums: &EventSums,
) -> Result<ClusterIntervals, Fault> {
    let columns = Grouping::by_first_days(context.metric).columns().join(", ");
    let mut sql = Sql::new();
    sql.add(format!("SELECT {columns}{} count(*) AS \"_clusters\", ", comma(&columns)));
    sql.add("sum(\"_x\") AS \"_sum_x\", sum(\"_y\") AS \"_sum_y\", ");
    sql.add("sum(\"_x\" * \"_x\") AS \"_sum_xx\", sum(\"_x\" * \"_y\") AS \"_sum_xy\", ");
    sql.add("sum(\"_y\" * \"_y\") AS \"_sum_yy\"\nFROM (").nested(clusters).add(")");
    if !columns.is_empty() {
        sql.add(format!("\nGROUP BY {columns}"));
    }
    let mut intervals = ClusterIntervals::new();
    for row in context.query(&sql)?.rows() {
        if let Some(interval) = linearised_interval(&moments(row)?) {
            intervals.insert(key(context, sums, row)?, (interval, IntervalMethod::Linearised));
        }
    }
    Ok(intervals)
}

fn moments(row: MeasureRow) -> Result<Moments, Fault> {
    Ok(Moments {
        clusters: row.count("_clusters")?,
        numerator: row.sum("_sum_x")?,
        denominator: row.sum("_sum_y")?,
        numerator_squared: row.sum("_sum_xx")?,
        product: row.sum("_sum_xy")?,
        denominator_squared: row.sum("_sum_yy")?,
    })
}

fn drawn(
    context: &MeasureContext,
    clusters: &Sql,
    sums: &EventSums,
) -> Result<ClusterIntervals, Fault> {
    let columns = Grouping::by_first_days(context.metric).columns().join(", ");
    let comma = comma(&columns);
    let mut sql = Sql::new();
    sql.add(format!("SELECT {columns}{comma} \"_x\", \"_y\"\nFROM (SELECT *, count(*) OVER ("));
    if !columns.is_empty() {
        sql.add(format!("PARTITION BY {columns}"));
    }
    sql.add(") AS \"_clusters\" FROM (").nested(clusters);
    sql.add(format!("))\nWHERE \"_clusters\" <= {DRAWN_CLUSTERS}\n"));
    sql.add(format!("ORDER BY {columns}{comma} \"_cluster\""));
    let mut drawn: BTreeMap<GridKey, Vec<Cluster>> = BTreeMap::new();
    for row in context.query(&sql)?.rows() {
        let cluster = Cluster { numerator: row.sum("_x")?, denominator: row.sum("_y")? };
        drawn.entry(key(context, sums, row)?).or_default().push(cluster);
    }
    let intervals = drawn.into_iter().filter_map(|(key, clusters)| {
        let interval = bootstrap_interval(&clusters, seed_of(context, &key))?;
        Some((key, (interval, IntervalMethod::Bootstrap)))
    });
    Ok(intervals.collect())
}

fn seed_of(context: &MeasureContext, (period, segment): &GridKey) -> u64 {
    let (label, segment) = (period.label(), segment.to_string());
    seed(&[&context.metric.name, period.grain.name(), &label, &segment])
}

fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { "," }
}

fn key(context: &MeasureContext, sums: &EventSums, row: MeasureRow) -> Result<GridKey, Fault> {
    let period = period_of(context.metric, row, sums.everything)?;
    Ok((period, segment_of(context.metric, row)?))
}
