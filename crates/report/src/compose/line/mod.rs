//! One standing as a line of the scorecard.

mod benchmark;
mod display;
mod missing;
mod part;

use scorewright_domain::{DeclaredChange, Fault, Period, Standing, Target};

use super::context::PageContext;
use super::{period, standing};
use crate::format::{NO_VALUE, clean, clean_text, finite, history_words, short_title};
use crate::line_name::LineName;
use crate::report::ReportGroup;
use crate::scorecard::{
    ConfidenceInterval, LineBenchmark, LineBreak, LineDisplay, LineGroup, LineTarget, Point,
    ScorecardLine, StatedPeriod,
};

/// The lines of the page under their headings.
pub(super) fn groups(page: &PageContext<'_>) -> Result<Vec<LineGroup>, Fault> {
    page.report.group.iter().map(|group| line_group(page, group)).collect()
}

fn line_group(page: &PageContext<'_>, group: &ReportGroup) -> Result<LineGroup, Fault> {
    let line = |name: &String| {
        let metric = page.report.metric(name, &page.facts.metrics)?;
        Ok(line(page, &standing::total(page, &LineName::new(name), metric)))
    };
    let lines = group.lines.iter().map(line).collect::<Result<_, Fault>>()?;
    Ok(LineGroup { title: clean(&group.title), lines })
}

/// Every benchmark of the page, each once, in the order of the lines.
pub(super) fn benchmarks(groups: &[LineGroup]) -> Vec<LineBenchmark> {
    groups.iter().flat_map(|group| &group.lines).flat_map(|line| line.benchmarks.clone()).collect()
}

/// Title of the metric, with the figure where it has several.
pub(super) fn title(standing: &Standing) -> String {
    with_figure(clean(&standing.title), &standing.current.statistic)
}

fn line(page: &PageContext<'_>, standing: &Standing) -> ScorecardLine {
    let current = &standing.current;
    let name = LineName { metric: current.metric.clone(), statistic: current.statistic.clone() };
    let value = current.value.and_then(finite);
    let series = series(page, standing);
    let comparison = &standing.comparison;
    let change_interval = standing.current.tested_change.map(|test| test.interval);
    let benchmarks = standing.benchmarks.iter();
    let benchmarks = benchmarks.map(|one| benchmark::line_benchmark(page, standing, one));
    let mut line = ScorecardLine {
        id: name.to_string(),
        metric: current.metric.clone(),
        version: current.version,
        statistic: current.statistic.clone(),
        short: with_figure(short_title(&clean(&standing.title)), &current.statistic),
        title: title(standing),
        says: clean_text(&standing.says),
        unit: standing.unit,
        direction: standing.direction,
        period: own_period(page, current.period, series.len()),
        value,
        missing: value.is_none().then(|| missing::reason(page, standing)),
        numerator: current.numerator.and_then(finite),
        denominator: current.denominator.and_then(finite),
        n: current.n,
        minimum_sample: standing.minimum_sample,
        interval: ConfidenceInterval::new(current.low.zip(current.high), current.interval.name()),
        previous: comparison.previous.and_then(finite),
        change: comparison.change.and_then(finite),
        change_interval: ConfidenceInterval::new(change_interval, "difference"),
        evidence: standing.evidence,
        trend_break: standing.trend_break.as_ref().map(line_break),
        coverage: standing.coverage.state,
        covered_until: standing.coverage.until.map(|until| until.to_string()),
        coverage_sources: standing.coverage.sources.clone(),
        status: standing.status,
        target: standing.target.as_ref().map(|target| line_target(target, standing.gap)),
        benchmarks: benchmarks.collect(),
        series,
        display: LineDisplay::default(),
    };
    line.display = display::display(page, &line, part::reach(page, standing));
    line
}

fn with_figure(title: String, statistic: &str) -> String {
    match statistic.strip_prefix('p').filter(|rank| rank.parse::<u8>().is_ok()) {
        _ if statistic == "value" => title,
        Some(rank) => format!("{title} ({rank}th percentile)"),
        None => format!("{title} ({})", clean(statistic)),
    }
}

fn line_break(change: &DeclaredChange) -> LineBreak {
    LineBreak { on: change.on, what: change.what, says: clean_text(&change.says) }
}

fn line_target(target: &Target, gap: Option<f64>) -> LineTarget {
    LineTarget {
        kind: target.kind,
        value: target.value,
        baseline: target.baseline,
        from: target.from,
        due: target.due,
        owner: clean(&target.owner),
        gap: gap.and_then(finite),
    }
}

/// The period of a line; where it is longer than the page's, its history is only as long as its series.
fn own_period(page: &PageContext<'_>, period: Period, points: usize) -> StatedPeriod {
    let stated = period::stated(page, period);
    if period.grain == page.period.grain {
        return stated;
    }
    StatedPeriod { history: history_words(period.grain, points), ..stated }
}

/// The last periods with their names, walking back from the one shown.
///
/// A series of the page's own grain keeps the gaps before its first value, so that all trends of a page start at the
/// same period. A series of longer periods begins with its first value: thirteen years of which two are known would be
/// mostly empty.
fn series(page: &PageContext<'_>, standing: &Standing) -> Vec<Point> {
    let mut period = standing.current.period;
    let newest_first = standing.series.iter().rev().copied().chain(std::iter::repeat(None));
    let mut points: Vec<Point> = Vec::new();
    for value in newest_first.take(page.report.history) {
        let value = value.and_then(finite);
        let display =
            value.map_or_else(|| NO_VALUE.into(), |value| page.numbers.value(standing.unit, value));
        points.push(Point { period: period.label(), value, display });
        period = period.previous();
    }
    if standing.current.period.grain != page.period.grain {
        let known = points.iter().rposition(|point| point.value.is_some()).unwrap_or(0);
        points.truncate(known + 1);
    }
    points.reverse();
    points
}
