//! Whether the sources of a metric reach the end of a period: late is not zero.
//!
//! A period is covered when every source that the rows of its facts come from reaches past its end. What is not
//! covered has no total, whatever rows of it are there.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};
use scorewright_domain::{
    Coverage, CoverageState, Grain, KpiValue, NullReason, Period, SourceReach,
};

use crate::calendar::Calendar;
use crate::metric::{Metric, MetricKind};

/// How far the sources reach that the rows of a metric's facts come from.
#[derive(Debug, Clone, Default)]
pub struct MetricReach {
    /// The sources.
    pub sources: Vec<SourceReach>,
    /// Days after a period that have to be delivered too before it is judged.
    pub matures_after_days: u16,
}

/// How far the sources of each metric reach, on the calendar of a run.
#[derive(Debug, Clone)]
pub struct MetricCoverage {
    calendar: Calendar,
    by_metric: BTreeMap<String, MetricReach>,
}

impl MetricCoverage {
    /// A metric without any source is covered.
    pub fn new(calendar: Calendar, by_metric: BTreeMap<String, MetricReach>) -> Self {
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

    /// How far the sources of a metric reach; `None` of a metric without any.
    pub(crate) fn reach_of(&self, metric: &str) -> Option<&MetricReach> {
        self.by_metric.get(metric)
    }

    /// How much of a period of a metric was delivered.
    ///
    /// Everything known is a period that ends where the sources do: it is never late.
    pub fn of(&self, metric: &str, period: Period) -> Coverage {
        let Some(reach) = self.by_metric.get(metric) else { return Coverage::whole() };
        let end = period.until + i64::from(reach.matures_after_days).days();
        let end = self.calendar.midnight(end);
        let is_short = |reach: &&SourceReach| period.grain != Grain::All && ends_before(reach, end);
        let late: Vec<&SourceReach> = reach.sources.iter().filter(is_short).collect();
        let unknown: Vec<&SourceReach> =
            reach.sources.iter().filter(|reach| reach.until.is_none()).collect();
        let is_without = |reach: &&SourceReach| self.is_without_a_day(reach, period);
        let state = match (late.is_empty(), unknown.is_empty()) {
            (true, true) => CoverageState::Covered,
            (true, false) => CoverageState::Unknown,
            (false, _) if reach.sources.iter().all(|reach| is_without(&reach)) => {
                CoverageState::Missing
            }
            (false, _) => CoverageState::Partial,
        };
        let named = if late.is_empty() { unknown } else { late };
        let until = reach.sources.iter().filter_map(|reach| reach.until).min();
        Coverage {
            state,
            until: until.filter(|_| state != CoverageState::Unknown),
            sources: named.into_iter().map(|reach| reach.source.clone()).collect(),
        }
    }

    /// Whether a source has delivered no whole day of a period.
    fn is_without_a_day(&self, reach: &SourceReach, period: Period) -> bool {
        reach.until.is_some_and(|until| self.calendar.day_of(until) <= period.from)
    }

    /// Whether any of the sources has delivered no whole day of a period: what there is, is not even a part of all.
    fn lacks_a_source(&self, metric: &str, period: Period) -> bool {
        let reach = self.by_metric.get(metric);
        reach.is_some_and(|reach| {
            reach.sources.iter().any(|reach| self.is_without_a_day(reach, period))
        })
    }

    /// Takes the values of some metrics away where their periods were not delivered to the end.
    ///
    /// A share or a median of what is there is kept, as that of the part, unless a whole source is lacking.
    pub(crate) fn withhold(&self, values: &mut [KpiValue], metrics: &[Metric]) {
        let is_of_part = |metric: &Metric| {
            let has_parts = matches!(
                metric.kind,
                MetricKind::Ratio(_) | MetricKind::Quantile(_) | MetricKind::Survival(_)
            );
            has_parts && metric.minimum_group.is_none()
        };
        for value in values {
            let metric = metrics.iter().find(|metric| metric.name == value.metric);
            let has_part =
                value.value.is_some() && !self.lacks_a_source(&value.metric, value.period);
            if metric.is_some_and(|metric| !has_part || !is_of_part(metric))
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
