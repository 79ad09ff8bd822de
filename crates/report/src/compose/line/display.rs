//! How a line is shown: its rounding and its words.

use scorewright_domain::{Direction, Evidence, GoalKind};

use super::benchmark;
use crate::chart::blocks;
use crate::compose::context::PageContext;
use crate::compose::period;
use crate::compose::terms::{evidence, reference_value, sample, shape};
use crate::format::{NO_VALUE, NumberFormat, capital, count, day_short, day_words, history_words};
use crate::scorecard::{ConfidenceInterval, LineBreak, LineDisplay, LineTarget, ScorecardLine};

/// Every number of a line as text, and the words beside it.
///
/// - `part`: how far it reaches, where only a part of its period was delivered.
pub(super) fn display(
    page: &PageContext<'_>,
    line: &ScorecardLine,
    part: Option<String>,
) -> LineDisplay {
    let (numbers, unit) = (page.numbers, line.unit);
    let value = |value: f64| numbers.value(unit, value);
    let mut display = LineDisplay {
        value: line.value.map_or_else(|| NO_VALUE.into(), value),
        missing: line.missing.as_ref().map(|missing| missing.words.clone()),
        part: part.clone(),
        period: period::mention(page, line.period.days()),
        period_note: period::note(page, line.period.days()),
        interval: line.interval.as_ref().map(|ends| numbers.range(unit, ends.low, ends.high)),
        change: line.change.map_or_else(
            || NO_VALUE.into(),
            |change| numbers.change(unit, change, reference_value(line)),
        ),
        change_interval: line
            .change_interval
            .as_ref()
            .map(|ends| change_range(numbers, line, ends)),
        previous: line.previous.map(value),
        evidence: part.unwrap_or_else(|| evidence_words(line)),
        status: line.status.words().into(),
        shape: shape(line.status).into(),
        target: line.target.as_ref().map(|target| value(target.value)),
        goal: line.target.as_ref().map(|target| goal(numbers, line, target)),
        gap: gap(numbers, line),
        benchmarks: benchmark::displays(numbers, line),
        n: line.n.map_or_else(|| NO_VALUE.into(), count),
        sample: sample(line.n, line.minimum_sample),
        sparkline: blocks(&values(line)),
        range: range(numbers, line),
        trend_break: line.trend_break.as_ref().map(break_words),
        history: (line.period.grain != page.period.grain).then(|| line.period.history.clone()),
        alt: String::new(),
    };
    display.alt = alt(line, &display);
    display
}

/// What is known of the change; where it is none because something was changed, what that was.
fn evidence_words(line: &ScorecardLine) -> String {
    let words = evidence(line.evidence, line.change, line.direction);
    match line.trend_break.as_ref().filter(|_| line.evidence == Evidence::NotComparable) {
        Some(broken) => format!("{words}: {} changed", broken.what.words()),
        None => words,
    }
}

fn break_words(broken: &LineBreak) -> String {
    let what = capital(broken.what.words());
    format!("{what} changed on {}: {}", day_words(broken.on), broken.says)
}

fn change_range(
    numbers: NumberFormat<'_>,
    line: &ScorecardLine,
    ends: &ConfidenceInterval,
) -> String {
    let change = |end: f64| numbers.change(line.unit, end, reference_value(line));
    format!("{} to {}", change(ends.low), change(ends.high))
}

fn goal(numbers: NumberFormat<'_>, line: &ScorecardLine, target: &LineTarget) -> String {
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
fn gap(numbers: NumberFormat<'_>, line: &ScorecardLine) -> Option<String> {
    let (value, target) = (line.value?, line.target.as_ref().filter(|_| !line.coverage.is_late())?);
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

fn values(line: &ScorecardLine) -> Vec<Option<f64>> {
    line.series.iter().map(|point| point.value).collect()
}

fn range(numbers: NumberFormat<'_>, line: &ScorecardLine) -> String {
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

fn alt(line: &ScorecardLine, display: &LineDisplay) -> String {
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
    parts.extend(display.trend_break.clone());
    parts.extend(display.goal.as_ref().map(|goal| format!("target {goal}")));
    parts.push(display.status.clone());
    format!("{}.", parts.join("; "))
}
