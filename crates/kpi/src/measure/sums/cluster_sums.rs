//! Sums of each cluster, and the intervals made of them.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, IntervalMethod, Period};

use super::cluster_name::ClusterName;
use super::exact_number::ExactNumber;
use crate::measure::answer::MeasureRow;
use crate::measure::cells::{GridCells, GridKey};
use crate::measure::context::MeasureContext;
use crate::measure::rows::{Grouping, segment_of};
use crate::sql::Sql;
use crate::statistics::{Cluster, Interval, Moments, bootstrap_interval, linearised_interval};

/// Clusters of a period and segment up to which the bootstrap draws. Above, the linearised interval holds well
/// (A. C. Cameron, D. L. Miller, Journal of Human Resources 50 (2015), section VI, put "few" at 20 to
/// 50 clusters), and drawing would cost more than all measuring.
const DRAWN_CLUSTERS: u64 = 50;

/// What is kept of the clusters of one period and segment.
///
/// Where they are few, each is kept. Where they are many, moments are enough, and the engine sums
/// those: reading every cluster would cost more than all measuring. Moments have squares of what a
/// cluster sums to, so they add up only for clusters that are whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ClusterSums {
    moments: ExactMoments,
    /// In the order of their names, as the engine sorts them; empty where clusters are many.
    few: Vec<NamedCluster>,
}

/// [`Moments`] without rounding.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct ExactMoments {
    clusters: u64,
    numerator: ExactNumber,
    denominator: ExactNumber,
    numerator_squared: ExactNumber,
    product: ExactNumber,
    denominator_squared: ExactNumber,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct NamedCluster {
    pub(super) name: ClusterName,
    pub(super) numerator: ExactNumber,
    pub(super) denominator: ExactNumber,
}

impl ClusterSums {
    /// The clusters of both, none of which is in both.
    pub(crate) fn plus(self, other: Self) -> Self {
        let moments = self.moments.plus(other.moments);
        let mut few = Vec::new();
        if moments.clusters <= DRAWN_CLUSTERS {
            few.extend(self.few.into_iter().chain(other.few));
            few.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Self { moments, few }
    }

    /// Adds a cluster whose name follows those of all before; `None` where its squares have too many digits.
    pub(super) fn push(&mut self, cluster: NamedCluster) -> Option<()> {
        self.moments = self.moments.with(&cluster)?;
        if self.moments.clusters <= DRAWN_CLUSTERS {
            self.few.push(cluster);
        } else {
            self.few = Vec::new();
        }
        Some(())
    }

    /// Drawn where clusters are few, linearised where they are many.
    pub(crate) fn interval(&self, seed: u64) -> Option<(Interval, IntervalMethod)> {
        let few: Vec<Cluster> = self.few.iter().map(NamedCluster::rounded).collect();
        let drawn = bootstrap_interval(&few, seed);
        let drawn = drawn.map(|interval| (interval, IntervalMethod::Bootstrap));
        drawn.or_else(|| {
            let linearised = linearised_interval(&self.moments.rounded())?;
            Some((linearised, IntervalMethod::Linearised))
        })
    }
}

impl ExactMoments {
    fn read(row: MeasureRow) -> Result<Self, Fault> {
        Ok(Self {
            clusters: row.count("_clusters")?,
            numerator: sum(row, "_sum_x")?,
            denominator: sum(row, "_sum_y")?,
            numerator_squared: sum(row, "_sum_xx")?,
            product: sum(row, "_sum_xy")?,
            denominator_squared: sum(row, "_sum_yy")?,
        })
    }

    /// Those of one cluster more; `None` where they have too many digits.
    fn with(self, cluster: &NamedCluster) -> Option<Self> {
        let (x, y) = (cluster.numerator, cluster.denominator);
        Some(Self {
            clusters: self.clusters + 1,
            numerator: self.numerator.checked_plus(x)?,
            denominator: self.denominator.checked_plus(y)?,
            numerator_squared: self.numerator_squared.checked_plus(x.checked_times(x)?)?,
            product: self.product.checked_plus(x.checked_times(y)?)?,
            denominator_squared: self.denominator_squared.checked_plus(y.checked_times(y)?)?,
        })
    }

    fn plus(self, other: Self) -> Self {
        Self {
            clusters: self.clusters + other.clusters,
            numerator: self.numerator.plus(other.numerator),
            denominator: self.denominator.plus(other.denominator),
            numerator_squared: self.numerator_squared.plus(other.numerator_squared),
            product: self.product.plus(other.product),
            denominator_squared: self.denominator_squared.plus(other.denominator_squared),
        }
    }

