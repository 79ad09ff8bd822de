//! Whether a run would find anything to do.

use jiff::civil::Date;
use scorewright_extract::AwaitedExtract;
use scorewright_ingest::Pending;
use scorewright_project::Project;
use scorewright_warehouse::Snapshot;

use crate::clock;
use crate::exit::Failure;

/// What a run would do about the extracts that are there.
pub(crate) fn pending(project: &Project, newest: &Snapshot) -> Result<Pending, Failure> {
    let warehouse = project.folders.warehouse();
    let (extracts, now) = (&project.folders.extracts, clock::now());
    let limits = &project.settings.limits;
    Ok(scorewright_ingest::pending(&project.sources, extracts, limits, &warehouse, newest, now)?)
}

/// The extracts that have not arrived yet, if neither another extract nor a file of the project nor the day changed
/// since the newest version.
pub(crate) fn awaited_alone(
    project: &Project,
    newest: &Snapshot,
    as_of: Date,
) -> Result<Option<Vec<AwaitedExtract>>, Failure> {
    if newest.configuration != project.configuration(as_of) {
        return Ok(None);
    }
    let pending = pending(project, newest)?;
    let is_unchanged = pending.is_nothing()
        && pending.refused.is_empty()
        && pending.missing.iter().all(|source| source.has_landed);
    Ok(is_unchanged.then_some(pending.awaited))
}
