//! What the figures rest on, in words.

mod arrival;
mod banner;
mod source;
mod warning;

use super::context::PageContext;
use crate::facts::RunFacts;
use crate::format::{clean, count};
use crate::scorecard::{
    DataQuality, InputDisplay, InputFile, LineGroup, ScorecardLine, SourceQuality,
};

/// The books of every source, what is wrong with them, and both in one sentence.
pub(super) fn data_quality(page: &PageContext<'_>, groups: &[LineGroup]) -> DataQuality {
    let facts = page.facts;
    let sources: Vec<SourceQuality> =
        facts.sources.iter().map(|source| source::source_quality(source, page, groups)).collect();
    let is_late = |line: &ScorecardLine| line.coverage.is_late();
    DataQuality {
        sentence: arrival::sentence(&sources),
        banner: banner::banner(facts, &sources, groups),
        is_partial: groups.iter().flat_map(|group| &group.lines).any(is_late),
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
