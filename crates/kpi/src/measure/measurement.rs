//! A figure, and the value it becomes.

use jiff::ToSpan;
use scorewright_domain::{IntervalMethod, KpiValue, NullReason};

use super::cells::GridKey;
use super::context::MeasureContext;
use crate::statistics::Interval;

/// A figure before it is put into its period and segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measurement {
    pub(super) numerator: Option<f64>,
    pub(super) denominator: Option<f64>,
    pub(super) n: u64,
    pub(super) value: Result<f64, NullReason>,
    pub(super) interval: Option<(Interval, IntervalMethod)>,
}

impl Measurement {
    pub(super) fn missing(why: NullReason) -> Self {
        Self { numerator: None, denominator: None, n: 0, value: Err(why), interval: None }
    }

    pub(super) fn exact(value: f64, n: u64) -> Self {
        Self { numerator: None, denominator: None, n, value: Ok(value), interval: None }
    }

    /// The row of the value; a period that is too young has none yet.
    pub(super) fn into_value(
        self,
        context: &MeasureContext,
        statistic: &str,
        (period, segment): GridKey,
    ) -> KpiValue {
        let metric = context.metric;
        let waits = i64::from(metric.matures_after_days).days();
        let is_ripe = period.until + waits <= context.calendar.as_of();
        let figure = if segment.is_too_many() {
            Self::missing(NullReason::TooManySegments)
        } else if is_ripe {
            self
        } else {
            self.immature()
        };
        // A fraction that overflowed or divided by zero in a formula is no value.
        let value =
            figure.value.and_then(finite).and_then(|value| possible(context, statistic, value));
        let interval = figure.interval.filter(|_| value.is_ok());
        KpiValue {
            metric: metric.name.clone(),
            version: metric.version,
            statistic: statistic.to_owned(),
            period,
            segment,
            numerator: figure.numerator,
            denominator: figure.denominator,
            n: Some(figure.n),
            value: value.ok(),
            low: interval.map(|((low, _), _)| low),
            high: interval.map(|((_, high), _)| high),
            interval: interval.map_or(IntervalMethod::None, |(_, method)| method),
            null_reason: value.err(),
            tested_change: None,
        }
    }

    fn immature(self) -> Self {
        Self { n: self.n, ..Self::missing(NullReason::Immature) }
    }
}

/// A share of more than all is none: what it counts is not among what it is divided by.
fn possible(context: &MeasureContext, statistic: &str, value: f64) -> Result<f64, NullReason> {
    // Other statistics may be parameters of a model.
    let is_figure = context.metric.statistics().contains(&statistic);
    if is_figure && !context.metric.unit.holds(value) {
        return Err(NullReason::OutsideUnit);
    }
    Ok(value)
}

fn finite(value: f64) -> Result<f64, NullReason> {
    if value.is_finite() { Ok(value) } else { Err(NullReason::EmptyDenominator) }
}
