//! What of the newest version is damaged, made again as it was: nothing new lands, and nobody is sent anything.

use std::collections::BTreeSet;

use scorewright_domain::{Landing, OwedIssue, TableName};
use scorewright_extract::{RefusedExtract, Source};
use scorewright_kpi::Metric;
use scorewright_project::{Project, ProjectLocation};
use scorewright_warehouse::{Commit, DamagedTable, Snapshot, Transaction, VerifyDepth};

use super::build::build;
use super::damaged_tables::{SHOWN_OF_FEW, TakenOut, is_of_few, not_there, take_out};
use super::land::land_again;
use super::make::set_meaning;
use super::request::RunRequest;
use super::{check_profile, freshness};
use crate::console::Console;
use crate::exit::Failure;
use crate::standings;
use crate::version::PublishedVersion;

/// A damaged table of the newest version.
pub(crate) struct Remake {
    pub(crate) damaged: DamagedTable,
    /// What it is made from: extracts, tables, or files of the project.
    pub(crate) inputs: BTreeSet<String>,
    /// Why it cannot be made again; `None` where it can.
    pub(crate) obstacle: Option<String>,
}

/// What became of the newest version.
pub(crate) enum Repaired {
    /// No file of it is damaged.
    Whole,
    /// Some of its tables cannot be made again, and none is.
    Refused(Vec<Remake>),
    /// A new version has all of its tables, the damaged ones made again.
    Published(Vec<Remake>, Box<Snapshot>),
}

/// Makes damaged tables of the newest version again, by the project that it was made from, for its day.
pub(crate) fn repair(
    location: &ProjectLocation,
    mut transaction: Transaction,
    console: &Console,
) -> Result<Repaired, Failure> {
    let newest = transaction.snapshot().clone();
    let warehouse = location.warehouse();
    let damaged = warehouse.damaged_tables(&newest, VerifyDepth::Contents)?;
    let kept = warehouse.project_files(&newest);
    if damaged.is_empty() && kept.is_ok() {
        transaction.abandon()?;
        return Ok(Repaired::Whole);
    }
    let project = project_of(location, &newest)?;
    check_profile(&project, &newest)?;
    project.folders.set_readers()?;
    let remakes = land_damaged(&project, &newest, damaged, &mut transaction, console)?;
    if remakes.iter().any(|remake| remake.obstacle.is_some()) {
        transaction.abandon()?;
        return Ok(Repaired::Refused(remakes));
    }
    build_again(&project, &newest, &mut transaction, console)?;
    let (snapshot, _lock) = transaction.commit(commit_of(&project, &newest))?;
    Ok(Repaired::Published(remakes, Box::new(snapshot)))
}

/// The project that a version was made from; where its file is damaged, the one of today if it is the same.
fn project_of(location: &ProjectLocation, newest: &Snapshot) -> Result<Project, Failure> {
    let made = PublishedVersion::as_made(location, newest.number);
    let as_of = newest.as_of.unwrap_or_default();
    made.map(|made| made.project).or_else(|failure| match Project::read(location) {
        Ok(today) if today.configuration(as_of) == newest.configuration => Ok(today),
        Ok(_) | Err(_) => Err(failure),
    })
}

/// Takes out what is damaged, and reads again what has landed of it.
fn land_damaged(
    project: &Project,
    newest: &Snapshot,
    damaged: Vec<DamagedTable>,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<Vec<Remake>, Failure> {
    set_meaning(project, transaction);
    let taken_out = take_out(&damaged, transaction);
    let is_taken_out = |source: &&Source| {
        taken_out.landings.iter().any(|landing| landing.extract.source == source.name)
    };
    let sources: Vec<Source> = project.sources.iter().filter(is_taken_out).cloned().collect();
    let (fresh, refused) = if sources.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        let as_of = newest.as_of.unwrap_or_default();
        land_again(project, &sources, as_of, transaction, console)?
    };
    let remake = |damaged: DamagedTable| {
        let obstacle = obstacle(project, &damaged.table, &taken_out, &fresh, &refused);
        Remake { inputs: inputs(project, newest, &damaged.table), damaged, obstacle }
    };
    Ok(damaged.into_iter().map(remake).collect())
}

/// Builds and measures what the transaction does not have.
fn build_again(
    project: &Project,
    newest: &Snapshot,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let as_of = newest.as_of.unwrap_or_default();
    freshness::put(project, as_of, transaction, console)?;
    build(project, &RunRequest::of_day(as_of), transaction, console)?;
    standings::put(project, as_of, transaction, console)?;
    let number = transaction.number();
    let issues = newest.issues.iter().map(|issue| owed_by(issue, newest.number, number));
    transaction.set_issues(issues.collect());
    Ok(())
}

/// What the damaged version still owes is made from the whole one.
fn owed_by(issue: &OwedIssue, damaged: u64, whole: u64) -> OwedIssue {
    let is_its_own = issue.version == damaged && !issue.is_delivered;
    OwedIssue { version: if is_its_own { whole } else { issue.version }, ..issue.clone() }
}

/// Why a table cannot be made again.
fn obstacle(
    project: &Project,
    table: &TableName,
    taken_out: &TakenOut,
    fresh: &[Landing],
    refused: &[RefusedExtract],
) -> Option<String> {
    if is_of_few(project, table) {
        return Some(SHOWN_OF_FEW.into());
    }
    let lost = taken_out.not_read_again(fresh);
    let is_its_own =
        |landing: &&&Landing| table.layer().is_landed() && landing.extract.source == table.noun();
    let lost = lost.iter().find(is_its_own)?;
    let refused = refused.iter().find(|refused| refused.file == lost.extract.file);
    Some(refused.map_or_else(|| not_there(lost), ToString::to_string))
}

/// What a table is made from.
fn inputs(project: &Project, newest: &Snapshot, table: &TableName) -> BTreeSet<String> {
    if table.layer().is_landed() {
        let landings = newest.landings.iter();
        let landings = landings.filter(|landing| landing.extract.source == table.noun());
        return landings.map(|landing| landing.extract.file.display().to_string()).collect();
    }
    match project.pipeline.models.iter().find(|model| model.name == *table) {
        Some(model) if model.reads.is_empty() => BTreeSet::from([model.sql.path.clone()]),
        Some(model) => model.reads.iter().map(ToString::to_string).collect(),
        None => {
            let facts = project.metrics.iter().filter_map(Metric::fact);
            facts.map(|fact| fact.to_string()).collect()
        }
    }
}

/// The commit is as the damaged one said of itself, so that the next run goes on as it would have.
fn commit_of(project: &Project, newest: &Snapshot) -> Commit {
    Commit {
        run: format!("repair-of-{}", newest.number),
        as_of: newest.as_of.unwrap_or_default(),
        program: env!("CARGO_PKG_VERSION").into(),
        configuration: newest.configuration.clone(),
        project: project.files.to_vec(),
    }
}
