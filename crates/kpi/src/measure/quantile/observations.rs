//! The observations of every period and segment.

use std::collections::HashMap;

use jiff::civil::Date;
use scorewright_domain::{Fault, Grain, Period, Segment};
use scorewright_warehouse::Cell;

use crate::measure::answer::{MeasureAnswer, MeasureRow};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{EventRelation, dimension_column, latest_column};
use crate::statistics::Distribution;

/// Observations of every period and segment. Periods and segments are numbered once,
/// because each row belongs to many.
pub(super) struct Observations<'a> {
    context: &'a MeasureContext<'a>,
    everything: Period,
    day_column: usize,
    /// For each length of period, where a row says that it counts there; empty where every row does.
    latest_columns: Vec<usize>,
    dimension_columns: Vec<usize>,
    periods: Vec<Period>,
    periods_of: HashMap<Date, Vec<usize>>,
    segments: Vec<Segment>,
    segment_of: HashMap<(usize, &'a str), usize>,
    numbers: Vec<Vec<Vec<i64>>>,
}

impl<'a> Observations<'a> {
    pub(super) fn new(
        context: &'a MeasureContext<'a>,
        answer: &'a MeasureAnswer<'a>,
        relation: &EventRelation,
        everything: Period,
    ) -> Result<Self, Fault> {
        let dimensions = context.metric.by.iter();
        let dimension_columns =
            dimensions.map(|dimension| answer.position(&dimension_column(dimension)));
        let grains = context.metric.grains.iter().filter(|_| relation.has_latest);
        let latest_columns = grains.map(|grain| answer.position(&latest_column(*grain)));
        Ok(Self {
            context,
            everything,
            day_column: answer.position("_day")?,
            latest_columns: latest_columns.collect::<Result<_, _>>()?,
            dimension_columns: dimension_columns.collect::<Result<_, _>>()?,
            periods: Vec::new(),
            periods_of: HashMap::new(),
            segments: vec![Segment::total()],
            segment_of: HashMap::new(),
            numbers: Vec::new(),
        })
    }

    /// Adds the number of one row to all segments of its periods, as far as it counts there.
    pub(super) fn add(&mut self, row: MeasureRow<'a>, number: i64) -> Result<(), Fault> {
        let day = row.at(self.day_column).as_date().ok_or_else(|| row.unusable("_day"))?;
        let segments = self.segments(row)?;
        for (grain, period) in self.periods(day).into_iter().enumerate() {
            if !self.counts(row, grain) {
                continue;
            }
            let of_period = &mut self.numbers[period];
            of_period.resize_with(self.segments.len().max(of_period.len()), Vec::new);
            for segment in &segments {
                of_period[*segment].push(number);
            }
        }
        Ok(())
    }

    /// Whether a row counts in its period of the metric's nth length.
    fn counts(&self, row: MeasureRow, grain: usize) -> bool {
        self.latest_columns.get(grain).is_none_or(|column| *row.at(*column) == Cell::Boolean(true))
    }

    fn segments(&mut self, row: MeasureRow<'a>) -> Result<Vec<usize>, Fault> {
        let mut segments = vec![0];
        for dimension in 0..self.dimension_columns.len() {
            let value = row.at(self.dimension_columns[dimension]).as_text().ok_or_else(|| {
                row.unusable(&dimension_column(&self.context.metric.by[dimension]))
            })?;
            segments.push(self.segment(dimension, value));
        }
        Ok(segments)
    }

    fn segment(&mut self, dimension: usize, value: &'a str) -> usize {
        *self.segment_of.entry((dimension, value)).or_insert_with(|| {
            self.segments.push(Segment::of(&self.context.metric.by[dimension].text, value));
            self.segments.len() - 1
        })
    }

    fn periods(&mut self, day: Date) -> Vec<usize> {
        if let Some(known) = self.periods_of.get(&day) {
            return known.clone();
        }
        let of_grain = |grain: &Grain| match grain {
            Grain::All => self.everything,
            grain => Period::containing(*grain, day),
        };
        let periods: Vec<Period> = self.context.metric.grains.iter().map(of_grain).collect();
        let numbers: Vec<usize> =
            periods.into_iter().map(|period| self.number_of(period)).collect();
        self.periods_of.insert(day, numbers.clone());
        numbers
    }

    fn number_of(&mut self, period: Period) -> usize {
        self.periods.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.push(period);
            self.numbers.push(Vec::new());
            self.periods.len() - 1
        })
    }

    /// The distribution of every period and segment with observations.
    pub(super) fn into_cells(self) -> GridCells<Distribution> {
        let mut cells = GridCells::new(self.everything);
        for (period, of_segment) in self.periods.into_iter().zip(self.numbers) {
            let of_segment = self.segments.iter().zip(of_segment);
            for (segment, numbers) in of_segment.filter(|(_, numbers)| !numbers.is_empty()) {
                cells.insert((period, segment.clone()), Distribution::new(numbers));
            }
        }
        cells
    }
}
