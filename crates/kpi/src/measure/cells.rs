//! The cells of a grouped answer, and the values made of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use scorewright_domain::{Grain, KpiValue, NullReason, Period, Segment};
use scorewright_warehouse::Cell;

use crate::Calendar;
use crate::metric::{Method, Metric};

/// What is known of each period and segment that has rows.
pub(super) type Cells<T> = BTreeMap<(Period, Segment), T>;

/// A value before it is put into its period and segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) numerator: Option<f64>,
    pub(super) denominator: Option<f64>,
    pub(super) n: u64,
    pub(super) value: Result<f64, NullReason>,
    pub(super) interval: Option<(f64, f64)>,
    pub(super) method: &'static str,
}

impl Found {
    pub(super) fn nothing(why: NullReason) -> Self {
        Self {
            numerator: None,
            denominator: None,
            n: 0,
            value: Err(why),
            interval: None,
            method: "none",
        }
    }

    pub(super) fn exactly(value: f64, n: u64) -> Self {
        Self {
            numerator: None,
            denominator: None,
            n,
            value: Ok(value),
            interval: None,
            method: "none",
        }
    }
}

/// Puts a figure into its row; one that is too young says so instead.
pub(super) fn value(
    metric: &Metric,
    calendar: &Calendar,
    statistic: &str,
    (period, segment): (Period, Segment),
    found: Found,
) -> KpiValue {
    let waits = i64::from(metric.matures_after_days).days();
    let is_ripe = period.until + waits <= calendar.as_of();
    let found =
        if is_ripe { found } else { Found { n: found.n, ..Found::nothing(NullReason::Immature) } };
    // A fraction that overflowed or divided by zero in a formula is no value.
    let value = found
        .value
        .and_then(|value| value.is_finite().then_some(value).ok_or(NullReason::EmptyDenominator));
    let interval = found.interval.filter(|_| value.is_ok());
    KpiValue {
        metric: metric.name.clone(),
        version: metric.version,
        statistic: statistic.to_owned(),
        period,
        segment,
        numerator: found.numerator,
        denominator: found.denominator,
        n: found.n,
        value: value.ok(),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        interval: if interval.is_some() { found.method } else { Method::None.name() }.to_owned(),
        null_reason: value.err(),
    }
}

/// Every period from the first with rows to the last whole one, for the total and every segment that occurs.
///
/// The current period is not whole and is left out; only everything reaches up
/// to the as-of day. Where there are no rows at all, the last whole period stands alone.
pub(super) fn frame<T>(
    metric: &Metric,
    calendar: &Calendar,
    cells: &Cells<T>,
) -> Vec<(Period, Segment)> {
    let mut segments: BTreeSet<Segment> =
        cells.keys().map(|(_, segment)| segment.clone()).collect();
    segments.insert(Segment::total());
    let mut frame = Vec::new();
    for grain in &metric.grains {
        let seen = cells.keys().map(|(period, _)| *period).filter(|period| period.grain == *grain);
        for period in whole_periods(*grain, seen.min(), calendar) {
            frame.extend(segments.iter().map(|segment| (period, segment.clone())));
        }
    }
    frame
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

/// Reads the segment of a grouped row: the one dimension that is not null, or the total.
pub(super) fn segment(metric: &Metric, dimensions: &[Cell]) -> Segment {
    let found = metric
        .by
        .iter()
        .zip(dimensions)
        .find_map(|(dimension, cell)| Some((dimension, cell.as_text()?)));
    found.map_or_else(Segment::total, |(dimension, value)| Segment::of(&dimension.text, value))
}

/// Reads the period of a grouped row: the one first day that is not null, or everything.
pub(super) fn period(
    metric: &Metric,
    calendar: &Calendar,
    first_days: &[Cell],
    everything: Period,
) -> Period {
    let grains = metric.grains.iter().filter(|grain| **grain != Grain::All);
    let found = grains
        .zip(first_days)
        .find_map(|(grain, cell)| Some(Period::containing(*grain, cell.as_date()?)));
    debug_assert!(
        found.is_none_or(|period| period.from <= calendar.as_of()),
        "rows after as-of are not read"
    );
    found.unwrap_or(everything)
}
