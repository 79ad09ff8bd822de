//! Values beside what was promised, what others reach and what was before.

mod history;

mod evidence;
mod verdict;

#[cfg(test)]
mod tests;

use jiff::ToSpan;
use scorewright_domain::{
    Benchmark, Comparison, DeclaredChange, Evidence, KpiValue, Period, Standing, Status, Target,
};

use crate::coverage::MetricCoverage;
use crate::metric::Metric;
use crate::table::row_key;
use evidence::{Change, assign_evidence, compare};
use history::FigureHistory;
use verdict::{status, target_of};

/// Judges every figure for the last whole period of each length it is stated for, the total and every segment.
///
/// - The period is the newest that is over on the as-of day, or for a metric that matures, over for as long as it needs.
/// - A change is called real only if its interval excludes zero and it survives Benjamini-Hochberg at one in ten. All
///   changes of one period are looked at in two families, the totals and the segments: which of them a report shows
///   changes nothing, and many segments drown no total.
/// - Values before a declared change of what is asked, or of how, are neither compared nor in the series.
/// - A period that was not delivered to its end has no verdict and is compared with nothing.
/// - Sorted as the rows of `kpi.standing`.
pub fn judge(
    values: &[KpiValue],
    metrics: &[Metric],
    targets: &[Target],
    benchmarks: &[Benchmark],
    coverage: &MetricCoverage,
) -> Vec<Standing> {
    let goals = Goals { targets, benchmarks, coverage };
    let figures = FigureHistory::all(values).into_iter();
    let mut judged: Vec<(Standing, Change)> =
        figures.filter_map(|figure| goals.stand(figure, metrics)).collect();
    assign_evidence(&mut judged);
    let mut standings: Vec<Standing> = judged.into_iter().map(|(standing, _)| standing).collect();
    standings.sort_by(|one, other| row_key(&one.current).cmp(&row_key(&other.current)));
    standings
}

/// What figures are judged by.
struct Goals<'a> {
    targets: &'a [Target],
    benchmarks: &'a [Benchmark],
    coverage: &'a MetricCoverage,
}

impl Goals<'_> {
    /// Judges the newest ripe value of a figure; `None` when it has none, and of parameters of a model, which are neither good nor bad.
    fn stand(&self, figure: FigureHistory<'_>, metrics: &[Metric]) -> Option<(Standing, Change)> {
        let metric = metrics.iter().find(|metric| metric.name == figure.newest().metric)?;
        if !metric.statistics().contains(&figure.newest().statistic.as_str()) {
            return None;
        }
        let ripe = self.coverage.calendar().as_of() - i64::from(metric.matures_after_days).days();
        let period = Period::last_complete(figure.newest().period.grain, ripe);
        let figure = figure.until(period)?;
        match metric.newest_change(figure.newest().period.until, metrics) {
            Some(change) => Some(self.judged_since(change, figure, metric)),
            None => Some(self.judged(&figure, metric)),
        }
    }

    /// Judges a figure beside the values since a declared change alone.
    fn judged_since(
        &self,
        change: &DeclaredChange,
        figure: FigureHistory<'_>,
        metric: &Metric,
    ) -> (Standing, Change) {
        let (values, before) = (figure.len(), figure.before().is_some());
        let figure = figure.since(change.on);
        let (standing, compared) = self.judged(&figure, metric);
        let is_mixed = change.on > figure.newest().period.from;
        let is_broken = is_mixed || figure.len() < values;
        let is_parted = before && figure.before().is_none();
        let standing = Standing { trend_break: is_broken.then(|| change.clone()), ..standing };
        (standing, if is_parted { Change::NotComparable } else { compared })
    }

    fn judged(&self, figure: &FigureHistory<'_>, metric: &Metric) -> (Standing, Change) {
        let (current, before, series) = (figure.newest(), figure.before(), figure.series());
        let target = target_of(current, self.targets);
        let change = compare(metric, current, before);
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
            comparison: comparison(current, before),
            evidence: Evidence::TooLittleData,
            trend_break: None,
            coverage: self.coverage.of(&current.metric, current.period),
            series,
        };
        if standing.coverage.state.is_late() {
            (self.of_part(standing, figure), Change::TooLittle)
        } else {
            (standing, change)
        }
    }

    /// The standing of a period that was not delivered to its end: neither judged nor compared.
    fn of_part(&self, standing: Standing, figure: &FigureHistory<'_>) -> Standing {
        let metric = &standing.current.metric;
        let is_late = |period| self.coverage.of(metric, period).state.is_late();
        Standing {
            series: figure.series_before(is_late),
            status: Status::Partial,
            gap: None,
            comparison: Comparison::default(),
            ..standing
        }
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

fn comparison(current: &KpiValue, before: Option<&KpiValue>) -> Comparison {
    let previous = before.and_then(|before| before.value);
    Comparison {
        previous,
        previous_n: before.and_then(|before| before.n),
        change: difference(current.value, previous),
    }
}

fn difference(value: Option<f64>, other: Option<f64>) -> Option<f64> {
    value.zip(other).map(|(value, other)| value - other)
}
