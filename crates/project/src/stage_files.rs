//! The files of each stage: sources, targets, benchmarks, reports.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Environment, Fault, ProjectFile, Schedule, TableName};
use scorewright_extract::Source;
use scorewright_kpi::ProjectFaults;
use scorewright_report::Report;
use scorewright_transform::read_schedules;

use crate::files::below;

/// What was read; otherwise nothing, and its faults with the others.
fn keep<T: Default>(read: Result<T, ProjectFaults>, faults: &mut Vec<Fault>) -> T {
    read.unwrap_or_else(|more| {
        faults.extend_from_slice(more.all());
        T::default()
    })
}

/// Every source whose file has no fault.
pub(crate) fn sources(
    files: &[ProjectFile],
    environment: &Environment,
    faults: &mut Vec<Fault>,
) -> Vec<Source> {
    let mut sources = Vec::new();
    for file in below(files, "pipelines/sources/") {
        match Source::read_in(&file, environment) {
            Ok(source) => sources.push(source),
            Err(more) => faults.extend(more),
        }
    }
    sources
}

/// Tables that the sources make, those with a faulty file too: of them it is not known whether they keep history.
pub(crate) fn landed_tables(files: &[ProjectFile], sound: &[Source]) -> BTreeSet<TableName> {
    let stem = |file: &ProjectFile| {
        file.path.strip_prefix("pipelines/sources/")?.strip_suffix(".toml").map(String::from)
    };
    let has_history = |stem: &str| {
        sound.iter().find(|source| source.name == stem).is_none_or(Source::has_history)
    };
    let tables = files.iter().filter_map(stem).flat_map(|stem| {
        let history = has_history(&stem).then_some("history");
        let layers = ["raw", "quarantine"].into_iter().chain(history);
        layers.map(|layer| TableName::new(layer, &stem)).collect::<Vec<_>>()
    });
    tables.flatten().collect()
}

/// What a single file says; nothing when the project does not have it.
pub(crate) fn optional<T: Default>(
    files: &[ProjectFile],
    stem: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&ProjectFile) -> Result<T, ProjectFaults>,
) -> T {
    let path = format!("pipelines/{stem}.toml");
    files
        .iter()
        .find(|file| file.path == path)
        .map_or_else(T::default, |file| keep(read(file), faults))
}

/// The schedules by name; none when their file is at fault.
pub(crate) fn schedules(
    files: &[ProjectFile],
    time_zone: &str,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, Schedule> {
    let file = files.iter().find(|file| file.path == "pipelines/schedules.toml");
    let read = file.map_or_else(|| Ok(BTreeMap::new()), |file| read_schedules(file, time_zone));
    read.unwrap_or_else(|more| {
        faults.extend(more);
        BTreeMap::new()
    })
}

/// Every report whose file has no fault.
pub(crate) fn reports(
    files: &[ProjectFile],
    environment: &Environment,
    faults: &mut Vec<Fault>,
) -> Vec<Report> {
    let mut reports = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("reports/") && file.path.ends_with("/report.toml"))
    {
        match Report::read_in(file, environment) {
            Ok(report) => add_report(report, &mut reports, faults),
            Err(fault) => faults.push(fault),
        }
    }
    reports
}

/// A name that differs from another in its case alone is the same folder on some systems.
fn add_report(report: Report, reports: &mut Vec<Report>, faults: &mut Vec<Fault>) {
    let is_same = |other: &&Report| other.id().eq_ignore_ascii_case(report.id());
    match reports.iter().find(is_same) {
        None => reports.push(report),
        Some(other) => {
            let message = format!("two reports are called `{}`", other.id());
            let help = "the folder is the name, in any case: rename one of them";
            faults.push(report.fault("title", message).help(help));
        }
    }
}
