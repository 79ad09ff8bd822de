//! `scorewright diff`: what became of tables and figures from one version to another.

use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Snapshot, Warehouse};
use serde_json::json;

use crate::arguments::{DiffOptions, StatusFormat};
use crate::console::Console;
use crate::console::lines::labelled;
use crate::exit::{ExitStatus, Failure};
use crate::version_diff::{ListedFigures, VersionDiff, measured_metrics};

/// Compares two versions, by default the newest with the one before it.
pub(crate) fn diff(
    location: &ProjectLocation,
    options: &DiffOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let warehouse = Folders::of(location)?.warehouse();
    let (from, to) = asked_versions(&warehouse, options)?;
    let diff = VersionDiff::between(&warehouse, &from, &to)?;
    let listed = match &options.metric {
        Some(metric) => {
            refuse_unknown(metric, &warehouse, [&from, &to])?;
            ListedFigures::Of(metric)
        }
        None => ListedFigures::Largest,
    };
    console.answer(&match options.output {
        StatusFormat::Text => text(&from, &to, &diff, &listed),
        StatusFormat::Json => lines_of_json(&from, &to, &diff, &listed),
    });
    Ok(ExitStatus::Done)
}

/// The versions that are compared: the earlier one and the later one.
fn asked_versions(
    warehouse: &Warehouse,
    options: &DiffOptions,
) -> Result<(Snapshot, Snapshot), Failure> {
    let to = match options.to {
        Some(number) => warehouse.version(number)?,
        None => warehouse.newest()?,
    };
    if to.number == 0 {
        return Err(Failure::no_version());
    }
    let from = match options.from {
        Some(number) => number,
        None => before(warehouse, to.number)?,
    };
    Ok((warehouse.version(from)?, to))
}

/// The version before another one.
fn before(warehouse: &Warehouse, number: u64) -> Result<u64, Failure> {
    let history = warehouse.history()?;
    let former = history.numbers().iter().rev().find(|other| **other < number);
    former.copied().ok_or_else(|| {
        let message = format!("there is no version before {number} to compare it with");
        Failure::usage(message, "`scorewright snapshots` lists the versions that are kept")
    })
}

fn text(from: &Snapshot, to: &Snapshot, diff: &VersionDiff, listed: &ListedFigures<'_>) -> String {
    let version = |snapshot: &Snapshot| {
        let day = snapshot.as_of.map(|day| format!(" for {}", day.strftime("%A %Y-%m-%d")));
        format!("version {}{}", snapshot.number, day.unwrap_or_default())
    };
    labelled("from", &[version(from)]) + &labelled("to", &[version(to)]) + &diff.text(listed)
}

/// One object a line: the versions, then tables, metrics and figures.
fn lines_of_json(
    from: &Snapshot,
    to: &Snapshot,
    diff: &VersionDiff,
    listed: &ListedFigures<'_>,
) -> String {
    let (objects, more) = diff.json(listed);
    let versions = json!({
        "kind": "versions",
        "from": from.number,
        "to": to.number,
        "from_as_of": from.as_of,
        "to_as_of": to.as_of,
        "figures_not_listed": more,
    });
    let objects = std::iter::once(versions).chain(objects);
    objects.map(|object| format!("{object}\n")).collect()
}

/// Refuses a metric that neither version measured.
fn refuse_unknown(
    metric: &str,
    warehouse: &Warehouse,
    versions: [&Snapshot; 2],
) -> Result<(), Failure> {
    let known = measured_metrics(warehouse, versions)?;
    if known.contains(metric) {
        return Ok(());
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Err(Failure::unknown("metric", metric, &known))
}
