//! The two or three sentences under the verdict: only what the evidence allows.

use scorewright_domain::{Direction, Evidence, GoalKind, Grain, Status};

use super::worst::worst;
use crate::compose::terms::{is_better, reference_value};
use crate::format::{NumberFormat, capital, joined, number_word};
use crate::scorecard::{ClaimKind, LedeClaim, LineGroup, ScorecardLine};

/// At most three sentences: the worst line, the best move or else the next worst line, and what else there is to know.
///
/// "Rose" and "fell" are written only of changes whose evidence is real.
pub(crate) fn claims(groups: &[LineGroup], numbers: NumberFormat<'_>) -> Vec<LedeClaim> {
    let lines: Vec<&ScorecardLine> = groups.iter().flat_map(|group| &group.lines).collect();
    let worst = worst(&lines);
    let bad = worst
        .map(|line| target(numbers, line))
        .or_else(|| strongest(&lines, false).map(|line| moved(numbers, line)));
    let good = strongest(&lines, true)
        .filter(|line| bad.as_ref().is_none_or(|bad| bad.line.as_deref() != Some(&line.id)))
        .map(|line| moved(numbers, line));
    let next = || next_worst(&lines, worst?).map(|line| target(numbers, line));
    let mut claims: Vec<LedeClaim> = bad.into_iter().chain(good.or_else(next)).collect();
    let unmentioned: Vec<&ScorecardLine> =
        lines.iter().copied().filter(|line| is_unmentioned(line, &claims)).collect();
    claims
        .extend(others(&unmentioned).or_else(|| noise(&lines)).or_else(|| quiet(&lines, &claims)));
    if claims.is_empty() {
        claims.push(nothing(&lines));
    }
    claims
}

/// Another line off track: one that also changed for the worse before one that did not.
fn next_worst<'a>(lines: &[&'a ScorecardLine], first: &ScorecardLine) -> Option<&'a ScorecardLine> {
    let off_track = |line: &&ScorecardLine| line.status == Status::OffTrack && line.id != first.id;
    let rest: Vec<&ScorecardLine> = lines.iter().copied().filter(off_track).collect();
    strongest(&rest, false).or_else(|| worst(&rest))
}

/// A real change that no sentence has stated yet.
fn is_unmentioned(line: &ScorecardLine, claims: &[LedeClaim]) -> bool {
    line.evidence == Evidence::Real
        && is_visible(line)
        && claims.iter().all(|claim| claim.line.as_deref() != Some(&line.id))
}

/// What else changed: one or two by name, more as a count.
fn others(unmentioned: &[&ScorecardLine]) -> Option<LedeClaim> {
    let who = match unmentioned {
        [] => return None,
        [_] | [_, _] => {
            let names: Vec<String> = unmentioned.iter().map(|line| subject(line)).collect();
            format!("{} also", joined(&names))
        }
        more => {
            let count = u64::try_from(more.len()).unwrap_or(u64::MAX);
            format!("{} more measures", capital(&number_word(count)))
        }
    };
    let sentence = format!("{who} changed beyond what chance explains.");
    Some(LedeClaim { kind: ClaimKind::Move, line: None, sentence })
}

/// The real change that stands out most from its own uncertainty, for the better or for the worse.
fn strongest<'a>(lines: &[&'a ScorecardLine], better: bool) -> Option<&'a ScorecardLine> {
    let real = lines.iter().filter(|line| line.evidence == Evidence::Real && is_visible(line));
    let sided = real.filter(|line| {
        line.change.is_some_and(|change| {
            is_better(change, line.direction).is_some_and(|side| side == better)
        })
    });
    largest(sided.copied())
}

fn largest<'a>(lines: impl Iterator<Item = &'a ScorecardLine>) -> Option<&'a ScorecardLine> {
    let mut best: Option<&ScorecardLine> = None;
    for line in lines {
        if best.is_none_or(|best| strength(line) > strength(best)) {
            best = Some(line);
        }
    }
    best
}

/// A change in units of its uncertainty, or of the value where no interval is known.
fn strength(line: &ScorecardLine) -> f64 {
    let change = line.change.unwrap_or_default().abs();
    let width = line.change_interval.as_ref().map(|ends| (ends.high - ends.low) / 2.0);
    let scale = width.or(line.previous.map(f64::abs)).filter(|scale| *scale > 0.0);
    scale.map_or(0.0, |scale| change / scale)
}

