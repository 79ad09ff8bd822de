//! Extracts into raw tables, as a step of a run.

use jiff::civil::Date;
use scorewright_domain::{Event, Landing, Listener as _, TableName};
use scorewright_extract::{AwaitedExtract, RefusedExtract, Source, listed, shortened, unclaimed};
use scorewright_ingest::{Arrivals, LandStop};
use scorewright_project::Project;
use scorewright_warehouse::Transaction;

use super::request::RunRequest;
use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Ends the tables and books of sources that the project no longer has; older versions keep them.
pub(super) fn remove_former_sources(project: &Project, transaction: &mut Transaction) {
    let has_source = |name: &str| project.sources.iter().any(|source| source.name == name);
    let snapshot = transaction.snapshot();
    let is_former = |table: &&TableName| table.layer().is_landed() && !has_source(table.noun());
    let former: Vec<TableName> = snapshot.tables.keys().filter(is_former).cloned().collect();
    let kept = snapshot
        .landings
        .iter()
        .filter(|landing| has_source(&landing.extract.source))
        .cloned()
        .collect();
    transaction.set_landings(kept);
    for table in former {
        transaction.remove(&table);
    }
}

/// Lands what is new, and gives it; a missing extract ends the run after every source was looked at, and so does a refused
/// one where its source says so.
pub(super) fn land(
    project: &Project,
    request: &RunRequest<'_>,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<Vec<Landing>, Failure> {
    notice_unclaimed(project, console);
    let is_selected = |source: &Source| {
        request.selection.is_none_or(|selection| selection.sources.contains(&source.name))
    };
    let (sources, untouched): (Vec<Source>, Vec<Source>) =
        project.sources.iter().cloned().partition(is_selected);
    let arrivals = Arrivals { untouched: &untouched, ..arrivals(project, false) };
    let midnight = project.midnight(request.as_of);
    let landed = scorewright_ingest::land(&sources, arrivals, midnight, transaction, console)?;
    notice_awaited(&landed.awaited, console);
    notice_bad_rows(&landed.refused, console);
    if let Some(stop) = landed.stop {
        let status = match stop {
            LandStop::Refused => ExitStatus::DataRefused,
            LandStop::NoAnswer => ExitStatus::InputOutput,
        };
        let mut failure = Failure::all(status, landed.refused);
        failure.reports.extend(landed.missing.into_iter().map(miette::Report::new));
        return Err(failure);
    }
    landed.refused.into_iter().for_each(|refused| notice_refused(refused, console));
    if landed.missing.iter().any(|source| !source.has_landed) {
        return Err(Failure::all(ExitStatus::SourceMissing, landed.missing));
    }
    for source in &landed.missing {
        console.on_event(Event::Noticed {
            message: format!("{source}; its table keeps the rows of earlier extracts"),
        });
    }
    Ok(landed.landings)
}

/// Reads extracts of some sources again that have landed, and nothing that has arrived since; gives what was read, and
/// what is refused now.
pub(super) fn land_again(
    project: &Project,
    sources: &[Source],
    as_of: Date,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(Vec<Landing>, Vec<RefusedExtract>), Failure> {
    let (arrivals, midnight) = (arrivals(project, true), project.midnight(as_of));
    let landed = scorewright_ingest::land(sources, arrivals, midnight, transaction, console)?;
    Ok((landed.landings, landed.refused))
}

fn arrivals(project: &Project, is_landed_only: bool) -> Arrivals<'_> {
    let (extracts, limits) = (&project.folders.extracts, &project.settings.limits);
    Arrivals { extracts, limits, now: clock::now(), is_landed_only, untouched: &[] }
}

/// Says where the bad rows of refused extracts can be looked at.
fn notice_bad_rows(refused: &[RefusedExtract], console: &Console) {
    if refused.iter().any(|refused| refused.why.is_for_bad_rows()) {
        let message = "`scorewright quarantine refused` lists the bad rows of refused extracts";
        console.on_event(Event::Noticed { message: message.into() });
    }
}

/// Tells of an extract that is left out; its bad rows are not quoted, as they would be every night.
fn notice_refused(refused: RefusedExtract, console: &Console) {
    if refused.why.is_for_bad_rows() {
        console.on_event(Event::Noticed { message: refused.to_string() });
    } else {
        console.show_problem(&miette::Report::new(refused));
    }
}

/// Names files in the extracts folder that no source claims: nothing is made of them.
pub(crate) fn notice_unclaimed(project: &Project, console: &Console) {
    const SHOWN: usize = 10;
    let files = unclaimed(&project.sources, &project.folders.extracts);
    if files.is_empty() {
        return;
    }
    let names = files.iter().map(|file| format!("`{}`", shortened(&file.to_string_lossy())));
    let names = listed(names, SHOWN, 0);
    let message =
        format!("no source claims {names}: name them in `files` of one, or take them away");
    console.on_event(Event::Noticed { message });
}

/// Names the extracts that a later run takes.
pub(crate) fn notice_awaited(awaited: &[AwaitedExtract], console: &Console) {
    for extract in awaited {
        console.on_event(Event::Noticed { message: format!("{extract}; a later run takes it") });
    }
}