    fn rounded(self) -> Moments {
        Moments {
            clusters: self.clusters,
            numerator: self.numerator.as_f64(),
            denominator: self.denominator.as_f64(),
            numerator_squared: self.numerator_squared.as_f64(),
            product: self.product.as_f64(),
            denominator_squared: self.denominator_squared.as_f64(),
        }
    }
}

impl NamedCluster {
    fn read(row: MeasureRow) -> Result<Self, Fault> {
        Ok(Self {
            name: ClusterName::from(row.cell("_cluster")?),
            numerator: sum(row, "_x")?,
            denominator: sum(row, "_y")?,
        })
    }

    fn rounded(&self) -> Cluster {
        Cluster { numerator: self.numerator.as_f64(), denominator: self.denominator.as_f64() }
    }
}

/// A sum that the engine gives as a decimal; the sum of nothing is zero.
fn sum(row: MeasureRow, column: &str) -> Result<ExactNumber, Fault> {
    ExactNumber::of(row.cell(column)?).ok_or_else(|| row.unusable(column))
}

/// A query with a row for each cluster of each period and segment.
pub(crate) struct ClusterQuery<'a> {
    /// SQL whose rows have the columns of the grouping, the name of a cluster as `_cluster`, its top as `_x` and its bottom
    /// as `_y`.
    pub(crate) sql: Sql,
    /// The columns that say of which period and segment.
    pub(crate) grouping: Grouping,
    /// Everything known.
    pub(crate) everything: Period,
    /// Reads the period of a row.
    pub(crate) period_of: &'a dyn Fn(MeasureRow<'_>) -> Result<Period, Fault>,
}

/// The clusters of every period and segment.
pub(crate) fn cluster_sums(
    context: &MeasureContext,
    clusters: &ClusterQuery,
) -> Result<GridCells<ClusterSums>, Fault> {
    let key = |row: MeasureRow<'_>| -> Result<GridKey, Fault> {
        Ok(((clusters.period_of)(row)?, segment_of(context.metric, row)?))
    };
    let mut few: BTreeMap<GridKey, Vec<NamedCluster>> = BTreeMap::new();
    for row in context.query(&few_sql(clusters))?.rows() {
        few.entry(key(row)?).or_default().push(NamedCluster::read(row)?);
    }
    let mut cells = GridCells::new(clusters.everything);
    for row in context.query(&moments_sql(clusters))?.rows() {
        let (key, moments) = (key(row)?, ExactMoments::read(row)?);
        let few = few.remove(&key).unwrap_or_default();
        cells.insert(key, ClusterSums { moments, few });
    }
    Ok(cells)
}

fn moments_sql(clusters: &ClusterQuery) -> Sql {
    let columns = clusters.grouping.columns().join(", ");
    let mut sql = Sql::new();
    sql.add(format!("SELECT {columns}{} count(*) AS \"_clusters\", ", comma(&columns)));
    sql.add("sum(\"_x\") AS \"_sum_x\", sum(\"_y\") AS \"_sum_y\", ");
    sql.add("sum(\"_x\" * \"_x\") AS \"_sum_xx\", sum(\"_x\" * \"_y\") AS \"_sum_xy\", ");
    sql.add("sum(\"_y\" * \"_y\") AS \"_sum_yy\"\nFROM (").nested(&clusters.sql).add(")");
    if !columns.is_empty() {
        sql.add(format!("\nGROUP BY {columns}"));
    }
    sql
}

fn few_sql(clusters: &ClusterQuery) -> Sql {
    let columns = clusters.grouping.columns().join(", ");
    let comma = comma(&columns);
    let mut sql = Sql::new();
    sql.add(format!(
        "SELECT {columns}{comma} \"_cluster\", \"_x\", \"_y\"\nFROM (SELECT *, count(*) OVER ("
    ));
    if !columns.is_empty() {
        sql.add(format!("PARTITION BY {columns}"));
    }
    sql.add(") AS \"_clusters\" FROM (").nested(&clusters.sql);
    sql.add(format!("))\nWHERE \"_clusters\" <= {DRAWN_CLUSTERS}\n"));
    sql.add(format!("ORDER BY {columns}{comma} \"_cluster\""));
    sql
}

fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { "," }
}
