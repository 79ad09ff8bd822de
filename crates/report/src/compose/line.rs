//! One standing as a line of the scorecard.

use scorewright_domain::{
    Evidence, IntervalMethod, KpiValue, NullReason, Period, Segment, Standing, Status, Target,
};

use super::{Page, benchmark, display, period};
use crate::scorecard::{Interval, Line, LineDisplay, LineTarget, Missing, Point, StatedPeriod};
use crate::wording::{NO_VALUE, clean, clean_text, history_words, short_title};
use crate::{LineName, MetricFacts};

/// Share of 95 % intervals that hold the truth.
const LEVEL: f64 = 0.95;

/// The standing of a metric that has none.
pub(super) fn absent(
    name: &LineName,
    metric: &MetricFacts,
    period: Period,
    segment: Segment,
) -> Standing {
    Standing {
        current: KpiValue {
            metric: metric.metric.clone(),
            version: metric.version,
            statistic: name.statistic.clone(),
            period,
            segment,
            numerator: None,
            denominator: None,
            n: 0,
            value: None,
            low: None,
            high: None,
            interval: IntervalMethod::None,
            null_reason: Some(NullReason::NoRows),
        },
        previous: None,
        series: vec![None],
        title: metric.title.clone(),
        says: metric.says.clone(),
        unit: metric.unit,
        direction: metric.direction,
        minimum_sample: metric.minimum_sample,
        target: None,
        benchmarks: Vec::new(),
        status: Status::NoData,
        gap: None,
        change: None,
        change_interval: None,
        evidence: Evidence::TooLittleData,
    }
}

pub(super) fn line(page: &Page<'_>, standing: &Standing) -> Line {
    let current = &standing.current;
    let name = LineName { metric: current.metric.clone(), statistic: current.statistic.clone() };
    let value = current.value.and_then(finite);
    let series = series(page, standing);
    let benchmarks =
        standing.benchmarks.iter().map(|one| benchmark::beside(page, standing, one)).collect();
    let mut line = Line {
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
        missing: missing(value, current.null_reason),
        numerator: current.numerator.and_then(finite),
        denominator: current.denominator.and_then(finite),
        n: current.n,
        minimum_sample: standing.minimum_sample,
        interval: interval(current.low.zip(current.high), current.interval.name()),
        previous: previous(standing),
        change: standing.change.and_then(finite),
        change_interval: interval(standing.change_interval, "difference"),
        evidence: standing.evidence,
        status: standing.status,
        target: standing.target.as_ref().map(|target| promised(target, standing.gap)),
        benchmarks,
        series,
        display: LineDisplay::empty(),
    };
    line.display = display::display(page, &line);
    line
}

/// Title of the metric, with the figure where it has several.
pub(super) fn title(standing: &Standing) -> String {
    with_figure(clean(&standing.title), &standing.current.statistic)
}

fn with_figure(title: String, statistic: &str) -> String {
    match statistic.strip_prefix('p').filter(|rank| rank.parse::<u8>().is_ok()) {
        _ if statistic == "value" => title,
        Some(rank) => format!("{title} ({rank}th percentile)"),
        None => format!("{title} ({})", clean(statistic)),
    }
}

fn missing(value: Option<f64>, reason: Option<NullReason>) -> Option<Missing> {
    let reason = reason.unwrap_or(NullReason::NoRows);
    value.is_none().then(|| Missing { reason, words: reason.words().into() })
}

/// Infinity and not-a-number are no values: JSON has no word for them, and neither has a reader.
pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

pub(super) fn interval(ends: Option<(f64, f64)>, method: &str) -> Option<Interval> {
    let (low, high) = ends?;
    let (low, high) = (finite(low)?, finite(high)?);
    Some(Interval { low, high, level: LEVEL, method: method.into() })
}

fn previous(standing: &Standing) -> Option<f64> {
    standing.previous.as_ref().and_then(|previous| previous.value).and_then(finite)
}

fn promised(target: &Target, gap: Option<f64>) -> LineTarget {
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
fn own_period(page: &Page<'_>, period: Period, points: usize) -> StatedPeriod {
    let stated = period::stated(page, period);
    if period.grain == page.period.grain {
        return stated;
    }
    StatedPeriod { history: history_words(period.grain, points), ..stated }
}

/// The last periods with their names, walking back from the one shown.
///
/// Weeks before the first value are gaps of a trend beside others; thirteen years of which two are known are not.
fn series(page: &Page<'_>, standing: &Standing) -> Vec<Point> {
    let mut period = standing.current.period;
    let known = if standing.series.is_empty() {
        vec![standing.current.value]
    } else {
        standing.series.clone()
    };
    let mut points: Vec<Point> = Vec::new();
    for value in known.into_iter().rev().take(page.report.history) {
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

impl LineDisplay {
    fn empty() -> Self {
        Self {
            value: NO_VALUE.into(),
            missing: None,
            period: None,
            period_note: None,
            interval: None,
            change: NO_VALUE.into(),
            change_interval: None,
            previous: None,
            evidence: String::new(),
            status: String::new(),
            shape: String::new(),
            target: None,
            goal: None,
            gap: None,
            benchmarks: Vec::new(),
            n: String::new(),
            sample: String::new(),
            sparkline: String::new(),
            range: String::new(),
            history: None,
            alt: String::new(),
        }
    }
}
