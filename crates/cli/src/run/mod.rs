//! A run: land, build, measure, publish, render, deliver.
//!
//! ```text
//! extracts --land--> raw tables --build--> facts --measure--> kpi tables --commit--> version --deliver--> pages, mails
//! ```

pub(crate) mod request;

pub(crate) mod selected;

mod land;

pub(crate) mod freshness;

mod build;

pub(crate) mod damaged_tables;

pub(crate) mod repair;

mod record_name;

pub(crate) mod record;

pub(crate) mod clock_check;

pub(crate) mod leftovers;

pub(crate) mod nothing_new;

pub(crate) mod make;

pub(crate) mod dry_run;

pub(crate) mod old_outputs;

pub(crate) mod cleaning;

pub(crate) mod summary;

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Event, Listener as _, Profile};
use scorewright_project::{Folders, Project, ProjectLocation};
use scorewright_warehouse::{Commit, Lock, Snapshot, Transaction};

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::owed::{OpenIssue, deliver_owed, next_ledger, open_issues};
use crate::reports::publish::{
    PreparedReport, Published, deliver_reports, release_reports, send_after_run,
};
use cleaning::clean_after_run;
pub(crate) use land::{notice_awaited, notice_unclaimed};
use make::{MadeVersion, make};
use record::{RunRecord, total_books};
use request::RunRequest;

/// Says which version a run finds, for its last line; a project that cannot be read has none.
pub(crate) fn found_newest(location: &ProjectLocation, console: &Console) {
    let newest = Folders::of(location).ok().and_then(|folders| folders.warehouse().newest().ok());
    if let Some(newest) = newest {
        console.found_version(newest.number);
    }
}

/// Refuses to go on from versions that another profile made, or the project without one.
pub(crate) fn check_profile(project: &Project, newest: &Snapshot) -> Result<(), Failure> {
    let name = |profile: &Option<Profile>| profile.as_ref().map(|profile| profile.name.clone());
    let (asked, made) = (name(&project.profile), name(&newest.profile));
    if newest.number == 0 || asked == made {
        return Ok(());
    }
    let words = |profile: Option<String>| match profile {
        Some(name) => format!("profile `{name}`"),
        None => "the project without a profile".into(),
    };
    let message = format!(
        "the warehouse is not one of {}: its versions are those of {}",
        words(asked),
        words(made)
    );
    Err(Failure::usage(
        message,
        "name another folder as `state` of the profile, or run the profile that made it",
    ))
}

/// Refuses a day before which nothing is measured.
pub(crate) fn check_measured(project: &Project, as_of: Date) -> Result<(), Failure> {
    let since = project.calendar(as_of).since();
    if since < as_of {
        return Ok(());
    }
    let message = format!("nothing is measured before {since}, and the run is for {as_of}");
    Err(Failure::usage(
        message,
        "run for a later day, or set `since` in `[kpi]` of `scorewright.toml`",
    ))
}

/// A run with work to do, recorded from its start to its end.
pub(crate) fn run(
    project: &Project,
    location: &ProjectLocation,
    request: &RunRequest<'_>,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let mut transaction = project.folders.warehouse().begin()?;
    console.found_version(transaction.snapshot().number);
    check_profile(project, transaction.snapshot())?;
    check_measured(project, request.as_of)?;
    RunRecord::close_interrupted(&project.folders, console);
    let mut record = RunRecord::start(request.as_of, &project.folders);
    console.name_run(&record.name());
    record.write(&project.folders, console);
    if let Some(source) = request.reload {
        scorewright_ingest::reload(source, &mut transaction);
    }
    let published = publish(project, location, request, transaction, console, &mut record);
    // The lock is held until the record says how the run ended.
    let (ended, lock) = match published {
        Ok((status, lock)) => (Ok(status), Some(lock)),
        Err(failure) => {
            release_after_failure(project, request.sends, record.started_at, console);
            (Err(failure), None)
        }
    };
    record.version = record.published(&project.folders.warehouse());
    if let Some(version) = record.version {
        console.published_version(version);
    }
    record.finish(&ended, &project.folders, console);
    if let Some(lock) = lock {
        clean_after_run(&project.folders, &lock, console);
    }
    ended
}

