//! Intervals of quotients, by the method their file names.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, Period, Segment};
use scorewright_warehouse::Cell;

use crate::measure::Bench;
use crate::measure::cells::{period, segment};
use crate::measure::ratio::Sums;
use crate::measure::timed::Groups;
use crate::metric::{Expression, Kind, Method, Metric};
use crate::sql::Sql;
use crate::statistics::{
    Cluster, Interval, Moments, bootstrap_interval, linearised_interval, mean_interval,
    points_interval, seed, share_interval,
};

/// Clusters in a cell up to which the bootstrap draws. Above, the linearised interval holds well
/// (A. C. Cameron, D. L. Miller, Journal of Human Resources 50 (2015), section VI, put "few" at 20 to
/// 50 clusters), and drawing would cost more than all measuring.
const DRAWN_CLUSTERS: u64 = 50;

/// Intervals of cells whose rows come in clusters, with the method that made each.
pub(super) type ClusterIntervals = BTreeMap<(Period, Segment), (Interval, &'static str)>;

/// The interval of the plain quotient from its sums; `None` where the sums do not fit the method.
pub(super) fn interval(metric: &Metric, sums: &Sums) -> Option<Interval> {
    match metric.interval {
        Method::Wilson => share_interval(sums.numerator.as_u64()?, sums.denominator.as_u64()?),
        Method::AdjustedWald => points_interval(
            sums.numerator.as_i64()?,
            sums.squares.as_u64()?,
            sums.denominator.as_u64()?,
        ),
        Method::StudentT => mean_interval(
            sums.denominator.as_u64()?,
            sums.numerator.as_f64(),
            sums.squares.as_f64(),
        ),
        Method::OrderStatistics | Method::Bootstrap | Method::None => None,
    }
}

/// Intervals by clusters: drawn where clusters are few, linearised where they are many.
pub(super) fn cluster_intervals(
    bench: &Bench,
    relation: &Sql,
    groups: &Groups,
    everything: Period,
) -> Result<ClusterIntervals, Fault> {
    let Kind::Ratio { numerator, denominator, cluster: Some(cluster), .. } = &bench.metric.kind
    else {
        return Ok(ClusterIntervals::new());
    };
    if bench.metric.interval != Method::Bootstrap {
        return Ok(ClusterIntervals::new());
    }
    let clusters = clusters(relation, groups, numerator, denominator, cluster);
    let mut intervals = linearised(bench, &clusters, groups, everything)?;
    intervals.extend(drawn(bench, &clusters, groups, everything)?);
    Ok(intervals)
}

/// Top and bottom of each cluster in each cell, as decimals whose products sum exactly.
fn clusters(
    relation: &Sql,
    groups: &Groups,
    numerator: &Expression,
    denominator: &Expression,
    cluster: &Expression,
) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT ").list(&groups.columns());
    sql.add(", \"_cluster\", CAST((").expression(numerator);
    sql.add(") AS DECIMAL(18, 4)) AS \"_x\", CAST((").expression(denominator);
    sql.add(") AS DECIMAL(18, 4)) AS \"_y\"\nFROM (SELECT *, (").expression(cluster);
    sql.add(") AS \"_cluster\" FROM (").nested(relation).add("))\n");
    sql.add(groups.sets(Some("\"_cluster\"")));
    sql
}

fn linearised(
    bench: &Bench,
    clusters: &Sql,
    groups: &Groups,
    everything: Period,
) -> Result<ClusterIntervals, Fault> {
    let cell = groups.columns().join(", ");
    let mut sql = Sql::new();
    sql.add(format!("SELECT {cell}{} count(*), sum(\"_x\"), sum(\"_y\"), ", comma(&cell)));
    sql.add("sum(\"_x\" * \"_x\"), sum(\"_x\" * \"_y\"), sum(\"_y\" * \"_y\")\nFROM (")
        .nested(clusters);
    sql.add(if cell.is_empty() { ")".into() } else { format!(")\nGROUP BY {cell}") });
    let mut intervals = ClusterIntervals::new();
    for row in bench.query(&sql)?.rows {
        let (place, sums) = split(bench, groups, &row, everything);
        let real = |at: usize| sums.get(at).and_then(Cell::as_f64).unwrap_or_default();
        let moments = Moments {
            clusters: sums.first().and_then(Cell::as_u64).unwrap_or_default(),
            numerator: real(1),
            denominator: real(2),
            numerator_squared: real(3),
            product: real(4),
            denominator_squared: real(5),
        };
        if let Some(interval) = linearised_interval(&moments) {
            intervals.insert(place, (interval, "linearised"));
        }
    }
    Ok(intervals)
}

fn drawn(
    bench: &Bench,
    clusters: &Sql,
    groups: &Groups,
    everything: Period,
) -> Result<ClusterIntervals, Fault> {
    let cell = groups.columns().join(", ");
    let mut sql = Sql::new();
    sql.add(format!(
        "SELECT {cell}{} \"_x\", \"_y\"\nFROM (SELECT *, count(*) OVER (",
        comma(&cell)
    ));
    sql.add(if cell.is_empty() { String::new() } else { format!("PARTITION BY {cell}") });
    sql.add(") AS \"_clusters\" FROM (").nested(clusters);
    sql.add(format!(
        "))\nWHERE \"_clusters\" <= {DRAWN_CLUSTERS}\nORDER BY {cell}{} \"_cluster\"",
        comma(&cell)
    ));
    let mut drawn: BTreeMap<(Period, Segment), Vec<Cluster>> = BTreeMap::new();
    for row in bench.query(&sql)?.rows {
        let (place, sums) = split(bench, groups, &row, everything);
        let real = |at: usize| sums.get(at).and_then(Cell::as_f64).unwrap_or_default();
        drawn.entry(place).or_default().push(Cluster { numerator: real(0), denominator: real(1) });
    }
    let intervals = drawn.into_iter().filter_map(|(place, clusters)| {
        let (label, segment) = (place.0.label(), place.1.to_string());
        let seed = seed(&[&bench.metric.name, place.0.grain.name(), &label, &segment]);
        Some((place, (bootstrap_interval(&clusters, seed)?, "bootstrap")))
    });
    Ok(intervals.collect())
}

fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { "," }
}

fn split<'a>(
    bench: &Bench,
    groups: &Groups,
    row: &'a [Cell],
    everything: Period,
) -> ((Period, Segment), &'a [Cell]) {
    let (place, sums) = row.split_at(groups.width());
    let (first_days, dimensions) = place.split_at(groups.buckets());
    let period = period(bench.metric, bench.calendar, first_days, everything);
    ((period, segment(bench.metric, dimensions)), sums)
}
