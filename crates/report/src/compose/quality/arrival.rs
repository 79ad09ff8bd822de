//! Which sources reach the end of the period, in one sentence.

use crate::format::{count, count_words, joined, share_of};
use crate::scorecard::{QualityState, SourceQuality};

/// Sources that are named, of those that end too early or do not say how far they reach.
const NAMED: usize = 3;

/// `All 6 sources arrived; 312 of 164,021 rows are set aside (0.2 %).`
pub(super) fn sentence(sources: &[SourceQuality]) -> String {
    let total = |of: fn(&SourceQuality) -> u64| sources.iter().map(of).sum::<u64>();
    let (read, quarantined) = (total(|source| source.read), total(|source| source.quarantined));
    let rows = count_words(read, "row");
    let set_aside = match quarantined {
        0 => format!("none of {rows} is set aside"),
        quarantined => format!(
            "{} of {rows} are set aside ({})",
            count(quarantined),
            share_of(quarantined, read)
        ),
    };
    let parts = [Some(arrival(sources)), ends(sources), unknown(sources), Some(set_aside)];
    format!("{}.", parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// A source that does not say how far it reaches has not arrived as far as anybody knows.
fn arrival(sources: &[SourceQuality]) -> String {
    let has_arrived = |source: &&SourceQuality| {
        source.state != QualityState::Empty && !source.is_late && source.reach.is_some()
    };
    let arrived = sources.iter().filter(has_arrived).count();
    match (arrived, sources.len()) {
        (1, 1) => "The one source arrived".into(),
        (0, 1) if sources[0].is_late => "The one source is late".into(),
        (0, 1) => "The one source is not known to be complete".into(),
        (arrived, all) if arrived == all => {
            format!("All {} arrived", count_words(u64::try_from(all).unwrap_or(u64::MAX), "source"))
        }
        (arrived, all) => format!("{arrived} of {all} sources arrived"),
    }
}

/// `Shop orders ends on Sunday 22 November`.
fn ends(sources: &[SourceQuality]) -> Option<String> {
    let late = sources.iter().filter(|source| source.is_late);
    let end = |source: &SourceQuality| {
        source.display.ends.as_ref().map(|ends| format!("{} {ends}", source.title))
    };
    let each: Vec<String> = late.filter_map(end).collect();
    named(&each)
}

/// `freshness of Employees unknown`.
fn unknown(sources: &[SourceQuality]) -> Option<String> {
    let is_unknown =
        |source: &&SourceQuality| source.reach.is_none() && source.state != QualityState::Empty;
    let each: Vec<String> =
        sources.iter().filter(is_unknown).map(|source| source.title.clone()).collect();
    named(&each).map(|titles| format!("freshness of {titles} unknown"))
}

fn named(all: &[String]) -> Option<String> {
    match all {
        [] => None,
        few if few.len() <= NAMED => Some(joined(few)),
        many => Some(format!("{} and {} more", many[..NAMED].join(", "), many.len() - NAMED)),
    }
}
