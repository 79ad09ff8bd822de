//! Extracts into raw tables, as a step of a run.

use scorewright_domain::{Event, Layer, Listener as _, TableName};
use scorewright_extract::{AwaitedExtract, listed, shortened, unclaimed};
use scorewright_project::Project;
use scorewright_warehouse::Transaction;

use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Ends the tables and books of sources that the project no longer has; older versions keep them.
pub(super) fn remove_former_sources(project: &Project, transaction: &mut Transaction) {
    let has_source = |name: &str| project.sources.iter().any(|source| source.name == name);
    let snapshot = transaction.snapshot();
    let is_former = |table: &&TableName| {
        matches!(table.layer(), Layer::Raw | Layer::Quarantine) && !has_source(table.noun())
    };
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

/// Lands what is new; a refused or missing extract ends the run after every source was looked at.
pub(super) fn land(
    project: &Project,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let (extracts, now) = (&project.folders.extracts, clock::now());
    let limits = &project.settings.limits;
    notice_unclaimed(project, console);
    let landed =
        scorewright_ingest::land(&project.sources, extracts, limits, now, transaction, console)?;
    notice_awaited(&landed.awaited, console);
    if !landed.refused.is_empty() {
        // An object store that gives no answer is no fault of the data: the scheduler may try again.
        let may_pass = landed.refused.iter().all(|refused| refused.why.may_pass());
        let status = if may_pass { ExitStatus::InputOutput } else { ExitStatus::DataRefused };
        let mut failure = Failure::all(status, landed.refused);
        failure.reports.extend(landed.missing.into_iter().map(miette::Report::new));
        return Err(failure);
    }
    if landed.missing.iter().any(|source| !source.has_landed) {
        return Err(Failure::all(ExitStatus::SourceMissing, landed.missing));
    }
    for source in &landed.missing {
        console.on_event(Event::Noticed {
            message: format!("{source}; its table keeps the rows of earlier extracts"),
        });
    }
    Ok(())
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
