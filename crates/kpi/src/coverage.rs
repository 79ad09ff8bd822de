//! Whether the sources of a metric reach the end of a period: late is not zero.
//!
//! A period is covered when every source that the rows of its facts come from reaches past its end. What is not
//! covered has no total, whatever rows of it are there.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use scorewright_domain::{
    Coverage, CoverageState, Grain, KpiValue, NullReason, Period, SourceReach,
};

use crate::calendar::Calendar;
use crate::metric::{Metric, MetricKind};

/// How far the sources of each metric reach, on the calendar of a run.
#[derive(Debug, Clone)]
pub struct MetricCoverage {
    calendar: Calendar,
    by_metric: BTreeMap<String, Vec<SourceReach>>,
}

impl MetricCoverage {
    /// - `by_metric`: the sources that the rows of its facts come from; a metric without any is covered.
    pub fn new(calendar: Calendar, by_metric: BTreeMap<String, Vec<SourceReach>>) -> Self {
        Self { calendar, by_metric }
    }

    /// Everything is there.
    pub fn whole(calendar: Calendar) -> Self {
        Self::new(calendar, BTreeMap::new())
    }

    /// The calendar of the run.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// How much of a period of a metric was delivered.
    ///
    /// Everything known is a period that ends where the sources do: it is never late.
    pub fn of(&self, metric: &str, period: Period) -> Coverage {
        let reaches = self.by_metric.get(metric).map(Vec::as_slice).unwrap_or_default();
        let end = self.calendar.midnight(period.until);
        let is_short = |reach: &&SourceReach| period.grain != Grain::All && ends_before(reach, end);
        let late: Vec<&SourceReach> = reaches.iter().filter(is_short).collect();
        let unknown: Vec<&SourceReach> =
            reaches.iter().filter(|reach| reach.until.is_none()).collect();
        let first = reaches.iter().filter_map(|reach| reach.until).min();
        let state = match (late.is_empty(), unknown.is_empty()) {
            (true, true) => CoverageState::Covered,
            (true, false) => CoverageState::Unknown,
            (false, _)
                if first.is_some_and(|first| first <= self.calendar.midnight(period.from)) =>
            {
                CoverageState::Missing
            }
            (false, _) => CoverageState::Partial,
        };
        let named = if late.is_empty() { unknown } else { late };
        Coverage {
            state,
            until: first.filter(|_| state != CoverageState::Unknown),
            sources: named.into_iter().map(|reach| reach.source.clone()).collect(),
        }
    }

    /// Takes the values of some metrics away where their periods were not delivered to the end.
    ///
    /// A share or a median of what is there is kept: it is one of the part.
    pub(crate) fn withhold(&self, values: &mut [KpiValue], metrics: &[Metric]) {
        let is_of_part =
            |kind: &MetricKind| matches!(kind, MetricKind::Ratio(_) | MetricKind::Quantile(_));
        for value in values {
            let metric = metrics.iter().find(|metric| metric.name == value.metric);
            let has_part = value.value.is_some();
            if metric.is_some_and(|metric| !has_part || !is_of_part(&metric.kind))
                && self.of(&value.metric, value.period).state.is_late()
            {
                (value.value, value.low, value.high) = (None, None, None);
                value.null_reason = Some(NullReason::NotCovered);
            }
        }
    }
}

fn ends_before(reach: &SourceReach, end: Timestamp) -> bool {
    reach.until.is_some_and(|until| until < end)
}
