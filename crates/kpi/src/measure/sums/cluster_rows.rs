//! Rows by their cluster, summed up for each period and segment.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use scorewright_domain::Period;
use scorewright_warehouse::{AnswerColumn, Cell};

use super::cluster_name::ClusterName;
use super::cluster_sums::{ClusterSums, NamedCluster};
use super::exact_number::ExactNumber;
use super::row_numbers::{RowNumbers, RunningSum, SumColumn};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, MeasuredDays, SegmentCodes, TOTAL};

/// Digits after the point that top and bottom of a cluster have.
const SCALE: u8 = 4;

/// Most digits of top and bottom of a cluster.
const DIGITS: u32 = 18;

/// Rows that are kept at most; of more the engine makes clusters, which can put them on the disk.
const MOST_ROWS: usize = 2_000_000;

/// What is kept of rows until all clusters are known.
#[derive(Debug, Default)]
pub(super) struct ClusterRows {
    names: Vec<ClusterName>,
    numbers_of: HashMap<ClusterName, usize>,
    clusters: Vec<usize>,
    days: Vec<usize>,
    /// By dimension, the segment of each row.
    segments: Vec<Vec<usize>>,
    sums: Vec<SumColumn>,
}

impl ClusterRows {
    /// Adds rows; `None` where these are too many.
    pub(super) fn add(
        &mut self,
        days: &[usize],
        rows: &CodedRows,
        sums: Vec<SumColumn>,
        clusters: &AnswerColumn,
    ) -> Option<()> {
        if self.clusters.len() + rows.count > MOST_ROWS {
            return None;
        }
        for row in 0..rows.count {
            let name = ClusterName::from(&clusters.cell(row).unwrap_or(Cell::Null));
            let number = self.number(name);
            self.clusters.push(number);
        }
        self.days.extend(days);
        self.segments.resize_with(rows.segments.len(), Vec::new);
        self.segments.iter_mut().zip(&rows.segments).for_each(|(all, next)| all.extend(next));
        if self.sums.is_empty() {
            self.sums = sums;
            return Some(());
        }
        for (all, next) in self.sums.iter_mut().zip(sums) {
            all.values.extend(next.values);
        }
        Some(())
    }

    fn number(&mut self, name: ClusterName) -> usize {
        let next = self.names.len();
        match self.numbers_of.entry(name) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                self.names.push(place.key().clone());
                *place.insert(next)
            }
        }
    }

    /// The clusters of every period and segment; `None` where the top or bottom of one has too many digits.
    ///
    /// - `numbers`: its first expression is the top, its second the bottom.
    pub(super) fn summed(
        &self,
        context: &MeasureContext,
        days: &MeasuredDays,
        codes: &SegmentCodes,
        numbers: &RowNumbers,
        everything: Period,
    ) -> Option<GridCells<ClusterSums>> {
        let order = self.by_cluster();
        let totals = vec![TOTAL; self.clusters.len()];
        let mut cells = GridCells::new(everything);
        for grain in &context.metric.grains {
            let (period_of, periods) = days.periods(*grain, everything);
            for segments in std::iter::once(&totals).chain(&self.segments) {
                let keys =
                    CellKeys { period_of: &period_of, segments, width: codes.segments().len() };
                for (key, clusters) in self.of_keys(&order, &keys, numbers)? {
                    let (period, segment) = (key / keys.width, key % keys.width);
                    cells.insert((periods[period], codes.segments()[segment].clone()), clusters);
                }
            }
        }
        Some(cells)
    }

    /// The rows in the order of their clusters' names.
    fn by_cluster(&self) -> Vec<usize> {
        let mut sorted: Vec<usize> = (0..self.names.len()).collect();
        sorted.sort_unstable_by(|one, other| self.names[*one].cmp(&self.names[*other]));
        let mut rank = vec![0; sorted.len()];
        sorted.iter().enumerate().for_each(|(place, number)| rank[*number] = place);
        let mut rows: Vec<usize> = (0..self.clusters.len()).collect();
        rows.sort_by_key(|row| rank[self.clusters[*row]]);
        rows
    }

    /// The clusters of each period of a length and segment of a dimension.
    fn of_keys(
        &self,
        order: &[usize],
        keys: &CellKeys,
        numbers: &RowNumbers,
    ) -> Option<HashMap<usize, ClusterSums>> {
        let mut cells: HashMap<usize, ClusterSums> = HashMap::new();
        let mut of_cluster: HashMap<usize, Vec<RunningSum>> = HashMap::new();
        for rows in order.chunk_by(|one, next| self.clusters[*one] == self.clusters[*next]) {
            for row in rows {
                let key = keys.of(self.days[*row], *row);
                let sums = of_cluster
                    .entry(key)
                    .or_insert_with(|| vec![RunningSum::default(); self.sums.len()]);
                self.add_row(*row, sums)?;
            }
            let name = &self.names[self.clusters[rows[0]]];
            for (key, sums) in of_cluster.drain() {
                let results = numbers.results(&sums)?;
                let (numerator, denominator) = (decimal(results[0])?, decimal(results[1])?);
                let cluster = NamedCluster { name: name.clone(), numerator, denominator };
                cells.entry(key).or_default().push(cluster)?;
            }
        }
        Some(cells)
    }

    fn add_row(&self, row: usize, sums: &mut [RunningSum]) -> Option<()> {
        for (sum, column) in sums.iter_mut().zip(&self.sums) {
            if let Some(number) = column.values[row] {
                sum.add(i128::from(number), column.scale)?;
            }
        }
        Some(())
    }
}

/// The period and segment of rows as one number.
struct CellKeys<'a> {
    period_of: &'a [usize],
    segments: &'a [usize],
    width: usize,
}

impl CellKeys<'_> {
    fn of(&self, day: usize, row: usize) -> usize {
        self.period_of[day] * self.width + self.segments[row]
    }
}

/// Top or bottom of a cluster, whose squares add up without rounding.
fn decimal(number: ExactNumber) -> Option<ExactNumber> {
    let number = number.with_scale(SCALE)?;
    (number.digits().unsigned_abs() < 10u128.pow(DIGITS)).then_some(number)
}
