//! Values beside what was promised, what others reach and what was before.

mod history;

mod evidence;
mod verdict;

#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::Date;
use scorewright_domain::{Benchmark, Comparison, Evidence, KpiValue, Period, Standing, Target};

use crate::metric::Metric;
use crate::table::row_key;
use evidence::{Change, assign_evidence, compare};
use history::FigureHistory;
use verdict::{status, target_of};

/// Earlier periods from which the usual change of a figure without interval is taken.
const BASELINE: usize = 26;

/// Judges every figure for the last whole period of each length it is stated for, the total and every segment.
///
/// - The period is the newest that is over on `as_of`, or for a metric that matures, over for as long as it needs.
/// - A change is called real only if its interval excludes zero and it survives Benjamini-Hochberg at one in ten. All
///   changes of one period are looked at in two families, the totals and the segments: which of them a report shows
///   changes nothing, and many segments drown no total.
/// - Sorted as the rows of `kpi.standing`.
pub fn judge(
    values: &[KpiValue],
    metrics: &[Metric],
    targets: &[Target],
    benchmarks: &[Benchmark],
    as_of: Date,
) -> Vec<Standing> {
    let goals = Goals { targets, benchmarks };
    let figures = FigureHistory::all(values).into_iter();
    let mut judged: Vec<(Standing, Change)> =
        figures.filter_map(|figure| goals.stand(figure, metrics, as_of)).collect();
    assign_evidence(&mut judged);
    let mut standings: Vec<Standing> = judged.into_iter().map(|(standing, _)| standing).collect();
    standings.sort_by(|one, other| row_key(&one.current).cmp(&row_key(&other.current)));
    standings
}

/// What figures are judged by.
struct Goals<'a> {
    targets: &'a [Target],
    benchmarks: &'a [Benchmark],
}

impl Goals<'_> {
    /// Judges the newest ripe value of a figure; `None` when it has none.
    fn stand(
        &self,
        figure: FigureHistory<'_>,
        metrics: &[Metric],
        as_of: Date,
    ) -> Option<(Standing, Change)> {
        let metric = metrics.iter().find(|metric| metric.name == figure.newest().metric)?;
        let ripe = as_of - i64::from(metric.matures_after_days).days();
        let period = Period::last_complete(figure.newest().period.grain, ripe);
        Some(self.judged(&figure.until(period)?, metric))
    }

    fn judged(&self, figure: &FigureHistory<'_>, metric: &Metric) -> (Standing, Change) {
        let (current, before, series) = (figure.newest(), figure.before(), figure.series());
        let target = target_of(current, self.targets);
        let earlier = &series[series.len().saturating_sub(BASELINE + 1)..series.len() - 1];
        let change = compare(metric, current, before, earlier);
        let standing = Standing {
            current: current.clone(),
            title: metric.title.clone(),
            says: metric.says.clone(),
            unit: metric.unit,
            direction: metric.direction,
            minimum_sample: metric.minimum_sample,
            definition: metric.definition(),
            target: target.cloned(),
            benchmarks: self.benchmarks(current),
            status: status(metric, current, target),
            gap: difference(current.value, target.map(|target| target.value)),
            comparison: comparison(current, before, change),
            evidence: Evidence::TooLittleData,
            series,
        };
        (standing, change)
    }

    /// Benchmarks speak for whole populations, not for one segment.
    fn benchmarks(&self, current: &KpiValue) -> Vec<Benchmark> {
        let is_about = |benchmark: &&Benchmark| {
            current.segment.is_total()
                && benchmark.metric == current.metric
                && benchmark.statistic == current.statistic
        };
        self.benchmarks.iter().filter(is_about).cloned().collect()
    }
}

fn comparison(current: &KpiValue, before: Option<&KpiValue>, change: Change) -> Comparison {
    let previous = before.and_then(|before| before.value);
    Comparison {
        previous,
        previous_n: before.map(|before| before.n),
        change: difference(current.value, previous),
        test: change.test(),
    }
}

fn difference(value: Option<f64>, other: Option<f64>) -> Option<f64> {
    value.zip(other).map(|(value, other)| value - other)
}
