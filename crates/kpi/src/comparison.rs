//! Every value beside that of the period before.

use std::collections::{BTreeMap, HashMap};

use scorewright_domain::{
    ChangeTest, Grain, IntervalMethod, KpiValue, Period, Segment, TestedChange,
};

use crate::coverage::MetricCoverage;
use crate::metric::{IntervalChoice, Metric, MetricKind};
use crate::statistics::{Estimate, Z, difference, two_sided, usual_change};

/// Earlier periods from which the usual change of a figure without interval is taken.
const BASELINE: usize = 26;

/// Tests what every value changed by from the period before.
///
/// - A test that was made from rows stays; the others are made of the values.
/// - Nothing is compared where either side has no value or was not delivered to its end, nor across a declared change of what
///   is asked, or of how.
pub(crate) fn test_changes(values: &mut [KpiValue], metrics: &[Metric], coverage: &MetricCoverage) {
    let mut tested: Vec<Option<TestedChange>> = vec![None; values.len()];
    for (metric, figure) in figures(values, metrics) {
        let figure = FigureValues { metric, metrics, coverage, values: &figure };
        for (at, (place, _)) in figure.values.iter().enumerate() {
            tested[*place] = figure.tested(at);
        }
    }
    for (value, tested) in values.iter_mut().zip(tested) {
        value.tested_change = tested;
    }
}

/// A value, and where it stands among all.
type PlacedValue<'a> = (usize, &'a KpiValue);

/// The values of each figure, oldest first, with its metric.
fn figures<'a>(
    values: &'a [KpiValue],
    metrics: &'a [Metric],
) -> Vec<(&'a Metric, Vec<PlacedValue<'a>>)> {
    let metrics: BTreeMap<&str, &Metric> =
        metrics.iter().map(|metric| (&*metric.name, metric)).collect();
    let mut figures: HashMap<(&str, &str, &Segment, Grain), Vec<PlacedValue>> = HashMap::new();
    for placed in values.iter().enumerate() {
        let KpiValue { metric, statistic, segment, period, .. } = placed.1;
        figures.entry((metric, statistic, segment, period.grain)).or_default().push(placed);
    }
    let with_metric = figures.into_iter().filter_map(|((metric, ..), mut values)| {
        values.sort_unstable_by_key(|(_, value)| value.period);
        Some((*metrics.get(metric)?, values))
    });
    with_metric.collect()
}

/// The values of one metric, statistic, segment and length of period, oldest first.
struct FigureValues<'a> {
    metric: &'a Metric,
    metrics: &'a [Metric],
    coverage: &'a MetricCoverage,
    values: &'a [PlacedValue<'a>],
}

impl FigureValues<'_> {
    /// The change of a value, tested; `None` where there is nothing to compare, or no test.
    fn tested(&self, at: usize) -> Option<TestedChange> {
        let (now, before) = (self.values[at].1, self.values[at.checked_sub(1)?].1);
        let change = now.value? - before.value?;
        let is_next = before.period.until == now.period.from;
        if !is_next || self.is_late(now.period) || self.is_late(before.period) {
            return None;
        }
        let parted = self.metric.newest_change(now.period.until, self.metrics);
        let since = parted.map(|parted| parted.on);
        if since.is_some_and(|since| before.period.from < since) {
            return None;
        }
        let of_rows = now.tested_change.filter(|tested| tested.test.is_of_rows());
        of_rows.or_else(|| match (estimate(self.metric, now), estimate(self.metric, before)) {
            (Some(one), Some(other)) => difference(&one, &other),
            _ if self.metric.interval == IntervalChoice::None => {
                let is_known = |value: &&KpiValue| since.is_none_or(|on| value.period.from >= on);
                unusual(change, &self.earlier(at, is_known))
            }
            _ => None,
        })
    }

    fn is_late(&self, period: Period) -> bool {
        self.coverage.of(&self.metric.name, period).state.is_late()
    }

    /// The values of the periods before one, oldest first; a period without a row has none.
    fn earlier(&self, at: usize, is_known: impl Fn(&&KpiValue) -> bool) -> Vec<Option<f64>> {
        let mut older = self.values[..at].iter().rev().map(|(_, value)| *value);
        let mut next = older.next().filter(&is_known);
        let (mut period, mut earlier) = (self.values[at].1.period, Vec::new());
        while earlier.len() < BASELINE
            && let Some(known) = next
        {
            period = period.previous();
            let is_there = known.period == period;
            earlier.push(known.value.filter(|_| is_there));
            if is_there {
                next = older.next().filter(&is_known);
            }
        }
        earlier.reverse();
        earlier
    }
}

/// What the tests need of a value that has an interval.
fn estimate(metric: &Metric, value: &KpiValue) -> Option<Estimate> {
    let (figure, interval) = (value.value?, (value.low?, value.high?));
    Some(match value.interval {
        IntervalMethod::Wilson => {
            Estimate::Share { hits: count(value.numerator?)?, asked: count(value.denominator?)? }
        }
        IntervalMethod::AdjustedWald => Estimate::Points {
            net: value.numerator?,
            answers: count(value.denominator?)?,
            scale: scale(metric),
            interval,
        },
        IntervalMethod::StudentT => Estimate::Mean { mean: figure, n: value.n?, interval },
        IntervalMethod::OrderStatistics
        | IntervalMethod::Bootstrap
        | IntervalMethod::Linearised
        | IntervalMethod::Greenwood => Estimate::Other { value: figure, interval },
        IntervalMethod::None => return None,
    })
}

fn scale(metric: &Metric) -> f64 {
    if let MetricKind::Ratio(ratio) = &metric.kind { ratio.scale } else { 1.0 }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of rows, checked to be one"
)]
fn count(number: f64) -> Option<u64> {
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}

/// A change without sampling interval, beside the usual up and down of the figure.
fn unusual(change: f64, earlier: &[Option<f64>]) -> Option<TestedChange> {
    let deviation = usual_change(earlier)?;
    Some(TestedChange {
        interval: (change - Z * deviation, change + Z * deviation),
        standard_error: deviation,
        probability: two_sided(change / deviation),
        test: ChangeTest::MovingRange,
    })
}
