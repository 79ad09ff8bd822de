//! A run: land, build, measure, publish, render, deliver.
//!
//! ```text
//! extracts --land--> raw tables --build--> facts --measure--> kpi tables --commit--> version --deliver--> pages, mails
//! ```

mod land;

mod build;

pub(crate) mod record;

pub(crate) mod summary;

use jiff::civil::Date;
use scorewright_domain::{Event, Fingerprint, Listener as _};
use scorewright_extract::Source;

use scorewright_project::Project;
use scorewright_warehouse::{Commit, Snapshot, Transaction};

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::publish::{Published, publish_reports};
use crate::standings;
use crate::version::redefined;
use build::build;
use land::{land, remove_former_sources};
pub(crate) use land::{notice_awaited, notice_unclaimed};
use record::{RunRecord, total_books};

/// A run with work to do, recorded from its start to its end.
///
/// - `reload`: a source whose extracts are all read again.
pub(crate) fn run(
    project: &Project,
    as_of: Date,
    reload: Option<&Source>,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let mut transaction = project.folders.warehouse().begin()?;
    let mut record = RunRecord::start(as_of);
    console.name_run(&record.name());
    record.write(&project.folders)?;
    if let Some(source) = reload {
        scorewright_ingest::reload(source, &mut transaction);
    }
    let ended = publish(project, as_of, transaction, console, &mut record);
    let status = ended.as_ref().map_or_else(|failure| failure.status, |status| *status);
    let version = record.version.unwrap_or(0);
    record.finish(status, &project.folders)?;
    if ended.is_ok() {
        console.on_event(Event::RunFinished { status: status as u8, version });
    }
    ended
}

/// The run as the picture has it: every step, in order.
fn publish(
    project: &Project,
    as_of: Date,
    mut transaction: Transaction,
    console: &Console,
    record: &mut RunRecord,
) -> Result<ExitStatus, Failure> {
    let started = crate::clock::now();
    let newest = transaction.snapshot();
    for fault in redefined(project, &project.folders.warehouse(), newest)? {
        console.notice_fault(&fault);
    }
    remove_former_sources(project, &mut transaction);
    land(project, &mut transaction, console)?;
    build(project, as_of, &mut transaction, console)?;
    standings::put(project, as_of, &mut transaction, console)?;
    let commit = Commit {
        run: run_id(project, as_of, transaction.snapshot()),
        as_of,
        program: env!("CARGO_PKG_VERSION").into(),
        configuration: project.configuration(as_of),
        project: project.files.to_vec(),
    };
    let (snapshot, _lock) = transaction.commit(commit)?;
    record.version = Some(snapshot.number);
    record.books = total_books(&snapshot);
    let published = deliver(project, &snapshot, console)?;
    record.receipts.clone_from(&published.receipts);
    let seconds = (crate::clock::now() - started).total(jiff::Unit::Second).unwrap_or(0.0);
    console.answer(&summary::of_run(
        project,
        &snapshot,
        &published,
        &console.landing_times(),
        seconds,
    ));
    Ok(published.status())
}

/// Names a run by its day and all it was made from, so that a rerun has the same name.
fn run_id(project: &Project, as_of: Date, landed: &Snapshot) -> String {
    let mut text = project.configuration(as_of);
    for landing in &landed.landings {
        text += landing.extract.fingerprint.as_str();
    }
    format!("{as_of}-{}", Fingerprint::of(text.as_bytes()).short(8))
}

fn deliver(
    project: &Project,
    snapshot: &Snapshot,
    console: &Console,
) -> Result<Published, Failure> {
    console.on_event(Event::StepStarted { step: "deliver", items: project.reports.len() as u64 });
    let published = publish_reports(project, snapshot, console)?;
    console.on_event(Event::StepFinished { step: "deliver" });
    Ok(published)
}
