//! Into which partitions the rows of a table go, so that a night's work touches few of them.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use jiff::civil::{Date, DateTime};

use scorewright_extract::{Load, Source};

/// One partition of a table: a month, an extract, or all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Partition {
    /// Its name in the table; empty when the table has one partition.
    pub(crate) name: String,
    /// Which file of the partition, where one would be too large.
    pub(crate) number: u32,
}

/// Rows of one file of a partition, where a partition may have several.
pub(crate) const FILE_ROWS: usize = 1 << 20;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// How the rows of a source are partitioned.
#[derive(Debug, Clone)]
pub(crate) enum Partitioner {
    /// Rows with a key, all together.
    One,
    /// Rows with a key, by the month of a column that never changes for a key.
    Month { column: usize },
    /// Rows without a key stand with the extract they came in.
    Extract { name: String },
}

impl Partitioner {
    /// How the rows of a file of a source are partitioned.
    pub(crate) fn of(source: &Source, file: &str) -> Self {
        if source.key.is_empty() {
            return Self::Extract { name: file.to_owned() };
        }
        let wanted = source.partition.as_deref().filter(|_| source.load != Load::Snapshot);
        match source.stored().position(|(name, _)| Some(name) == wanted) {
            Some(column) => Self::Month { column },
            None => Self::One,
        }
    }

    /// The rows of a batch by partition, each in the order of the batch; a partition that is an extract is not numbered yet.
    pub(crate) fn split(
        &self,
        batch: &RecordBatch,
    ) -> Result<Vec<(Partition, RecordBatch)>, ArrowError> {
        match self {
            Self::One => Ok(vec![(Partition { name: String::new(), number: 0 }, batch.clone())]),
            Self::Month { column } => by_month(batch, *column),
            Self::Extract { name } => {
                Ok(vec![(Partition { name: name.clone(), number: 0 }, batch.clone())])
            }
        }
    }
}

/// Partitions in their order, several in a wave as long as their weights are within `budget`; each at least alone.
pub(crate) fn waves(
    partitions: impl Iterator<Item = (usize, Partition)>,
    budget: usize,
) -> Vec<Vec<Partition>> {
    let mut waves: Vec<(usize, Vec<Partition>)> = Vec::new();
    for (weight, partition) in partitions {
        match waves.last_mut() {
            Some((taken, wave)) if weight.saturating_add(*taken) <= budget => {
                *taken += weight;
                wave.push(partition);
            }
            _ => waves.push((weight, vec![partition])),
        }
    }
    waves.into_iter().map(|(_, wave)| wave).collect()
}

fn by_month(
    batch: &RecordBatch,
    column: usize,
) -> Result<Vec<(Partition, RecordBatch)>, ArrowError> {
    let months = months(batch.column(column));
    let partition = |month: Option<i32>| Partition {
        name: month.map_or_else(|| "undated".into(), label),
        number: 0,
    };
    if let Some(only) = months.first().filter(|first| months.iter().all(|month| month == *first)) {
        return Ok(vec![(partition(*only), batch.clone())]);
    }
    let mut distinct: Vec<Option<i32>> = months.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); distinct.len()];
    for (row, month) in (0..).zip(&months) {
        let at = distinct.binary_search(month).expect("every month is among them");
        rows[at].push(row);
    }
    let taken = distinct.into_iter().zip(rows);
    taken
        .map(|(month, rows)| {
            Ok((partition(month), take_record_batch(batch, &UInt32Array::from(rows))?))
        })
        .collect()
}

/// The month of each value in UTC, counted from the year 0.
fn months(column: &ArrayRef) -> Vec<Option<i32>> {
    let mut known = (0, 0, 0);
    let mut month = |day: i64| {
        let (first, after, month) = known;
        if day >= first && day < after {
            return month;
        }
        known = month_around(day);
        known.2
    };
    if *column.data_type() == DataType::Date32 {
        return column
            .as_primitive::<Date32Type>()
            .iter()
            .map(|day| Some(month(day?.into())))
            .collect();
    }
    let instants = column.as_primitive::<TimestampMicrosecondType>();
    instants.iter().map(|micros| Some(month(micros?.div_euclid(MICROS_PER_DAY)))).collect()
}

/// First day of the month of a day, first day after it, and its number. Days count from 1970.
fn month_around(day: i64) -> (i64, i64, i32) {
    let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0).date();
    let span = jiff::Span::new().try_days(day).ok();
    let Some(date) = span.and_then(|span| epoch.checked_add(span).ok()) else {
        return (day, day + 1, i32::from(i16::MAX) * 12);
    };
    let number = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let since = |date: Date| i64::from(date.since(epoch).map_or(0, |span| span.get_days()));
    (since(date.first_of_month()), since(date.last_of_month()) + 1, number)
}

fn label(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, TimestampMicrosecondArray};
    use arrow::datatypes::Int64Type;

    use super::*;

    #[test]
    fn partitions_go_in_waves_within_their_budget() {
        let partition = |number| Partition { name: String::new(), number };
        let partitions = [3, 3, 9, 20, 1, 9].into_iter().zip((0..).map(partition));
        let numbers = |wave: Vec<Partition>| {
            wave.iter().map(|partition| partition.number).collect::<Vec<_>>()
        };
        let found: Vec<_> = waves(partitions, 10).into_iter().map(numbers).collect();
        assert_eq!(found, [vec![0, 1], vec![2], vec![3], vec![4, 5]]);
    }

    #[test]
    fn rows_go_to_the_month_of_their_instant_in_order() {
        let micros = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        let instants: TimestampMicrosecondArray = [
            Some(micros("2026-02-28T23:59:59.999999Z")),
            Some(micros("2026-03-01T00:00:00Z")),
            None,
            Some(micros("1969-12-31T23:59:59Z")),
            Some(micros("2026-02-01T00:00:00Z")),
        ]
        .into_iter()
        .collect();
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![0, 1, 2, 3, 4]));
        let instants: ArrayRef = Arc::new(instants);
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("at", instants, true),
            ("n", numbers, false),
        ])
        .unwrap();
        let found: Vec<(String, Vec<i64>)> = by_month(&batch, 0)
            .unwrap()
            .into_iter()
            .map(|(partition, rows)| {
                (partition.name, rows.column(1).as_primitive::<Int64Type>().values().to_vec())
            })
            .collect();
        let expected = [
            ("undated", vec![2]),
            ("1969-12", vec![3]),
            ("2026-02", vec![0, 4]),
            ("2026-03", vec![1]),
        ];
        assert_eq!(found, expected.map(|(name, rows)| (name.to_owned(), rows)));
    }
}
