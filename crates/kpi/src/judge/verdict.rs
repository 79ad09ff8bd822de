//! The verdict on a value: its line, and which side of it the value is on.

use jiff::civil::Date;
use scorewright_domain::{Direction, GoalKind, KpiValue, Status, Target};

use crate::metric::Metric;
use crate::targets::parse_segment;

/// The target in force on the last day of the value's period; one for the total says nothing about a segment.
pub(super) fn target_of<'a>(value: &KpiValue, targets: &'a [Target]) -> Option<&'a Target> {
    let is_about = |target: &&Target| {
        let segment = target.segment.as_deref().and_then(parse_segment).unwrap_or_default();
        target.metric == value.metric
            && target.statistic == value.statistic
            && segment == value.segment
            && target.from < value.period.until
    };
    targets.iter().filter(is_about).max_by_key(|target| target.from)
}

/// Judges a value against its line; equality counts as met.
pub(super) fn status(metric: &Metric, value: &KpiValue, target: Option<&Target>) -> Status {
    let Some(figure) = value.value else { return Status::NoData };
    if value.n < Some(metric.minimum_sample) {
        return Status::TooLittleData;
    }
    let Some(target) = target else { return Status::NoTarget };
    let line = line_at_end(target, value);
    let reaches = |end: Option<f64>| end.is_some_and(|end| metric.direction.is_met(end, line));
    if metric.direction.is_met(figure, line) {
        Status::OnTrack
    } else if reaches(better_end(metric.direction, value)) {
        Status::AtRisk
    } else {
        Status::OffTrack
    }
}

fn better_end(direction: Direction, value: &KpiValue) -> Option<f64> {
    if direction == Direction::LowerIsBetter { value.low } else { value.high }
}

/// The line itself, or for a `reach` goal where its straight path stands when the period ends.
fn line_at_end(target: &Target, value: &KpiValue) -> f64 {
    let (GoalKind::Reach, Some(baseline), Some(due)) = (target.kind, target.baseline, target.due)
    else {
        return target.value;
    };
    let elapsed = days_between(target.from, value.period.until) / days_between(target.from, due);
    baseline + (target.value - baseline) * elapsed.clamp(0.0, 1.0)
}

fn days_between(from: Date, until: Date) -> f64 {
    f64::from((until - from).get_days())
}