/// Sends what was held by earlier runs and is due, although this one publishes nothing.
fn release_after_failure(project: &Project, sends: bool, now: Timestamp, console: &Console) {
    let warehouse = project.folders.warehouse();
    let Ok(_lock) = Lock::take(&warehouse) else { return };
    let release = |newest: Snapshot| {
        let mut published = release_reports(&project.folders, &newest, now)?;
        if sends {
            published.extend(send_after_run(&project.folders, &newest, now));
        }
        Ok((newest, published))
    };
    match warehouse.newest().map_err(Failure::from).and_then(release) {
        Ok((newest, published)) => {
            tell_deliveries(&published, &newest, console);
            console.answer(&summary::of_failed_run(project, &newest, &published));
        }
        Err(failure) => console.notice_failure("what is held cannot be sent", &failure),
    }
}

/// The run as the picture has it: every step, in order.
fn publish(
    project: &Project,
    location: &ProjectLocation,
    request: &RunRequest<'_>,
    mut transaction: Transaction,
    console: &Console,
    record: &mut RunRecord,
) -> Result<(ExitStatus, Lock), Failure> {
    let started = crate::clock::now();
    project.folders.set_readers()?;
    let refused = &mut record.reasons;
    let made = make(project, request, &mut transaction, console, |landed| {
        *refused = refusals(landed);
    })?;
    let MadeVersion { run, reports, withheld } = made;
    let open = put_ledger(project, &reports, &mut transaction)?;
    record.commits(&run, transaction.number(), total_books(transaction.snapshot()));
    record.write(&project.folders, console);
    let commit = commit_of(project, run, request.as_of);
    let (snapshot, lock) = transaction.commit(commit)?;
    let mut published = deliver(project, &reports, started, console)?;
    let earlier = not_replaced(open, &snapshot);
    published.extend(deliver_owed(location, &earlier, started, console));
    let released = release_reports(&project.folders, &snapshot, started).map_err(outstanding)?;
    published.extend(released);
    if request.sends {
        published.extend(send_after_run(&project.folders, &snapshot, started));
    }
    published.withheld = withheld;
    published.overdue = freshness::overdue(&snapshot, &project.zone);
    record.receipts.clone_from(&published.receipts);
    tell_deliveries(&published, &snapshot, console);
    console.answer(&summary::of_run(project, &snapshot, &published, console));
    Ok((published.status(&snapshot), lock))
}

/// Tells what was handed over, and counts what is owed.
pub(crate) fn tell_deliveries(published: &Published, snapshot: &Snapshot, console: &Console) {
    published.emit(console);
    let owed = summary::owed(published, snapshot).len() as u64;
    console.change_totals(|totals| totals.owed = owed);
}

/// Why a run that publishes is not done: the extracts that its version is made without.
fn refusals(snapshot: &Snapshot) -> Vec<String> {
    let refused = snapshot.left_out.iter().filter(|extract| extract.is_refused());
    refused.map(|extract| format!("refused: {extract}")).collect()
}

/// What a commit records beside its tables.
fn commit_of(project: &Project, run: String, as_of: Date) -> Commit {
    Commit {
        run,
        as_of,
        program: env!("CARGO_PKG_VERSION").into(),
        configuration: project.configuration(as_of),
        project: project.files.to_vec(),
    }
}

/// Puts what the version owes into its commit; answers with what those before it still owe.
fn put_ledger(
    project: &Project,
    reports: &[PreparedReport],
    transaction: &mut Transaction,
) -> Result<Vec<OpenIssue>, Failure> {
    let (folders, snapshot) = (&project.folders, transaction.snapshot());
    let open = open_issues(folders, snapshot)?;
    let own = reports.iter().map(|report| report.owed(transaction.number())).collect();
    let ledger = next_ledger(&snapshot.issues, &open, own);
    transaction.set_issues(ledger);
    Ok(open)
}

/// Hands over the reports of a version.
fn deliver(
    project: &Project,
    reports: &[PreparedReport],
    now: Timestamp,
    console: &Console,
) -> Result<Published, Failure> {
    console.on_event(Event::StepStarted { step: "deliver", items: reports.len() as u64 });
    let published =
        deliver_reports(&project.folders, reports, now, console).map_err(outstanding)?;
    console.on_event(Event::StepFinished { step: "deliver" });
    Ok(published)
}

/// A failure after the commit: the version is published.
fn outstanding(failure: Failure) -> Failure {
    Failure { status: ExitStatus::Outstanding, ..failure }
}

/// What versions before owe for periods of which the new version has no issue.
fn not_replaced(open: Vec<OpenIssue>, snapshot: &Snapshot) -> Vec<OpenIssue> {
    open.into_iter().filter(|open| snapshot.issues.contains(&open.issue)).collect()
}
