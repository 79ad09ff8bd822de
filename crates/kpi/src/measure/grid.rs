//! Every period and segment that must have a value.

use std::collections::BTreeSet;

use jiff::ToSpan;
use scorewright_domain::{Grain, Period, Segment};

use super::cells::{GridCells, GridKey};
use super::context::MeasureContext;
use crate::calendar::Calendar;

/// Every period from the first with rows to the last whole one, for the total and every segment that occurs.
///
/// The current period is not whole and is left out; only everything reaches up
/// to the as-of day. Where there are no rows at all, the last whole period stands alone.
pub(super) fn grid<T>(context: &MeasureContext, cells: &GridCells<T>) -> Vec<GridKey> {
    let mut segments: BTreeSet<Segment> =
        cells.keys().map(|(_, segment)| segment.clone()).collect();
    segments.insert(Segment::total());
    let mut grid = Vec::new();
    for grain in &context.metric.grains {
        let periods = cells.keys().map(|(period, _)| *period);
        let first = periods.filter(|period| period.grain == *grain).min();
        for period in whole_periods(*grain, first, context.calendar) {
            grid.extend(segments.iter().map(|segment| (period, segment.clone())));
        }
    }
    grid
}

fn whole_periods(grain: Grain, first: Option<Period>, calendar: &Calendar) -> Vec<Period> {
    if grain == Grain::All {
        let yesterday = calendar.as_of() - 1.day();
        return vec![first.unwrap_or_else(|| Period::containing(Grain::All, yesterday))];
    }
    let last = Period::last_complete(grain, calendar.as_of());
    // Without rows, or with none before the current period, the last whole one still has an answer.
    let first = first.filter(|first| first.from <= last.from).unwrap_or(last);
    std::iter::successors(Some(first), |period| Some(period.next()))
        .take_while(|period| period.from <= last.from)
        .collect()
}

/// How many such periods a year of 365.25 days holds.
pub(super) fn periods_per_year(period: Period) -> f64 {
    let days = u32::try_from(period.days()).unwrap_or(u32::MAX);
    365.25 / f64::from(days)
}
