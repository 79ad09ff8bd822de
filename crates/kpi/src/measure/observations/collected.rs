//! The observations of every period and segment.

use std::collections::HashMap;

use scorewright_domain::{Fault, Grain, Period};
use scorewright_warehouse::arrow::array::Array as _;
use scorewright_warehouse::{AnswerColumn, Cell};

use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, MeasuredDays, SegmentCodes, TOTAL};
use crate::metric::Expression;
use crate::statistics::Distribution;

/// Observations in any order, each with its day and its segments.
pub(super) struct Observations {
    days: MeasuredDays,
    /// Digits of an observation after the point; unknown without observations.
    pub(super) digits: Option<i8>,
    values: Vec<i64>,
    day_of: Vec<usize>,
    /// By dimension, the segment of each observation.
    segments: Vec<Vec<usize>>,
    /// By length of period, whether an observation counts in its period; empty where all do in each.
    counts: Vec<Vec<bool>>,
    /// The first day with rows, whether or not these have a value.
    first_day: Option<usize>,
}

/// The columns of an observation beside its dimensions, in this order: its value, its day, the first day of all rows, and for
/// each length of period whether it counts there.
struct Columns<'a> {
    value: &'a AnswerColumn,
    day: &'a AnswerColumn,
    first_day: &'a AnswerColumn,
    counts: &'a [AnswerColumn],
}

impl Observations {
    /// None as yet.
    pub(super) fn new(context: &MeasureContext) -> Self {
        Self {
            days: MeasuredDays::of(context),
            digits: None,
            values: Vec::new(),
            day_of: Vec::new(),
            segments: vec![Vec::new(); context.metric.by.len()],
            counts: Vec::new(),
            first_day: None,
        }
    }

    /// Adds rows; one whose value is no exact number is the fault that it answers with.
    pub(super) fn add(
        &mut self,
        context: &MeasureContext,
        value: &Expression,
        rows: &CodedRows,
    ) -> Option<Result<(), Fault>> {
        let [value_column, day, first_day, counts @ ..] = rows.columns else { return None };
        let columns = Columns { value: value_column, day, first_day, counts };
        let (values, digits) = match whole_numbers(columns.value, rows.count) {
            Ok(numbers) => numbers,
            Err(cell) => return Some(Err(no_exact_number(context, value, &cell))),
        };
        self.digits = digits.or(self.digits);
        self.values.extend(values);
        self.day_of.extend(self.days.numbers(columns.day)?);
        let first = self.days.numbers(columns.first_day)?.into_iter().min();
        self.first_day = self.first_day.into_iter().chain(first).min();
        self.segments.iter_mut().zip(&rows.segments).for_each(|(all, next)| all.extend(next));
        self.counts.resize(columns.counts.len(), Vec::new());
        for (all, next) in self.counts.iter_mut().zip(columns.counts) {
            let AnswerColumn::Boolean(next) = next else { return None };
            all.extend(next.iter().map(|counts| counts == Some(true)));
        }
        Some(Ok(()))
    }

    /// Everything known; `None` where no row has a value.
    pub(super) fn everything(&self, context: &MeasureContext) -> Option<Period> {
        let from = self.days.day(self.first_day?);
        Some(Period { grain: Grain::All, from, until: context.calendar.as_of() })
    }

    /// The distribution of every period and segment with observations.
    pub(super) fn into_cells(
        self,
        context: &MeasureContext,
        codes: &SegmentCodes,
        everything: Period,
    ) -> GridCells<Distribution> {
        let mut ascending: Vec<usize> = (0..self.values.len()).collect();
        ascending.sort_unstable_by_key(|row| self.values[*row]);
        let totals = vec![TOTAL; self.values.len()];
        let mut cells = GridCells::new(everything);
        for (at, grain) in context.metric.grains.iter().enumerate() {
            let (period_of, periods) = self.days.periods(*grain, everything);
            let counts = |row: &&usize| self.counts.get(at).is_none_or(|counts| counts[**row]);
            for segments in std::iter::once(&totals).chain(&self.segments) {
                let mut values: HashMap<(usize, usize), Vec<i64>> = HashMap::new();
                for row in ascending.iter().filter(counts) {
                    let place = (period_of[self.day_of[*row]], segments[*row]);
                    values.entry(place).or_default().push(self.values[*row]);
                }
                for ((period, segment), values) in values {
                    let key = (periods[period], codes.segments()[segment].clone());
                    cells.insert(key, Distribution::new(values));
                }
            }
        }
        cells
    }
}

/// Observations in units of their last digit, and how many digits follow the point; what is no such number as it stands.
fn whole_numbers(column: &AnswerColumn, rows: usize) -> Result<(Vec<i64>, Option<i8>), Cell> {
    let cell = |row| column.cell(row).unwrap_or(Cell::Null);
    match column {
        AnswerColumn::Integer(numbers) if numbers.null_count() == 0 => {
            Ok((numbers.values().to_vec(), Some(0)))
        }
        AnswerColumn::Decimal { unscaled, scale } if unscaled.null_count() == 0 => {
            let narrow = |row| i64::try_from(unscaled.value(row)).map_err(|_| cell(row));
            Ok(((0..rows).map(narrow).collect::<Result<_, _>>()?, Some(*scale)))
        }
        _ if rows == 0 => Ok((Vec::new(), None)),
        _ => Err(cell(0)),
    }
}

fn no_exact_number(context: &MeasureContext, value: &Expression, cell: &Cell) -> Fault {
    let message = format!("`value` must give whole numbers or decimals, it gives `{cell}`");
    context.metric.fault(value, message).help("a duration is a whole number of seconds")
}
