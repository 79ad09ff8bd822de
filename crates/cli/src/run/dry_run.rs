//! A run that keeps nothing: what it would publish, and how it would end.

use std::collections::BTreeSet;

use scorewright_domain::TableName;
use scorewright_extract::AwaitedExtract;
use scorewright_project::Project;
use scorewright_warehouse::{Snapshot, Transaction, VerifyDepth};

use super::make::{MadeVersion, make};
use super::nothing_new::RunWork;
use super::request::RunRequest;
use super::{check_measured, check_profile, freshness, notice_awaited, notice_unclaimed, summary};
use crate::console::Console;
use crate::console::lines::labelled;
use crate::exit::{ExitStatus, Failure};
use crate::reports::rehearsal::{Rehearsal, is_any_outstanding};
use crate::version_diff::{ListedFigures, VersionDiff};

/// What every dry run ends with.
const KEPT: &str = "nothing is published, sent or kept";

/// Does all that there is to do for a run but what others see, and gives the status that it would end with if what it
/// hands over arrives.
pub(crate) fn dry_run(
    project: &Project,
    newest: &Snapshot,
    request: &RunRequest<'_>,
    work: RunWork,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    match work {
        RunWork::Nothing(awaited) => nothing_new(project, newest, &awaited, console),
        RunWork::NoNewExtract => {
            console
                .answer(&format!("no new extract has arrived\n{}", labelled("dry run", &[KEPT])));
            Ok(ExitStatus::SourceMissing)
        }
        RunWork::Version => {
            let mut transaction = project.folders.warehouse().begin()?;
            let ended = rehearsed(project, request, &mut transaction, console);
            transaction.abandon()?;
            let (answer, status) = ended?;
            console.answer(&answer);
            Ok(status)
        }
    }
}

fn nothing_new(
    project: &Project,
    newest: &Snapshot,
    awaited: &[AwaitedExtract],
    console: &Console,
) -> Result<ExitStatus, Failure> {
    notice_awaited(awaited, console);
    notice_unclaimed(project, console);
    let overdue = freshness::overdue(newest, &project.zone);
    let said =
        format!("nothing new: version {} holds everything that has arrived\n", newest.number);
    console.answer(&(said + &owed(newest, &overdue) + &labelled("dry run", &[KEPT])));
    let is_outstanding = is_any_outstanding(&project.folders)?;
    Ok(status(newest, &overdue, is_outstanding))
}

/// What the run would publish, and the status that it would end with.
fn rehearsed(
    project: &Project,
    request: &RunRequest<'_>,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(String, ExitStatus), Failure> {
    let newest = transaction.snapshot().clone();
    check_profile(project, &newest)?;
    check_measured(project, request.as_of)?;
    let MadeVersion { run, reports, withheld } =
        make(project, request, transaction, console, |_| ())?;
    let (number, put) = (transaction.number(), transaction.snapshot().clone());
    let version = Snapshot { number, run, as_of: Some(request.as_of), ..put };
    let diff =
        VersionDiff::between(&project.folders.warehouse(), &readable(project, newest)?, &version)?;
    let overdue = freshness::overdue(&version, &project.zone);
    let rehearsal = Rehearsal::of(&project.folders, &reports, number)?;
    let answer = [
        summary::of_dry_run(project, &version, console),
        rehearsal.text(),
        labelled("withheld", &withheld),
        owed(&version, &overdue),
        "\n".to_owned(),
        diff.text(&ListedFigures::Largest),
        "\n".to_owned(),
        labelled("dry run", &[KEPT]),
    ];
    Ok((answer.concat(), status(&version, &overdue, rehearsal.is_outstanding)))
}

/// A version without tables of which a file is missing or cut off: they cannot be compared.
fn readable(project: &Project, newest: Snapshot) -> Result<Snapshot, Failure> {
    let damaged = project.folders.warehouse().damaged_tables(&newest, VerifyDepth::Lengths)?;
    let damaged: BTreeSet<TableName> = damaged.into_iter().map(|damaged| damaged.table).collect();
    let mut readable = newest;
    readable.tables.retain(|table, _| !damaged.contains(table));
    Ok(readable)
}

/// What the version would be made without, and what is overdue.
fn owed(version: &Snapshot, overdue: &[String]) -> String {
    let overdue = overdue.iter().map(|what| format!("outstanding: {what}"));
    let owed: Vec<String> = summary::left_out(version).into_iter().chain(overdue).collect();
    labelled("owed", &owed)
}

fn status(version: &Snapshot, overdue: &[String], is_outstanding: bool) -> ExitStatus {
    let is_whole = version.left_out.is_empty() && version.behind.is_empty();
    let is_done = is_whole && overdue.is_empty() && !is_outstanding;
    if is_done { ExitStatus::Done } else { ExitStatus::Outstanding }
}
