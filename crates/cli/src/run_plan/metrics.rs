//! Metrics that would be measured, and those whose values stay.

use scorewright_kpi::{Metric, MetricCoverage};
use scorewright_project::Project;
use scorewright_warehouse::Snapshot;

use crate::measured_from::measured_from;
use crate::standings::metrics_that_stay;

/// A metric of the next run.
pub(super) struct PlannedMetric {
    pub(super) metric: String,
    /// Why it is measured; `None` where the values of the version before stay.
    pub(super) why: Option<MeasureReason>,
}

/// Why a metric is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MeasureReason {
    /// The version before has no values of it that could stay.
    New,
    /// Its definition changed, or its fact, the day, what SQL means, or how far its sources reach.
    Changed,
    /// Only measuring tells: it is made of metrics, asks other tables too, or has `minimum_group`.
    Always,
}

impl MeasureReason {
    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Always => "always",
        }
    }
}

impl PlannedMetric {
    /// One whose values stay.
    pub(super) fn kept(metric: &Metric) -> Self {
        Self { metric: metric.name.clone(), why: None }
    }
}

/// Every metric, and why it would be measured.
///
/// - `built`: what the facts would be made from, and what SQL would mean.
pub(super) fn measured_metrics(
    project: &Project,
    coverage: &MetricCoverage,
    built: &Snapshot,
    before: &Snapshot,
) -> Vec<PlannedMetric> {
    let measured_from = measured_from(project, built, coverage);
    let stay = metrics_that_stay(project, &measured_from, before);
    let planned = |metric: &Metric| {
        let name = metric.name.as_str();
        let why = if stay.contains(name) {
            return PlannedMetric::kept(metric);
        } else if !measured_from.contains_key(name) {
            MeasureReason::Always
        } else if before.measured_from.contains_key(name) {
            MeasureReason::Changed
        } else {
            MeasureReason::New
        };
        PlannedMetric { metric: metric.name.clone(), why: Some(why) }
    };
    project.metrics.iter().map(planned).collect()
}