/// Whether the change is visible at the precision shown.
fn is_visible(line: &ScorecardLine) -> bool {
    line.change.is_some() && line.display.change != "unchanged"
}

fn target(numbers: NumberFormat<'_>, line: &ScorecardLine) -> LedeClaim {
    let is_moved = line.evidence == Evidence::Real && is_visible(line);
    let verb = if is_moved { motion(numbers, line) } else { format!("is {}", line.display.value) };
    let missed = format!("{} {verb}, {}", subject(line), missed(line));
    let tail =
        if line.status == Status::AtRisk { "; chance alone could explain the miss." } else { "." };
    claim(ClaimKind::Target, line, missed + tail)
}

/// `3.9 pp short of its target of 80.0 %`.
fn missed(line: &ScorecardLine) -> String {
    let target = line.display.target.as_deref().unwrap_or_default();
    let gap = line.display.gap.as_deref().unwrap_or_default();
    let words = match (line.direction, line.target.as_ref().map(|target| target.kind)) {
        (_, Some(GoalKind::Reach)) if gap.ends_with("to go") => " to its target of ",
        (Direction::HigherIsBetter, _) => " of its target of ",
        _ => " its target of ",
    };
    format!("{gap}{words}{target}")
}

fn moved(numbers: NumberFormat<'_>, line: &ScorecardLine) -> LedeClaim {
    claim(ClaimKind::Move, line, format!("{} {}.", subject(line), motion(numbers, line)))
}

/// `fell by 3.4 pp to 76.1 % (likely real, worse)`.
fn motion(numbers: NumberFormat<'_>, line: &ScorecardLine) -> String {
    let change = line.change.unwrap_or_default();
    let verb = if change > 0.0 { "rose" } else { "fell" };
    let step = numbers.step(line.unit, change, reference_value(line));
    format!("{verb} by {step} to {} ({})", line.display.value, line.display.evidence)
}

fn noise(lines: &[&ScorecardLine]) -> Option<LedeClaim> {
    // Noise in last year's figure would otherwise be repeated every week of this year.
    let is_news = |line: &&&ScorecardLine| line.display.period.is_none() && is_visible(line);
    let noisy = lines.iter().filter(is_news).filter(|line| line.evidence == Evidence::Noise);
    largest(noisy.copied()).map(|line| {
        let change = &line.display.change;
        claim(
            ClaimKind::Noise,
            line,
            format!("{} moved by {change}, which could be noise.", subject(line)),
        )
    })
}

fn quiet(lines: &[&ScorecardLine], claims: &[LedeClaim]) -> Option<LedeClaim> {
    let is_judged =
        |line: &&&ScorecardLine| matches!(line.evidence, Evidence::NoClearChange | Evidence::Real);
    lines.iter().find(is_judged)?;
    let is_moved = |claim: &LedeClaim| {
        lines
            .iter()
            .any(|line| claim.line.as_deref() == Some(&line.id) && line.evidence == Evidence::Real)
    };
    let is_any_late = lines.iter().any(|line| line.coverage.is_late());
    let sentence = match (claims.iter().any(is_moved), is_any_late) {
        (true, false) => "No other measure changed beyond what chance explains.",
        (false, false) => "No measure changed beyond what chance explains.",
        (true, true) => "No other measure that is whole changed beyond what chance explains.",
        (false, true) => "No measure that is whole changed beyond what chance explains.",
    };
    Some(LedeClaim { kind: ClaimKind::Quiet, line: None, sentence: sentence.into() })
}

fn nothing(lines: &[&ScorecardLine]) -> LedeClaim {
    let has_values = lines.iter().any(|line| line.value.is_some());
    let sentence = if lines.iter().any(|line| line.coverage.is_late()) {
        "The data of this period is not whole yet, so nothing is judged or compared."
    } else if has_values {
        "There is not enough data yet to say whether anything changed."
    } else {
        "There are no figures for this period."
    };
    LedeClaim { kind: ClaimKind::Data, line: None, sentence: sentence.into() }
}

/// The line as a sentence begins with it: `CSAT`, `Reopened tickets in week 46`.
fn subject(line: &ScorecardLine) -> String {
    match (&line.display.period, line.period.grain) {
        (None, _) => line.short.clone(),
        (Some(period), Grain::All) => format!("{} over {period}", line.short),
        (Some(period), _) => format!("{} in {period}", line.short),
    }
}

fn claim(kind: ClaimKind, line: &ScorecardLine, sentence: String) -> LedeClaim {
    LedeClaim { kind, line: Some(line.id.clone()), sentence }
}
