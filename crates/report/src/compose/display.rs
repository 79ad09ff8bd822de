//! How a line is shown: the rounding and the words.

use scorewright_domain::{Direction, Evidence, GoalKind, Status};

use super::{Page, benchmark, period};
use crate::chart::blocks;
use crate::scorecard::{Interval, Line, LineDisplay, LineTarget};
use crate::wording::{NO_VALUE, Numbers, count, day_short, history_words};

/// All rounding and wording of a line.
pub(super) fn display(page: &Page<'_>, line: &Line) -> LineDisplay {
    let (numbers, unit) = (page.numbers, line.unit);
    let value = |value: f64| numbers.value(unit, value);
    let mut display = LineDisplay {
        value: line.value.map_or_else(|| NO_VALUE.into(), value),
        missing: line.missing.as_ref().map(|missing| missing.words.clone()),
        period: period::mention(page, line.period.days()),
        period_note: period::note(page, line.period.days()),
        interval: line.interval.as_ref().map(|ends| numbers.range(unit, ends.low, ends.high)),
        change: line
            .change
            .map_or_else(|| NO_VALUE.into(), |change| numbers.change(unit, change, beside(line))),
        change_interval: line
            .change_interval
            .as_ref()
            .map(|ends| change_range(numbers, line, ends)),
        previous: line.previous.map(value),
        evidence: evidence(line.evidence, line.change, line.direction),
        status: line.status.words().into(),
        shape: shape(line.status).into(),
        target: line.target.as_ref().map(|target| value(target.value)),
        goal: line.target.as_ref().map(|target| goal(numbers, line, target)),
        gap: gap(numbers, line),
        benchmarks: benchmark::displays(numbers, line),
        n: count(line.n),
        sample: sample(line.n, line.minimum_sample),
        sparkline: blocks(&values(line)),
        range: range(numbers, line),
        history: (line.period.grain != page.period.grain).then(|| line.period.history.clone()),
        alt: String::new(),
    };
    display.alt = alt(line, &display);
    display
}

/// The evidence in words; a real change also says for whom it is good.
pub(super) fn evidence(evidence: Evidence, change: Option<f64>, direction: Direction) -> String {
    let Some(change) = change else { return "nothing to compare with".into() };
    let words = evidence.words();
    match is_better(change, direction) {
        Some(true) if evidence == Evidence::Real => format!("{words}, better"),
        Some(false) if evidence == Evidence::Real => format!("{words}, worse"),
        _ => words.into(),
    }
}

/// Whether a change is for the better; `None` where neither way is, or nothing changed.
pub(super) fn is_better(change: f64, direction: Direction) -> Option<bool> {
    match direction {
        _ if change == 0.0 => None,
        Direction::HigherIsBetter => Some(change > 0.0),
        Direction::LowerIsBetter => Some(change < 0.0),
        Direction::Neutral => None,
    }
}

/// Shape of a status, so that colour never speaks alone.
pub(super) fn shape(status: Status) -> &'static str {
    match status {
        Status::OffTrack => "■",
        Status::AtRisk => "▲",
        Status::OnTrack => "●",
        Status::NoTarget | Status::TooLittleData | Status::NoData => "–",
    }
}

/// The value a change stands beside, which decides how precisely it is said.
pub(super) fn beside(line: &Line) -> f64 {
    line.value.unwrap_or_default()
}

fn change_range(numbers: Numbers<'_>, line: &Line, ends: &Interval) -> String {
    let change = |end: f64| numbers.change(line.unit, end, beside(line));
    format!("{} to {}", change(ends.low), change(ends.high))
}

fn goal(numbers: Numbers<'_>, line: &Line, target: &LineTarget) -> String {
    let value = numbers.value(line.unit, target.value);
    let words = match line.direction {
        Direction::HigherIsBetter => format!("at least {value}"),
        Direction::LowerIsBetter => format!("at most {value}"),
        Direction::Neutral => value,
    };
    match target.due.filter(|_| target.kind == GoalKind::Reach) {
        Some(due) => format!("{words} by {}", day_short(due)),
        None => words,
    }
}

/// How far from the target; equality counts as met.
fn gap(numbers: Numbers<'_>, line: &Line) -> Option<String> {
    let (value, target) = (line.value?, line.target.as_ref()?);
    let gap = target.gap.unwrap_or(value - target.value);
    let step = numbers.step(line.unit, gap, value);
    let is_tiny = numbers.change(line.unit, gap, value) == "unchanged";
    let is_met = line.direction.is_met(value, target.value);
    Some(match (line.direction, is_met) {
        (Direction::Neutral, _) if is_tiny => "on the line".into(),
        (Direction::Neutral, _) => format!("{step} {}", if gap > 0.0 { "above" } else { "below" }),
        (_, true) if is_tiny => "just met".into(),
        (_, true) => format!("{step} to spare"),
        (Direction::HigherIsBetter, false) if is_tiny => "just short".into(),
        (Direction::LowerIsBetter, false) if is_tiny => "just over".into(),
        (_, false) if target.kind == GoalKind::Reach => format!("{step} to go"),
        (Direction::HigherIsBetter, false) => format!("{step} short"),
        (Direction::LowerIsBetter, false) => format!("{step} over"),
    })
}

pub(super) fn sample(n: u64, minimum: u64) -> String {
    let shown = format!("n = {}", count(n));
    if n < minimum { format!("{shown}, fewer than {}", count(minimum)) } else { shown }
}

fn values(line: &Line) -> Vec<Option<f64>> {
    line.series.iter().map(|point| point.value).collect()
}

fn range(numbers: Numbers<'_>, line: &Line) -> String {
    let known = || values(line).into_iter().flatten();
    match (known().reduce(f64::min), known().reduce(f64::max)) {
        (Some(low), Some(high))
            if numbers.value(line.unit, low) == numbers.value(line.unit, high) =>
        {
            numbers.value(line.unit, low)
        }
        (Some(low), Some(high)) => numbers.range(line.unit, low, high),
        _ => "no values".into(),
    }
}

fn alt(line: &Line, display: &LineDisplay) -> String {
    let grain = line.period.grain;
    let mut parts = vec![format!("{}: {}", line.title, display.value)];
    parts.extend(display.missing.clone());
    parts.extend(display.period_note.clone());
    if line.change.is_some() {
        parts.push(format!(
            "{} on the {} before, {}",
            display.change,
            grain.name(),
            display.evidence
        ));
    }
    if line.series.len() > 1 {
        parts.push(format!("{}: {}", history_words(grain, line.series.len()), display.range));
    }
    parts.extend(display.goal.as_ref().map(|goal| format!("target {goal}")));
    parts.push(display.status.clone());
    format!("{}.", parts.join("; "))
}
