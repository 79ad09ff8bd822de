//! What is wrong with the data and stops nothing.

use crate::facts::{CheckWarning, Concern, RunFacts, SourceFacts};
use crate::format::{capital, clean, count, count_words, share_of};
use crate::scorecard::QualityWarning;

/// Checks that failed, then sources with too many rows without a known customer.
pub(super) fn warnings(facts: &RunFacts) -> Vec<QualityWarning> {
    let unmatched = facts.sources.iter().filter_map(unmatched_warning);
    facts.warnings.iter().map(warning).chain(unmatched).collect()
}

fn warning(warning: &CheckWarning) -> QualityWarning {
    let (offending, looked_at) = (warning.offending, warning.looked_at);
    let sentence = if warning.concern == Concern::ContestedNames {
        let (are, them) =
            if offending == 1 { ("is", "it belongs") } else { ("are", "they belong") };
        format!(
            "{} {are} claimed by several customers, so {them} to none ({} lists the claims).",
            count_words(offending, "name"),
            "dim.identity_conflict"
        )
    } else if let Some(looked_at) = looked_at {
        format!(
            "{} of {} in {} fail {} ({}).",
            count(offending),
            count_words(looked_at, "row"),
            clean(&warning.table),
            clean(warning.check.as_str()),
            share_of(offending, looked_at)
        )
    } else {
        format!("{} offend {}.", count_words(offending, "row"), clean(warning.check.as_str()))
    };
    QualityWarning {
        table: clean(&warning.table),
        check: clean(warning.check.as_str()),
        offending,
        looked_at,
        sentence,
    }
}

/// More rows without a known customer than tolerated.
fn unmatched_warning(source: &SourceFacts) -> Option<QualityWarning> {
    let unmatched = source.unmatched.filter(|unmatched| unmatched.is_warning)?;
    Some(QualityWarning {
        table: "dim.identity_match".into(),
        check: format!("known_customer({})", source.source),
        offending: unmatched.rows,
        looked_at: Some(unmatched.looked_at),
        sentence: format!(
            "{}: {} of {} belong to no known customer ({}).",
            capital(&clean(&source.title)),
            count(unmatched.rows),
            count_words(unmatched.looked_at, "row"),
            share_of(unmatched.rows, unmatched.looked_at)
        ),
    })
}
