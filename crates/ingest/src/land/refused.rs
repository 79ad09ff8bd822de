//! What refused extracts mean for their source and for the run.

use std::path::Path;

use scorewright_domain::LeftOutExtract;
use scorewright_extract::{OnRefused, RefusedExtract, Source};
use scorewright_warehouse::{Snapshot, Transaction, Warehouse};

use crate::error::IngestError;
use crate::load::LoadOutcome;
use crate::plan::Plan;

/// Why nothing may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandStop {
    /// Data is refused.
    Refused,
    /// An object store gave no answer, which is no fault of the data: a later run may get one.
    NoAnswer,
}

/// What becomes of a source, of which nothing lands where it keeps what it had when an extract is refused.
///
/// - `before`: extracts refused before any was read, of all sources.
pub(super) fn held_back(
    plan: &Plan,
    outcome: LoadOutcome,
    before: &[RefusedExtract],
) -> LoadOutcome {
    let is_its_own = |refused: &RefusedExtract| refused.of == plan.source.name;
    let is_refused = !outcome.refused.is_empty() || before.iter().any(is_its_own);
    match plan.source.on_refused {
        OnRefused::KeepYesterday if is_refused => LoadOutcome { loaded: None, ..outcome },
        _ => outcome,
    }
}

/// Why nothing may be published, where a refused extract is not to be left out: its source says so or has never landed,
/// or a later run may find the extract well.
pub(super) fn stop(
    sources: &[Source],
    refused: &[RefusedExtract],
    snapshot: &Snapshot,
) -> Option<LandStop> {
    let goes_on = |refused: &RefusedExtract| {
        let source = sources.iter().find(|source| source.name == refused.of);
        source.is_some_and(|source| source.on_refused != OnRefused::Stop)
            && snapshot.landings.iter().any(|landing| landing.extract.source == refused.of)
            && !refused.why.may_pass()
    };
    let stopping: Vec<_> = refused.iter().filter(|refused| !goes_on(refused)).collect();
    let is_data = |refused: &&RefusedExtract| !refused.why.may_pass();
    if stopping.iter().any(is_data) {
        return Some(LandStop::Refused);
    }
    (!stopping.is_empty()).then_some(LandStop::NoAnswer)
}

/// Removes what was kept of bad rows of extracts that are not refused for them any more.
///
/// - `still`: extracts that were not looked at, and stay left out.
pub(super) fn remove_outdated_rows(
    refused: &[RefusedExtract],
    still: &[LeftOutExtract],
    transaction: &Transaction,
) -> Result<(), IngestError> {
    let of_bad_rows = refused.iter().filter(|refused| refused.why.is_for_bad_rows());
    let of_bad_rows = of_bad_rows.map(|refused| (refused.of.as_str(), refused.file.as_path()));
    let still = still.iter().map(|extract| (extract.source.as_str(), extract.file.as_path()));
    let kept: Vec<(&str, &Path)> = of_bad_rows.chain(still).collect();
    Ok(Warehouse::at(transaction.root()).retain_refused_rows(&kept)?)
}
