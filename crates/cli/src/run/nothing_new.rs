//! Whether a run would find anything to do.

use jiff::civil::Date;
use scorewright_extract::AwaitedExtract;
use scorewright_ingest::Pending;
use scorewright_project::Project;
use scorewright_warehouse::Snapshot;

use super::damaged_tables::is_damaged;
use super::request::RunRequest;
use crate::clock;
use crate::exit::Failure;
use crate::reports::stale::has_withheld;

/// What there is to do for a run.
pub(crate) enum RunWork {
    /// Nothing: the newest version holds everything but these extracts, which have not arrived as a whole yet.
    Nothing(Vec<AwaitedExtract>),
    /// Something, but no new extract, which was required.
    NoNewExtract,
    /// A version is to be made.
    Version,
}

/// What there is to do.
pub(crate) fn run_work(
    project: &Project,
    newest: &Snapshot,
    request: &RunRequest<'_>,
    requires_new: bool,
) -> Result<RunWork, Failure> {
    let is_mail_asked = request.sends_stale_mail && has_withheld(project, newest);
    let is_to_publish = is_mail_asked || is_damaged(project, newest)?;
    if !is_to_publish && let Some(awaited) = awaited_alone(project, newest, request.as_of)? {
        return Ok(RunWork::Nothing(awaited));
    }
    let is_awaited = requires_new && newest.number > 0;
    if is_awaited && has_nothing_new(&pending(project, newest)?) {
        return Ok(RunWork::NoNewExtract);
    }
    Ok(RunWork::Version)
}

/// Whether no extract is there that has not landed.
fn has_nothing_new(pending: &Pending) -> bool {
    pending.is_nothing() && pending.refused.is_empty()
}

/// What a run would do about the extracts that are there.
fn pending(project: &Project, newest: &Snapshot) -> Result<Pending, Failure> {
    let warehouse = project.folders.warehouse();
    let (extracts, now) = (&project.folders.extracts, clock::now());
    let limits = &project.settings.limits;
    Ok(scorewright_ingest::pending(&project.sources, extracts, limits, &warehouse, newest, now)?)
}

/// The extracts that have not arrived yet, if neither another extract nor a file of the project nor the day changed
/// since the newest version, and no table of it is behind.
pub(crate) fn awaited_alone(
    project: &Project,
    newest: &Snapshot,
    as_of: Date,
) -> Result<Option<Vec<AwaitedExtract>>, Failure> {
    if newest.configuration != project.configuration(as_of) || !newest.behind.is_empty() {
        return Ok(None);
    }
    let pending = pending(project, newest)?;
    let is_unchanged = pending.is_nothing()
        && pending.refused.is_empty()
        && pending.missing.iter().all(|source| source.has_landed);
    Ok(is_unchanged.then_some(pending.awaited))
}
