//! What must be known before reading on.

use crate::facts::{RunFacts, SourceFacts};
use crate::format::{capital, clean, count_words, joined};
use crate::scorecard::{LineGroup, QualityState, ScorecardLine, SourceQuality};

/// That it is a sample, late sources and refused extracts, with the figures they touch.
pub(super) fn banner(
    facts: &RunFacts,
    sources: &[SourceQuality],
    groups: &[LineGroup],
) -> Option<String> {
    let broken = facts.sources.iter().zip(sources);
    let of_sources = broken.filter_map(|(facts, source)| sentence(facts, source, groups));
    let sentences: Vec<String> = sample(facts).into_iter().chain(of_sources).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// `This is a sample: of each extract the first 500 lines; no figure of it is one of the whole.`
fn sample(facts: &RunFacts) -> Option<String> {
    let lines = count_words(facts.sample_lines?, "line");
    Some(format!(
        "This is a sample: of each extract the first {lines}; no figure of it is one of the whole."
    ))
}

fn sentence(facts: &SourceFacts, source: &SourceQuality, groups: &[LineGroup]) -> Option<String> {
    let (title, state) = (capital(&source.title), &source.display.state);
    let refused = match source.state {
        _ if facts.is_as_before => Some(as_before(facts, &source.affects)),
        QualityState::Refused => Some(format!("{title}: {state}{}.", resting(&source.affects))),
        _ => None,
    };
    let touched = late_lines(source, groups);
    let late = source.display.ends.as_ref().filter(|_| !touched.is_empty());
    let late = late.map(|ends| format!("{title} {ends}{}.", resting(&touched)));
    let sentences: Vec<String> = refused.into_iter().chain(late).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Titles of the lines that have no verdict because a source ends too early.
fn late_lines(source: &SourceQuality, groups: &[LineGroup]) -> Vec<String> {
    let is_touched = |line: &&ScorecardLine| {
        line.coverage.is_late() && line.coverage_sources.contains(&source.source)
    };
    let lines = groups.iter().flat_map(|group| &group.lines);
    lines.filter(is_touched).map(|line| line.title.clone()).collect()
}

/// `; Revenue and Orders rest on it`.
fn resting(touched: &[String]) -> String {
    match touched {
        [] => String::new(),
        [one] => format!("; {one} rests on it"),
        titles if titles.len() > 4 => format!("; {} measures rest on it", titles.len()),
        titles => format!("; {} rest on it", joined(titles)),
    }
}

/// `Shop orders: 1 extract refused; orders and revenue stand on rows of earlier extracts.`
fn as_before(facts: &SourceFacts, affects: &[String]) -> String {
    let refused = u64::try_from(facts.refused.len()).unwrap_or(u64::MAX);
    let (what, stand) = match affects {
        [] => ("its table".into(), "stands"),
        [title] => (title.clone(), "stands"),
        titles => (joined(titles), "stand"),
    };
    let refused = count_words(refused, "extract");
    let title = capital(&clean(&facts.title));
    format!("{title}: {refused} refused; {what} {stand} on rows of earlier extracts.")
}
