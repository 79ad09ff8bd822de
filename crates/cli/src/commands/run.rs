//! `scorewright run`: the nightly job.

use jiff::civil::Date;
use scorewright_domain::{Event, Listener as _};
use scorewright_extract::AwaitedExtract;
use scorewright_project::{Project, ProjectLocation};
use scorewright_warehouse::Snapshot;

use crate::arguments::RunOptions;
use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::publish::resend_reports;
use crate::run::{self, notice_awaited, notice_unclaimed, summary};

/// Runs the project, or says that nothing is new.
pub(crate) fn run(
    location: &ProjectLocation,
    options: &RunOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    let newest = project.folders.warehouse().newest()?;
    if let Some(awaited) = awaited_alone(&project, &newest, as_of)? {
        return nothing_new(&project, &newest, &awaited, options, console);
    }
    run::run(&project, as_of, None, console)
}

/// The extracts that have not arrived yet, if neither another extract nor a file of the project nor the day changed
/// since the newest version.
fn awaited_alone(
    project: &Project,
    newest: &Snapshot,
    as_of: Date,
) -> Result<Option<Vec<AwaitedExtract>>, Failure> {
    if newest.configuration != project.configuration(as_of) {
        return Ok(None);
    }
    let warehouse = project.folders.warehouse();
    let (extracts, now) = (&project.folders.extracts, clock::now());
    let limits = &project.settings.limits;
    let pending =
        scorewright_ingest::pending(&project.sources, extracts, limits, &warehouse, newest, now)?;
    let is_unchanged = pending.is_nothing()
        && pending.refused.is_empty()
        && pending.missing.iter().all(|source| source.has_landed);
    Ok(is_unchanged.then_some(pending.awaited))
}

/// Ends a run that had nothing to land; what an earlier run could not deliver is tried again.
fn nothing_new(
    project: &Project,
    newest: &Snapshot,
    awaited: &[AwaitedExtract],
    options: &RunOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let published = resend_reports(project)?;
    notice_awaited(awaited, console);
    notice_unclaimed(project, console);
    let extracts = project.folders.extracts.display();
    let arrived = if awaited.is_empty() { "" } else { " that has arrived" };
    let message = format!(
        "nothing new: version {} holds everything{arrived} in `{extracts}`\n",
        newest.number
    );
    console.answer(&(message + &summary::outstanding(&published)));
    let status = match published.status() {
        ExitStatus::Done if options.require_new => ExitStatus::SourceMissing,
        status => status,
    };
    console.on_event(Event::RunFinished { status: status as u8, version: newest.number });
    Ok(status)
}
