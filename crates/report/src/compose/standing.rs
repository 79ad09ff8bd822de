//! The standing of everybody, also where there is none.

use scorewright_domain::{
    Comparison, Coverage, Evidence, IntervalMethod, KpiValue, NullReason, Period, Segment,
    Standing, Status,
};

use super::context::PageContext;
use super::period;
use crate::facts::MetricFacts;
use crate::line_name::LineName;

/// The standing of everybody for a figure, or one that says there is none.
pub(super) fn total(page: &PageContext<'_>, name: &LineName, metric: &MetricFacts) -> Standing {
    let judged = period::judged(page, name, metric);
    let found = page
        .of_figure(name)
        .find(|standing| standing.current.segment.is_total() && standing.current.period == judged);
    found.cloned().unwrap_or_else(|| absent(name, metric, judged))
}

fn absent(name: &LineName, metric: &MetricFacts, period: Period) -> Standing {
    Standing {
        current: KpiValue {
            metric: metric.metric.clone(),
            version: metric.version,
            statistic: name.statistic.clone(),
            period,
            segment: Segment::total(),
            numerator: None,
            denominator: None,
            n: Some(0),
            value: None,
            low: None,
            high: None,
            interval: IntervalMethod::None,
            null_reason: Some(NullReason::NoRows),
            tested_change: None,
        },
        series: vec![None],
        title: metric.title.clone(),
        says: metric.says.clone(),
        unit: metric.unit,
        direction: metric.direction,
        minimum_sample: metric.minimum_sample,
        definition: metric.formula.clone(),
        target: None,
        benchmarks: Vec::new(),
        status: Status::NoData,
        gap: None,
        comparison: Comparison::default(),
        evidence: Evidence::TooLittleData,
        trend_break: None,
        coverage: Coverage::whole(),
    }
}
