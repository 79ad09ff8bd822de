//! Sums of expressions that add up, from one reading of the rows.

use scorewright_domain::Fault;

use super::aggregates::{Aggregates, Sums};
use super::cluster_rows::ClusterRows;
use super::cluster_sums::ClusterSums;
use super::day_sums::DaySums;
use super::row_numbers::RowNumbers;
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{EventRelation, MeasuredDays, RowReader};
use crate::metric::Expression;
use crate::sql::Sql;

/// The sums of every period and segment with rows, and those of its clusters.
pub(crate) struct CodedSums {
    pub(crate) sums: GridCells<Sums>,
    /// Without cells where no clusters were asked for.
    pub(crate) clusters: GridCells<ClusterSums>,
}

/// Sums what adds up; `None` where something does not, or the engine has to say what is wrong with it.
///
/// - `cluster`: what the rows of a cluster have in common.
///
/// # Errors
///
/// A [`Fault`] of a limit.
pub(crate) fn coded_sums(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
    cluster: Option<&Expression>,
) -> Result<Option<CodedSums>, Fault> {
    let columns = aggregates.columns();
    let expressions: Vec<&Expression> = columns.iter().map(|(expression, _)| *expression).collect();
    let Some(numbers) = RowNumbers::of(&expressions).filter(|_| !relation.counts_by_grain()) else {
        return Ok(None);
    };
    let days = MeasuredDays::of(context);
    let mut reader = RowReader::of(context);
    let mut by_day = DaySums::new(days, numbers.len());
    let mut clusters = cluster.map(|_| ClusterRows::default());
    let read = reader.read(&selected(&numbers, cluster), &relation.sql, |rows| {
        let of_rows = days.numbers(&rows.columns[0])?;
        let (sums, rest) = rows.columns[1..].split_at(numbers.len());
        by_day
            .add_rows(&of_rows, rows, |places, running| numbers.add_rows(sums, places, running))?;
        if let Some(clusters) = &mut clusters {
            clusters.add(&of_rows, rows, numbers.numbers(sums, rows.count)?, &rest[0])?;
        }
        Some(())
    })?;
    let make = || {
        let everything = by_day.everything(context);
        let mut sums = GridCells::new(everything);
        for (key, of_period) in by_day.rolled_up(context, &reader.codes)?.into_cells() {
            sums.insert(
                key,
                aggregates.of_results(&numbers.results(&of_period.sums)?, of_period.rows),
            );
        }
        let clusters = match clusters {
            Some(clusters) => {
                clusters.summed(context, &days, &reader.codes, &numbers, everything)?
            }
            None => GridCells::new(everything),
        };
        Some(CodedSums { sums, clusters })
    };
    Ok(read.and_then(|()| make()))
}

fn selected(numbers: &RowNumbers, cluster: Option<&Expression>) -> Sql {
    let mut sql = Sql::new();
    sql.add("\"_day\"");
    numbers.add_to(&mut sql);
    if let Some(cluster) = cluster {
        sql.add(", (").expression(cluster).add(") AS \"_cluster\"");
    }
    sql
}
