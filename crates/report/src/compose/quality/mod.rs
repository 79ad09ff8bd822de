//! What the figures rest on, in words.

mod source;
mod warning;

use crate::facts::RunFacts;
use crate::format::{capital, clean, count, count_words, joined, share_of};
use crate::scorecard::{
    DataQuality, InputDisplay, InputFile, LineGroup, QualityState, SourceQuality,
};

/// The books of every source, what is wrong with them, and both in one sentence.
pub(super) fn data_quality(facts: &RunFacts, groups: &[LineGroup]) -> DataQuality {
    let sources: Vec<SourceQuality> =
        facts.sources.iter().map(|source| source::source_quality(source, facts, groups)).collect();
    let is_broken =
        |state: QualityState| matches!(state, QualityState::Missing | QualityState::Refused);
    DataQuality {
        sentence: sentence(&sources),
        banner: banner(&sources),
        is_partial: sources.iter().any(|source| is_broken(source.state)),
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

fn sentence(sources: &[SourceQuality]) -> String {
    let total = |of: fn(&SourceQuality) -> u64| sources.iter().map(of).sum::<u64>();
    let (read, quarantined) = (total(|source| source.read), total(|source| source.quarantined));
    let arrived = sources.iter().filter(|source| source.files > 0).count();
    let arrival = if arrived == 1 && sources.len() == 1 {
        "The one source arrived".into()
    } else if arrived == sources.len() {
        format!("All {} arrived", count_words(u64::try_from(arrived).unwrap_or(u64::MAX), "source"))
    } else {
        format!("{arrived} of {} sources arrived", sources.len())
    };
    let rows = count_words(read, "row");
    match quarantined {
        0 => format!("{arrival}; none of {rows} is set aside."),
        quarantined => {
            format!(
                "{arrival}; {} of {rows} are set aside ({}).",
                count(quarantined),
                share_of(quarantined, read)
            )
        }
    }
}

/// What must be known before reading on: missing sources and refused extracts, with the figures they touch.
fn banner(sources: &[SourceQuality]) -> Option<String> {
    let broken = sources.iter().filter_map(|source| {
        let fault = match source.state {
            QualityState::Missing => format!("{} did not arrive", source.title),
            QualityState::Refused => format!("{}: {}", source.title, source.display.state),
            _ => return None,
        };
        let touched = match source.affects.as_slice() {
            [] => String::new(),
            titles if titles.len() > 4 => format!("; {} measures rest on it", titles.len()),
            titles => {
                format!(
                    "; {} {} on it",
                    joined(titles),
                    if titles.len() == 1 { "rests" } else { "rest" }
                )
            }
        };
        Some(format!("{}{touched}.", capital(&fault)))
    });
    let sentences: Vec<String> = broken.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
