//! Sums of each day and segment, rolled up into periods.

use std::collections::HashMap;

use scorewright_domain::{Grain, Period};

use super::row_numbers::RunningSum;
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, MeasuredDays, SegmentCodes, TOTAL};

/// Sums of each day and segment with rows.
pub(crate) struct DaySums {
    days: MeasuredDays,
    /// How many sums a place has.
    width: usize,
    /// By segment and day, its place: of many segments each has rows on few days.
    places: HashMap<(usize, usize), usize>,
    sums: Vec<RunningSum>,
    rows: Vec<u64>,
}

/// The sums of one period and segment, and how many rows it has.
pub(crate) struct PeriodSums {
    pub(crate) sums: Vec<RunningSum>,
    pub(crate) rows: u64,
}

impl DaySums {
    /// Of no rows as yet.
    pub(crate) fn new(days: MeasuredDays, width: usize) -> Self {
        Self { days, width, places: HashMap::new(), sums: Vec::new(), rows: Vec::new() }
    }

    /// Counts rows, and hands on where the sums of each begin: first those of the total, then those of each dimension.
    pub(crate) fn add_rows(
        &mut self,
        days: &[usize],
        rows: &CodedRows,
        mut add: impl FnMut(&[usize], &mut [RunningSum]) -> Option<()>,
    ) -> Option<()> {
        let totals = vec![TOTAL; rows.count];
        for segments in std::iter::once(&totals).chain(&rows.segments) {
            let places = days.iter().zip(segments).map(|(day, segment)| self.place(*day, *segment));
            let places: Vec<usize> = places.collect();
            for place in &places {
                self.rows[*place] += 1;
            }
            let begins: Vec<usize> = places.into_iter().map(|place| place * self.width).collect();
            add(&begins, &mut self.sums)?;
        }
        Some(())
    }

    fn place(&mut self, day: usize, segment: usize) -> usize {
        let next = self.rows.len();
        let place = *self.places.entry((segment, day)).or_insert(next);
        if place == next {
            self.rows.push(0);
            self.sums.resize(self.sums.len() + self.width, RunningSum::default());
        }
        place
    }

    /// Everything known: from the first day with rows up to the as-of day.
    pub(crate) fn everything(&self, context: &MeasureContext) -> Period {
        let until = context.calendar.as_of();
        let total = self.places.keys().filter(|(segment, _)| *segment == TOTAL);
        let from = total.map(|(_, day)| *day).min().map_or(until, |day| self.days.day(day));
        Period { grain: Grain::All, from, until }
    }

    /// The sums of every period and segment with rows; `None` where one has too many digits.
    pub(crate) fn rolled_up(
        &self,
        context: &MeasureContext,
        codes: &SegmentCodes,
    ) -> Option<GridCells<PeriodSums>> {
        let everything = self.everything(context);
        let mut cells = GridCells::new(everything);
        let mut places: Vec<(usize, usize, usize)> =
            self.places.iter().map(|((segment, day), place)| (*segment, *day, *place)).collect();
        places.sort_unstable();
        for grain in &context.metric.grains {
            let (numbers, periods) = self.days.periods(*grain, everything);
            let cell = |(segment, day, _): &(usize, usize, usize)| (*segment, numbers[*day]);
            for of_cell in places.chunk_by(|one, next| cell(one) == cell(next)) {
                let sums = self.merged(of_cell.iter().map(|(_, _, place)| *place))?;
                let (segment, period) = cell(&of_cell[0]);
                cells.insert((periods[period], codes.segments()[segment].clone()), sums);
            }
        }
        Some(cells)
    }

    fn merged(&self, places: impl Iterator<Item = usize>) -> Option<PeriodSums> {
        let mut merged = PeriodSums { sums: vec![RunningSum::default(); self.width], rows: 0 };
        for place in places {
            merged.rows += self.rows[place];
            let sums = &self.sums[place * self.width..][..self.width];
            for (all, sum) in merged.sums.iter_mut().zip(sums) {
                all.merge(*sum)?;
            }
        }
        Some(merged)
    }
}
