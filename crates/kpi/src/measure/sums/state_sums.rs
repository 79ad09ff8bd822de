//! Sums over the rows that hold at the end of each period, from one reading of the rows.

use scorewright_domain::Fault;
use scorewright_warehouse::AnswerColumn;
use scorewright_warehouse::arrow::array::Array as _;

use super::aggregates::{Aggregates, Sums};
use super::day_sums::PeriodSums;
use super::row_numbers::{RowNumbers, RunningSum, SumColumn};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, PeriodGrid, PeriodSpans, RowReader, TOTAL};
use crate::metric::Expression;
use crate::sql::Sql;

/// Columns of both ends of an interval.
pub(super) const ENDS: &str = "\"_from\", \"_until\"";

/// Rows with both ends of their time.
#[derive(Default)]
struct HeldRows {
    ends: Vec<(i64, Option<i64>)>,
    segments: Vec<Vec<usize>>,
    sums: Vec<SumColumn>,
}

/// Sums what adds up; `None` where something does not, or the engine has to say what is wrong with it.
///
/// - `relation`: rows with `_from`, `_until` and their dimensions.
///
/// # Errors
///
/// A [`Fault`] of a limit.
pub(crate) fn state_sums(
    context: &MeasureContext,
    periods: &PeriodGrid,
    aggregates: &Aggregates,
    relation: &Sql,
) -> Result<Option<GridCells<Sums>>, Fault> {
    let columns = aggregates.columns();
    let expressions: Vec<&Expression> = columns.iter().map(|(expression, _)| *expression).collect();
    let Some(numbers) = RowNumbers::of(&expressions) else { return Ok(None) };
    let (mut reader, mut rows) = (RowReader::of(context), HeldRows::default());
    let mut selected = Sql::new();
    selected.add(ENDS);
    numbers.add_to(&mut selected);
    let read = reader.read(&selected, relation, |some| rows.add(some, &numbers))?;
    let make = || {
        let mut cells = GridCells::new(periods.everything());
        let segments = reader.codes.segments();
        for spans in periods.spans(context) {
            for (place, held) in rows.held(&spans, segments.len(), numbers.len())? {
                let key = (
                    spans.periods[place / segments.len()],
                    segments[place % segments.len()].clone(),
                );
                cells.insert(key, aggregates.of_results(&numbers.results(&held.sums)?, held.rows));
            }
        }
        Some(cells)
    };
    Ok(read.and_then(|()| make()))
}

/// Both ends of each row, from the first two columns.
pub(super) fn ends_of(rows: &CodedRows) -> Option<Vec<(i64, Option<i64>)>> {
    let [from, until, ..] = rows.columns else { return None };
    let whole = |column: &AnswerColumn, row| match column {
        AnswerColumn::Integer(numbers) => Some(numbers.is_valid(row).then(|| numbers.value(row))),
        AnswerColumn::Null => Some(None),
        _ => None,
    };
    // A row that begins at no moment never holds.
    let ends = (0..rows.count)
        .map(|row| Some((whole(from, row)?.unwrap_or(i64::MAX), whole(until, row)?)));
    ends.collect()
}

impl HeldRows {
    fn add(&mut self, rows: &CodedRows, numbers: &RowNumbers) -> Option<()> {
        self.ends.extend(ends_of(rows)?);
        self.segments.resize_with(rows.segments.len(), Vec::new);
        self.segments.iter_mut().zip(&rows.segments).for_each(|(all, next)| all.extend(next));
        let sums = numbers.numbers(&rows.columns[2..], rows.count)?;
        if self.sums.is_empty() {
            self.sums = sums;
        } else {
            self.sums.iter_mut().zip(sums).for_each(|(all, next)| all.values.extend(next.values));
        }
        Some(())
    }

    /// What holds at the end of each period, by its number and that of a segment; `None` where there are too many of them, or a
    /// sum has too many digits.
    ///
    /// A row holds at the end of neighbouring periods: it is added to the first and taken away behind the last.
    fn held(
        &self,
        spans: &PeriodSpans,
        segments: usize,
        width: usize,
    ) -> Option<Vec<(usize, PeriodSums)>> {
        let places = spans.places(segments)?;
        let mut changes = vec![SumChange::default(); places * width];
        let mut rows = vec![0_i64; places];
        for (row, (from, until)) in self.ends.iter().enumerate() {
            let held = spans.held_at_end(*from, *until);
            for segment in self.segments_of(row) {
                for (period, sign) in [(held.start, 1), (held.end, -1)] {
                    let place = period * segments + segment;
                    rows[place] += sign;
                    for (at, column) in self.sums.iter().enumerate() {
                        changes[place * width + at].add(column.values[row], sign)?;
                    }
                }
            }
        }
        for place in segments..places {
            rows[place] += rows[place - segments];
            for at in 0..width {
                let before = changes[(place - segments) * width + at];
                changes[place * width + at].follow(before)?;
            }
        }
        let with_rows = (0..spans.periods.len() * segments).filter(|place| rows[*place] > 0);
        let sums = |place: usize| {
            let of_place = changes[place * width..][..width].iter().zip(&self.sums);
            of_place.map(|(change, column)| change.sum(column.scale)).collect::<Option<Vec<_>>>()
        };
        let held = |place: usize| {
            let held = PeriodSums { sums: sums(place)?, rows: rows[place].unsigned_abs() };
            Some((place, held))
        };
        with_rows.map(held).collect()
    }

    /// The total and the segments of a row.
    fn segments_of(&self, row: usize) -> impl Iterator<Item = usize> {
        std::iter::once(TOTAL).chain(self.segments.iter().map(move |segments| segments[row]))
    }
}

/// By how much a sum and the count of its values change from one period to the next; summed up, both themselves.
#[derive(Clone, Copy, Default)]
struct SumChange {
    unscaled: i128,
    values: i64,
}

impl SumChange {
    fn add(&mut self, number: Option<i64>, sign: i64) -> Option<()> {
        let Some(number) = number else { return Some(()) };
        self.unscaled = self.unscaled.checked_add(i128::from(number) * i128::from(sign))?;
        self.values += sign;
        Some(())
    }

    fn follow(&mut self, before: Self) -> Option<()> {
        self.unscaled = self.unscaled.checked_add(before.unscaled)?;
        self.values += before.values;
        Some(())
    }

    fn sum(&self, scale: u8) -> Option<RunningSum> {
        let mut sum = RunningSum::default();
        if self.values > 0 {
            sum.add(self.unscaled, scale)?;
        }
        Some(sum)
    }
}
