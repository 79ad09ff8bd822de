//! What must hold for one target or benchmark.

use scorewright_domain::{Direction, Fault, GoalKind, Segment, Target, Unit, nearest};

use super::entry::TomlEntry;
use crate::metric::Metric;

impl TomlEntry<'_> {
    pub(super) fn metric<'m>(
        &self,
        name: &str,
        statistic: &str,
        metrics: &'m [Metric],
    ) -> Result<&'m Metric, Fault> {
        let Some(metric) = metrics.iter().find(|metric| metric.name == name) else {
            let known: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("metrics: {}", known.join(", ")),
            };
            return Err(self.fault("metric", format!("there is no metric `{name}`")).help(help));
        };
        let figures = metric.statistics();
        if figures.contains(&statistic) {
            return Ok(metric);
        }
        let message = format!("metric `{name}` has no statistic `{statistic}`");
        Err(self
            .fault("statistic", message)
            .help(format!("add `statistic = ...`, one of: {}", figures.join(", "))))
    }

    pub(super) fn check_value(&self, key: &str, value: f64, metric: &Metric) -> Result<(), Fault> {
        let (range, help) = match metric.unit {
            Unit::Share => {
                let share = if value > 1.0 { value / 100.0 } else { 0.8 };
                ("from 0 to 1", format!("write a percentage as a share: {share}"))
            }
            Unit::Points => ("from -100 to 100", "points have no percent sign and no share".into()),
            Unit::Duration => ("from 0 up", "durations are seconds".into()),
            Unit::Count | Unit::PerYear => ("from 0 up", "nothing is counted below zero".into()),
            Unit::Score | Unit::Money | Unit::Growth | Unit::Ratio => {
                ("over all numbers", "write a number".into())
            }
        };
        let is_within = match metric.unit {
            Unit::Share | Unit::Points => metric.unit.holds(value),
            Unit::Duration | Unit::Count | Unit::PerYear => value >= 0.0,
            Unit::Score | Unit::Money | Unit::Growth | Unit::Ratio => true,
        };
        if is_within && value.is_finite() {
            return Ok(());
        }
        let message = format!("`{key}` is {value}, but `{}` runs {range}", metric.name);
        Err(self.fault(key, message).help(help))
    }

    pub(super) fn check_segment(&self, target: &Target, metric: &Metric) -> Result<(), Fault> {
        let Some(written) = &target.segment else { return Ok(()) };
        let names: Vec<&str> = metric.by.iter().map(|dimension| dimension.text.as_str()).collect();
        let Some(segment) = parse_segment(written) else {
            let message = format!("`{written}` is not a segment");
            return Err(self
                .fault("segment", message)
                .help("write dimension and value, as in `team=Billing`"));
        };
        if names.contains(&segment.dimension.as_str()) {
            return Ok(());
        }
        let message = format!("`{}` is not stated by `{}`", metric.name, segment.dimension);
        let help = match nearest(&segment.dimension, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its dimensions: {}", names.join(", ")),
        };
        Err(self.fault("segment", message).help(help))
    }

    pub(super) fn check_goal(&self, target: &Target, metric: &Metric) -> Result<(), Fault> {
        if metric.direction == Direction::Neutral {
            let message =
                format!("`{}` is neutral: no value of it is better than another", metric.name);
            return Err(self
                .fault("metric", message)
                .help("give the metric a direction, or drop the target"));
        }
        if target.kind == GoalKind::Keep {
            return Ok(());
        }
        let Some(due) = target.due else {
            let message = "a `reach` goal needs the day it is due";
            return Err(self
                .fault("kind", message)
                .help("add `due = \"2027-06-30\"`, or write `kind = \"keep\"`"));
        };
        let Some(baseline) = target.baseline else {
            let message = "a `reach` goal needs the value it starts from";
            return Err(self
                .fault("kind", message)
                .help("add `baseline = ...`, the value on the first day"));
        };
        if due <= target.from {
            return Err(self.fault("due", "the goal is due before it begins"));
        }
        self.check_value("baseline", baseline, metric)
    }
}

/// Reads `team=Billing`.
pub(crate) fn parse_segment(written: &str) -> Option<Segment> {
    let (dimension, value) = written.split_once('=')?;
    let (dimension, value) = (dimension.trim(), value.trim());
    (!dimension.is_empty() && !value.is_empty()).then(|| Segment::of(dimension, value))
}
