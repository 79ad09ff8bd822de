//! What a figure is about.

use scorewright_domain::{KpiValue, Period, Segment};

/// A period and a segment.
pub(super) type CellKey = (Period, Segment);

/// A figure of a metric: one statistic of a cell.
pub(super) type FigureKey<'a> = (Period, &'a Segment, &'a str);

pub(super) fn figure_key(value: &KpiValue) -> FigureKey<'_> {
    (value.period, &value.segment, &value.statistic)
}

pub(super) fn key_of(value: &KpiValue) -> CellKey {
    (value.period, value.segment.clone())
}
