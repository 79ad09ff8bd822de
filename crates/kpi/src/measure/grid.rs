//! Every period and segment that must have a value.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use scorewright_domain::{Grain, Period, Segment};

use super::cells::{GridCells, GridKey};
use super::context::MeasureContext;
use crate::calendar::Calendar;
use crate::metric::MetricKind;

/// Every period from the first with rows to the last whole one: for the total all of them, for a segment those from its
/// first rows until a year after its last, so that one that falls silent is seen to. A sum of events is stated from the
/// first row of its fact on, whether or not that counts.
///
/// The current period is not whole and is left out; only everything reaches up
/// to the as-of day. Where there are no rows at all, the last whole period stands alone.
/// Of a dimension with too many segments one stands for all.
pub(super) fn grid<T>(context: &MeasureContext, cells: &GridCells<T>) -> Vec<GridKey> {
    let crowded = crowded_dimensions(cells, context.most_segments);
    let mut grid = Vec::new();
    for grain in &context.metric.grains {
        let spans = segment_spans(cells, *grain, context.calendar, &crowded);
        let first = match context.metric.kind {
            MetricKind::Total(_) => first_known(*grain, cells.everything(), context.calendar),
            _ => spans.values().map(|(first, _)| *first).min(),
        };
        for period in whole_periods(*grain, first, context.calendar) {
            grid.push((period, Segment::total()));
            grid.extend(crowded.iter().map(|dimension| (period, Segment::too_many(*dimension))));
            let stated = spans.iter().filter(|(segment, (first, last))| {
                !segment.is_total() && *first <= period && period.from < last.until + 1.year()
            });
            grid.extend(stated.map(|(segment, _)| (period, (*segment).clone())));
        }
    }
    grid
}

/// The first measured period of a length that has a day on which something is known; `None` where nothing ever is.
fn first_known(grain: Grain, everything: Period, calendar: &Calendar) -> Option<Period> {
    if everything.from >= everything.until {
        return None;
    }
    if grain == Grain::All {
        return Some(everything);
    }
    let first = Period::containing(grain, everything.from);
    Some(if is_measured(first, calendar) { first } else { first.next() })
}

/// The dimensions with more segments than are stated.
fn crowded_dimensions<T>(cells: &GridCells<T>, most: usize) -> BTreeSet<&str> {
    let segments: BTreeSet<&Segment> = cells.keys().map(|(_, segment)| segment).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for segment in segments.into_iter().filter(|segment| !segment.is_total()) {
        *counts.entry(&segment.dimension).or_default() += 1;
    }
    let crowded = counts.into_iter().filter(|(_, count)| *count > most);
    crowded.map(|(dimension, _)| dimension).collect()
}

/// The first and the last period of each segment that has rows in one of a length.
fn segment_spans<'a, T>(
    cells: &'a GridCells<T>,
    grain: Grain,
    calendar: &Calendar,
    crowded: &BTreeSet<&str>,
) -> BTreeMap<&'a Segment, (Period, Period)> {
    let mut spans: BTreeMap<&Segment, (Period, Period)> = BTreeMap::new();
    for (period, segment) in cells.keys() {
        let is_stated = period.grain == grain && is_measured(*period, calendar);
        if is_stated && !crowded.contains(&*segment.dimension) {
            let (first, last) = spans.entry(segment).or_insert((*period, *period));
            *first = (*first).min(*period);
            *last = (*last).max(*period);
        }
    }
    spans
}

/// Whether a period lies after the first day that is measured.
fn is_measured(period: Period, calendar: &Calendar) -> bool {
    period.grain == Grain::All || period.from >= calendar.since()
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
