//! A version as it would be committed: landed, built, checked, measured and rendered.

use jiff::civil::Date;
use scorewright_domain::Fingerprint;
use scorewright_project::Project;
use scorewright_warehouse::{Snapshot, Transaction};

use super::build::build;
use super::damaged_tables::{TakenOut, take_out_damaged};
use super::land::{land, remove_former_sources};
use super::request::RunRequest;
use super::selected::check_selection;
use super::{freshness, summary};
use crate::console::Console;
use crate::exit::Failure;
use crate::reports::publish::{PreparedReport, prepared_reports};
use crate::reports::stale::withhold_stale;
use crate::reports::within_memory;
use crate::standings;
use crate::utc_days::notice_new_utc_days;
use crate::version::redefined;

/// A version that is made and not committed.
pub(super) struct MadeVersion {
    /// Name of the run.
    pub(super) run: String,
    /// Its reports, without mails that are not sent.
    pub(super) reports: Vec<PreparedReport>,
    /// Why reports are not published, or mails of periods that ended long ago not sent, in words.
    pub(super) withheld: Vec<String>,
}

/// Lands what is new, builds, checks, measures and renders: all of a run that comes before its commit.
///
/// - `on_landed`: gets what has landed, before anything later can stop the run.
pub(super) fn make(
    project: &Project,
    request: &RunRequest<'_>,
    transaction: &mut Transaction,
    console: &Console,
    on_landed: impl FnOnce(&Snapshot),
) -> Result<MadeVersion, Failure> {
    let as_of = request.as_of;
    let taken_out = take_out_damaged(project, transaction, console)?;
    notice_redefined(project, transaction.snapshot(), console);
    notice_new_utc_days(project, transaction.snapshot(), console);
    if let Some(selection) = request.selection {
        check_selection(project, selection, &taken_out, transaction.snapshot())?;
    }
    land_new(project, request, &taken_out, transaction, console)?;
    on_landed(transaction.snapshot());
    freshness::put(project, as_of, transaction, console)?;
    build(project, request, transaction, console)?;
    standings::put(project, as_of, transaction, console)?;
    let run = run_id(project, as_of, transaction.snapshot());
    if let Some(behind) = summary::behind(transaction.snapshot()) {
        return Ok(MadeVersion {
            run,
            reports: Vec::new(),
            withheld: vec![format!("behind: {behind}")],
        });
    }
    let reports = rendered(project, &run, as_of, transaction, console)?;
    let (reports, withheld) = withhold_if_stale(project, request, reports)?;
    Ok(MadeVersion { run, reports, withheld })
}

/// All that a build begins from: what its SQL means, and what has landed.
///
/// - `taken_out`: damaged tables, whose rows must be read again.
pub(crate) fn land_new(
    project: &Project,
    request: &RunRequest<'_>,
    taken_out: &TakenOut,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    set_meaning(project, transaction);
    remove_former_sources(project, transaction);
    let landed = land(project, request, transaction, console)?;
    taken_out.refuse_lost_rows(project, &landed)
}

/// Sets what SQL means.
pub(super) fn set_meaning(project: &Project, transaction: &mut Transaction) {
    transaction.set_local_time(project.local_time());
    transaction.set_variables(project.variables.clone());
    transaction.set_profile(project.profile.clone());
}

/// Tells which metrics changed under the same version of their own, as far as the newest version can be read.
fn notice_redefined(project: &Project, newest: &Snapshot, console: &Console) {
    match redefined(project, &project.folders.warehouse(), newest) {
        Ok(faults) => faults.iter().for_each(|fault| console.notice_fault(fault)),
        Err(failure) => {
            console.notice_failure("the newest version cannot be compared with", &failure);
        }
    }
}

/// The reports of the version that is about to be committed: one that cannot be shown or sent stops it.
fn rendered(
    project: &Project,
    run: &str,
    as_of: Date,
    transaction: &Transaction,
    console: &Console,
) -> Result<Vec<PreparedReport>, Failure> {
    let put = transaction.snapshot().clone();
    let snapshot = Snapshot { run: run.into(), as_of: Some(as_of), ..put };
    let session = transaction.session()?;
    within_memory(&project.folders.sql_limits, console, || {
        prepared_reports(project, &snapshot, &session, None)
    })
}

/// The reports without the mails of periods that ended long ago, and what is left out so, unless that is asked for.
fn withhold_if_stale(
    project: &Project,
    request: &RunRequest<'_>,
    reports: Vec<PreparedReport>,
) -> Result<(Vec<PreparedReport>, Vec<String>), Failure> {
    if request.sends_stale_mail {
        return Ok((reports, Vec::new()));
    }
    withhold_stale(project, request.as_of, crate::clock::today(&project.zone), reports)
}

/// Names a run by its day and all it was made from, so that a rerun has the same name.
fn run_id(project: &Project, as_of: Date, landed: &Snapshot) -> String {
    let mut text = project.configuration(as_of);
    for landing in &landed.landings {
        text += landing.extract.fingerprint.as_str();
    }
    for extract in &landed.left_out {
        text += &format!("{extract}{:?}", extract.fingerprint);
    }
    format!("{as_of}-{}", Fingerprint::of(text.as_bytes()).short(8))
}
