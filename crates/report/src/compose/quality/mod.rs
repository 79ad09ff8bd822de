//! What the figures rest on, in words.

mod arrival;
mod source;
mod warning;

use super::context::PageContext;
use crate::facts::RunFacts;
use crate::format::{capital, clean, count, joined};
use crate::scorecard::{
    DataQuality, InputDisplay, InputFile, LineGroup, QualityState, ScorecardLine, SourceQuality,
};

/// The books of every source, what is wrong with them, and both in one sentence.
pub(super) fn data_quality(page: &PageContext<'_>, groups: &[LineGroup]) -> DataQuality {
    let facts = page.facts;
    let sources: Vec<SourceQuality> =
        facts.sources.iter().map(|source| source::source_quality(source, page, groups)).collect();
    let is_refused = |source: &SourceQuality| source.state == QualityState::Refused;
    let is_late = |line: &ScorecardLine| line.coverage.is_late();
    DataQuality {
        sentence: arrival::sentence(&sources),
        banner: banner(&sources, groups),
        is_partial: sources.iter().any(is_refused)
            || groups.iter().flat_map(|group| &group.lines).any(is_late),
        warnings: warning::warnings(facts),
        sources,
    }
}

/// Every extract, in the order of the sources.
pub(super) fn inputs(facts: &RunFacts) -> Vec<InputFile> {
    let each = facts.sources.iter().flat_map(|source| &source.landings);
    each.map(|landing| InputFile {
        source: clean(&landing.extract.source),
        file: clean(&landing.extract.file.to_string_lossy()),
        rows: landing.books.read,
        bytes: landing.extract.bytes,
        sha256: landing.extract.fingerprint.to_string(),
        watermark: landing.watermark.clone(),
        display: InputDisplay {
            rows: count(landing.books.read),
            sha256: landing.extract.fingerprint.short(12).to_owned(),
        },
    })
    .collect()
}

/// What must be known before reading on: late sources and refused extracts, with the figures they touch.
fn banner(sources: &[SourceQuality], groups: &[LineGroup]) -> Option<String> {
    let broken = sources.iter().filter_map(|source| {
        let (fault, touched) = match source.state {
            QualityState::Late => (source.title.clone(), late_lines(source, groups)),
            QualityState::Refused => (source.title.clone(), source.affects.clone()),
            _ => return None,
        };
        if source.state == QualityState::Late && touched.is_empty() {
            return None;
        }
        let state = match source.state {
            QualityState::Refused => format!(": {}", source.display.state),
            _ => format!(" {}", source.display.state),
        };
        Some(format!("{}{state}{}.", capital(&fault), resting(&touched)))
    });
    let sentences: Vec<String> = broken.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Titles of the lines that have no verdict because a source ends too early.
fn late_lines(source: &SourceQuality, groups: &[LineGroup]) -> Vec<String> {
    let lines = groups.iter().flat_map(|group| &group.lines);
    let is_touched = |line: &&ScorecardLine| {
        line.coverage.is_late() && line.coverage_sources.contains(&source.source)
    };
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
