//! `scorewright run`: land, build, measure, publish, render, deliver.

use jiff::civil::Date;
use scorewright_domain::{Books, Event, Fingerprint, Layer, Listener as _, TableName};
use scorewright_extract::{AwaitedExtract, Source};
use scorewright_ingest::reload;
use scorewright_transform::FailedModel;
use scorewright_warehouse::{Commit, Snapshot, Transaction};

use crate::arguments::{Place, RunOptions};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::issue::{self, Published};
use crate::project::Project;
use crate::run_record::RunRecord;
use crate::{standings, summary};

/// The nightly job.
pub(crate) fn run(
    place: &Place,
    options: &RunOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let project = Project::read(place)?;
    let as_of = project.as_of(options.as_of);
    let newest = project.folders.warehouse().newest()?;
    if let Some(awaited) = awaited_alone(&project, &newest, as_of)? {
        return nothing_new(&project, &newest, &awaited, options, console);
    }
    recorded(&project, as_of, None, console)
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
    let (extracts, now) = (&project.folders.extracts, crate::clock::now());
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
) -> Result<Status, Failure> {
    let published = issue::resend(project)?;
    say_awaited(awaited, console);
    let extracts = project.folders.extracts.display();
    let arrived = if awaited.is_empty() { "" } else { " that has arrived" };
    let said = format!(
        "nothing new: version {} holds everything{arrived} in `{extracts}`\n",
        newest.number
    );
    console.answer(&(said + &summary::outstanding(&published)));
    let status = match published.status() {
        Status::Done if options.require_new => Status::SourceMissing,
        status => status,
    };
    console.on_event(Event::RunFinished { status: status as u8, version: newest.number });
    Ok(status)
}

/// Says what a later run will take.
fn say_awaited(awaited: &[AwaitedExtract], console: &Console) {
    for extract in awaited {
        console.on_event(Event::Noticed { message: format!("{extract}; a later run takes it") });
    }
}

/// A run that reads all extracts of a source again.
pub(crate) fn again(
    project: &Project,
    as_of: Date,
    source: &Source,
    console: &Console,
) -> Result<Status, Failure> {
    recorded(project, as_of, Some(source), console)
}

/// A run with work to do, recorded from its start to its end.
fn recorded(
    project: &Project,
    as_of: Date,
    again: Option<&Source>,
    console: &Console,
) -> Result<Status, Failure> {
    let mut transaction = project.folders.warehouse().begin()?;
    let mut record = RunRecord::start(as_of);
    console.name_run(&record.name());
    record.write(&project.folders)?;
    if let Some(source) = again {
        reload(source, &mut transaction);
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

fn publish(
    project: &Project,
    as_of: Date,
    mut transaction: Transaction,
    console: &Console,
    record: &mut RunRecord,
) -> Result<Status, Failure> {
    let started = crate::clock::now();
    forget_removed_sources(project, &mut transaction);
    land(project, &mut transaction, console)?;
    build(project, as_of, &mut transaction, console)?;
    standings::put(project, as_of, &mut transaction, console)?;
    let commit = Commit {
        run: run_id(project, as_of, transaction.snapshot()),
        as_of,
        program: env!("CARGO_PKG_VERSION").into(),
        configuration: project.configuration(as_of),
    };
    let (snapshot, _lock) = transaction.commit(commit)?;
    record.version = Some(snapshot.number);
    record.books = books(&snapshot);
    let published = deliver(project, &snapshot, console)?;
    record.receipts.clone_from(&published.receipts);
    let seconds = (crate::clock::now() - started).total(jiff::Unit::Second).unwrap_or(0.0);
    console.answer(&summary::of_run(project, &snapshot, &published, &console.landed(), seconds));
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

fn books(snapshot: &Snapshot) -> Books {
    let mut books = Books::default();
    snapshot.landings.iter().for_each(|landing| books.add(&landing.books));
    books
}

/// Ends the tables and books of sources that the project no longer has; older versions keep them.
fn forget_removed_sources(project: &Project, transaction: &mut Transaction) {
    let is_ours = |name: &str| project.sources.iter().any(|source| source.name == name);
    let snapshot = transaction.snapshot();
    let is_gone = |name: &&TableName| {
        matches!(name.layer(), Layer::Raw | Layer::Quarantine) && !is_ours(name.noun())
    };
    let gone: Vec<TableName> = snapshot.tables.keys().filter(is_gone).cloned().collect();
    let kept = snapshot
        .landings
        .iter()
        .filter(|landing| is_ours(&landing.extract.source))
        .cloned()
        .collect();
    transaction.set_landings(kept);
    for name in gone {
        transaction.remove(&name);
    }
}

/// Lands what is new; a refused or missing extract ends the run after every source was looked at.
fn land(
    project: &Project,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let (extracts, now) = (&project.folders.extracts, crate::clock::now());
    let limits = &project.settings.limits;
    let landed =
        scorewright_ingest::land(&project.sources, extracts, limits, now, transaction, console)?;
    say_awaited(&landed.awaited, console);
    if !landed.refused.is_empty() {
        // An object store that gives no answer is no fault of the data: the scheduler may try again.
        let may_pass = landed.refused.iter().all(|refused| refused.why.may_pass());
        let status = if may_pass { Status::InputOutput } else { Status::DataRefused };
        let mut failure = Failure::all(status, landed.refused);
        failure.reports.extend(landed.missing.into_iter().map(miette::Report::new));
        return Err(failure);
    }
    if landed.missing.iter().any(|source| !source.has_landed) {
        return Err(Failure::all(Status::SourceMissing, landed.missing));
    }
    for source in &landed.missing {
        console.on_event(Event::Noticed {
            message: format!("{source}; its table keeps the rows of earlier extracts"),
        });
    }
    Ok(())
}

/// Builds and checks the models; anything unsound ends the run with every reason.
fn build(
    project: &Project,
    as_of: Date,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    console.on_event(Event::StepStarted {
        step: "build",
        items: project.pipeline.models.len() as u64,
    });
    let report = project.pipeline.build(transaction, project.midnight(as_of), console)?;
    console.on_event(Event::StepFinished { step: "build" });
    if report.is_sound() {
        return Ok(());
    }
    let is_slip = report.failed.iter().all(|failed| matches!(failed, FailedModel::Sql(_)));
    let status = if is_slip { Status::Configuration } else { Status::DataRefused };
    Err(Failure::all(status, report.failed))
}

fn deliver(
    project: &Project,
    snapshot: &Snapshot,
    console: &Console,
) -> Result<Published, Failure> {
    console.on_event(Event::StepStarted { step: "deliver", items: project.reports.len() as u64 });
    let published = issue::publish(project, snapshot, console)?;
    console.on_event(Event::StepFinished { step: "deliver" });
    Ok(published)
}
