//! How far each source has delivered, as a step of a run: what is overdue is said, and what must be there stops it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scorewright_domain::{Event, Listener as _, SourceReach};
use scorewright_extract::{Source, listed, says_how_far_it_reaches};
use scorewright_ingest::{ReachDay, reaches};
use scorewright_project::Project;
use scorewright_warehouse::{Snapshot, Transaction};

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// A source that ends before what is expected of it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("source `{of}` is overdue: {ends}, and it should reach {due}")]
#[diagnostic(help(
    "ask for its extract and run again; `expect` and `grace` in `pipelines/sources/{of}.toml` say when it is overdue"
))]
pub(crate) struct OverdueSource {
    of: String,
    ends: String,
    due: String,
}

/// Puts how far each source has delivered into the transaction.
///
/// Of sources that are `required`, one that is overdue ends the run.
pub(crate) fn put(
    project: &Project,
    as_of: Date,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let day = ReachDay { as_of, zone: project.zone.clone() };
    let reaches = reaches(&project.sources, transaction.root(), transaction.snapshot(), &day)?;
    transaction.set_reaches(reaches);
    let overdue = overdue_sources(transaction.snapshot(), &project.zone);
    let is_required = |overdue: &OverdueSource| {
        project.sources.iter().any(|source| source.required && source.name == overdue.of)
    };
    let (required, others): (Vec<_>, Vec<_>) = overdue.into_iter().partition(is_required);
    for overdue in others {
        console.on_event(Event::Noticed { message: overdue.to_string() });
    }
    if required.is_empty() {
        return Ok(());
    }
    Err(Failure::all(ExitStatus::SourceMissing, required))
}

/// What is overdue in a version, in words.
pub(crate) fn overdue(snapshot: &Snapshot, zone: &TimeZone) -> Vec<String> {
    overdue_sources(snapshot, zone).iter().map(ToString::to_string).collect()
}

/// Asks how far the sources reach that figures rest on and that do not say it.
pub(crate) fn notice_unknown_reach(project: &Project, console: &Console) {
    const SHOWN: usize = 10;
    let driving: BTreeSet<String> =
        project.metrics.iter().flat_map(|metric| project.driving_sources_of(metric)).collect();
    let is_unknown =
        |source: &&Source| driving.contains(&source.name) && !says_how_far_it_reaches(source);
    let unknown: Vec<String> = project
        .sources
        .iter()
        .filter(is_unknown)
        .map(|source| format!("`{}`", source.name))
        .collect();
    let (sources, have) = match unknown.len() {
        0 => return,
        1 => ("source", "has"),
        _ => ("sources", "have"),
    };
    let names = listed(unknown.into_iter(), SHOWN, 0);
    let message = format!(
        "nothing says how far {sources} {names} {have} delivered, so that late rows count as none: set `watermark` to the column that says when a row happened, or `delivered` to what says when a file was delivered"
    );
    console.on_event(Event::Noticed { message });
}

fn overdue_sources(snapshot: &Snapshot, zone: &TimeZone) -> Vec<OverdueSource> {
    let overdue = snapshot.reaches.iter().filter(|reach| reach.is_overdue());
    overdue.map(|reach| overdue_source(reach, zone)).collect()
}

fn overdue_source(reach: &SourceReach, zone: &TimeZone) -> OverdueSource {
    let words =
        |at: Timestamp| at.to_zoned(zone.clone()).strftime("%A %-d %B %Y, %H:%M %Z").to_string();
    OverdueSource {
        of: reach.source.clone(),
        ends: reach.until.map_or_else(
            || "it is not known how far it reaches".into(),
            |until| format!("it reaches {}", words(until)),
        ),
        due: reach.due.map(words).unwrap_or_default(),
    }
}
