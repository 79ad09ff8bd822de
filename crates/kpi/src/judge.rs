//! Values beside what was promised, what others reach and what was before.

mod evidence;
mod verdict;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use scorewright_domain::{Benchmark, Evidence, Grain, KpiValue, Period, Segment, Standing, Target};

use crate::metric::Metric;
use crate::table::row_key;
use evidence::{Change, assign_evidence, compare};
use verdict::{status, target_of};

/// Earlier periods from which the usual change of a figure without interval is taken.
const BASELINE: usize = 26;

/// Judges every figure of the last whole period, for the total and every segment.
///
/// - The period is the newest of `grain` that is over on `as_of`, or for a metric
///   that matures, over for as long as it needs. A metric that is not stated for
///   `grain` is judged for the next longer one it has.
/// - `history` is the number of periods in each series, the judged one last.
/// - A change is called real only if its interval excludes zero and it survives
///   Benjamini-Hochberg at one in ten over all figures judged here.
/// - Sorted by metric, statistic and segment.
pub fn judge(
    values: &[KpiValue],
    metrics: &[Metric],
    targets: &[Target],
    benchmarks: &[Benchmark],
    grain: Grain,
    as_of: Date,
    history: usize,
) -> Vec<Standing> {
    let index = ValueIndex::of(values);
    let mut judged: Vec<(Standing, Change)> = Vec::new();
    for metric in metrics {
        let Some(period) = judged_period(metric, grain, as_of) else { continue };
        let current =
            values.iter().filter(|value| value.metric == metric.name && is_judged(value, period));
        for current in current {
            let value = JudgedValue { metric, current, index: &index };
            judged.push(value.stand(targets, benchmarks, history));
        }
    }
    assign_evidence(&mut judged);
    let mut standings: Vec<Standing> = judged.into_iter().map(|(standing, _)| standing).collect();
    standings.sort_by(|one, other| row_key(&one.current).cmp(&row_key(&other.current)));
    standings
}

/// The period a metric is judged for, and for everything whichever days it holds.
fn judged_period(metric: &Metric, grain: Grain, as_of: Date) -> Option<Period> {
    let grain = metric.grains.iter().copied().find(|stated| *stated >= grain)?;
    let ripe = as_of - i64::from(metric.matures_after_days).days();
    Some(Period::last_complete(grain, ripe))
}

fn is_judged(value: &KpiValue, period: Period) -> bool {
    value.period.grain == period.grain && (period.grain == Grain::All || value.period == period)
}

/// All values, found by what they are about.
struct ValueIndex<'a> {
    by_key: HashMap<(&'a str, &'a str, &'a Segment, Period), &'a KpiValue>,
}

impl<'a> ValueIndex<'a> {
    fn of(values: &'a [KpiValue]) -> Self {
        let by_key = values.iter().map(|value| {
            ((value.metric.as_str(), value.statistic.as_str(), &value.segment, value.period), value)
        });
        Self { by_key: by_key.collect() }
    }
}

/// One figure to be judged.
struct JudgedValue<'a> {
    metric: &'a Metric,
    current: &'a KpiValue,
    index: &'a ValueIndex<'a>,
}

impl JudgedValue<'_> {
    fn stand(
        &self,
        targets: &[Target],
        benchmarks: &[Benchmark],
        history: usize,
    ) -> (Standing, Change) {
        let previous = self.before(1);
        let target = target_of(self.current, targets);
        let earlier = self.series(BASELINE + 1);
        let change = compare(self.metric, self.current, previous, &earlier[..earlier.len() - 1]);
        let standing = Standing {
            current: self.current.clone(),
            previous: previous.cloned(),
            series: self.series(history),
            title: self.metric.title.clone(),
            says: self.metric.says.clone(),
            unit: self.metric.unit,
            direction: self.metric.direction,
            minimum_sample: self.metric.minimum_sample,
            target: target.cloned(),
            benchmarks: self.benchmarks(benchmarks),
            status: status(self.metric, self.current, target),
            gap: self.current.value.zip(target).map(|(value, target)| value - target.value),
            change: self
                .current
                .value
                .zip(previous.and_then(|value| value.value))
                .map(|(now, then)| now - then),
            change_interval: change.interval(),
            evidence: Evidence::TooLittleData,
        };
        (standing, change)
    }

    /// Benchmarks speak for whole populations, not for one segment.
    fn benchmarks(&self, benchmarks: &[Benchmark]) -> Vec<Benchmark> {
        let about = |benchmark: &&Benchmark| {
            self.current.segment.is_total()
                && benchmark.metric == self.current.metric
                && benchmark.statistic == self.current.statistic
        };
        benchmarks.iter().filter(about).cloned().collect()
    }

    /// The value so many periods before; everything has none before it.
    fn before(&self, periods: usize) -> Option<&KpiValue> {
        let mut period = self.current.period;
        if period.grain == Grain::All && periods > 0 {
            return None;
        }
        for _ in 0..periods {
            period = period.previous();
        }
        let key = (
            self.current.metric.as_str(),
            self.current.statistic.as_str(),
            &self.current.segment,
            period,
        );
        self.index.by_key.get(&key).copied()
    }

    /// The last values, oldest first, the judged one last.
    fn series(&self, periods: usize) -> Vec<Option<f64>> {
        let back = (0..periods.max(1)).rev();
        back.map(|back| self.before(back).and_then(|value| value.value)).collect()
    }
}
