//! Proves that the parts of a source fit together, before any file is read.

mod above;
mod arrival;
mod column;
mod deliveries;
mod faults;
mod format;
mod freshness;
mod history;
mod keys;
mod row_rules;
mod unpivot;
mod values;
mod writing;
mod zone;

use std::path::{Component, Path};

use miette::Diagnostic as _;
use scorewright_domain::{Fault, ProjectFile, TableName, environment_reference};

use super::toml_span::value_span;
use crate::source::{Address, BadAddress, Source};
use faults::Faults;
pub use freshness::says_how_far_it_reaches;

/// Every fault of a source.
pub(crate) fn faults(source: &Source, file: &ProjectFile) -> Vec<Fault> {
    let mut faults = Faults { file, found: Vec::new() };
    of_source(source, &mut faults);
    arrival::check(source, &mut faults);
    keys::check(source, &mut faults);
    deliveries::check(source, &mut faults);
    history::check(source, &mut faults);
    freshness::check(source, &mut faults);
    format::check(source, &mut faults);
    unpivot::check(source, &mut faults);
    row_rules::check(source, &mut faults);
    if let Some(zone) = &source.time_zone {
        zone::check(source, zone, "", &mut faults);
    }
    of_columns(source, &mut faults);
    faults.found
}

/// Every fault of the columns of a source, and of how its text is written.
pub(crate) fn column_faults(source: &Source, file: &ProjectFile) -> Vec<Fault> {
    let mut faults = Faults { file, found: Vec::new() };
    if source.columns.is_empty() {
        let help = "add `[columns.name]` with `type` for each column";
        faults.at("", "columns", "there are no columns", help);
    }
    format::check(source, &mut faults);
    of_columns(source, &mut faults);
    faults.found
}

fn of_columns(source: &Source, faults: &mut Faults) {
    for (name, column) in &source.columns {
        let section = format!("columns.{name}");
        if TableName::new("raw", name).is_err() {
            let message = format!(
                "`{name}` is not a column name: expected lower-case letters, digits and underscores"
            );
            faults.at(&section, "", message, "keep the name of the extract in `from`");
        }
        column::check(column, &section, faults);
        above::check(source, column, &section, faults);
        writing::check(source, column, &section, faults);
        values::check(column, &section, faults);
    }
}

fn of_source(source: &Source, faults: &mut Faults) {
    if let Err(bad) = TableName::new("raw", &source.name) {
        faults.found.push(
            faults
                .file
                .fault(None, bad.to_string())
                .help("rename the file: its name is the table's"),
        );
    }
    if source.columns.is_empty() {
        let help = "add `[columns.name]` with `type` for each column that is needed";
        faults.at("", "columns", "the source has no columns", help);
    }
    of_files(source, faults);
    if !(0.0..=1.0).contains(&source.tolerate) {
        faults.at(
            "",
            "tolerate",
            "`tolerate` is a share from 0 to 1",
            "0.01 tolerates one bad row in a hundred",
        );
    }
}

fn of_files(source: &Source, faults: &mut Faults) {
    let is_address = |files: &String| files.contains("://");
    if source.files.0.is_empty() {
        faults.at("", "files", "`files` names no file", "give it a glob: \"tickets_*.csv\"");
    }
    if source.files.0.len() > 1 && source.files.0.iter().any(is_address) {
        let help = "give one address, or globs below the extracts folder";
        faults.at("", "files", "`files` has an address beside others", help);
        return;
    }
    for files in &source.files.0 {
        of_glob(files, faults);
    }
}

fn of_glob(files: &str, faults: &mut Faults) {
    // Its place is known once the environment is.
    if environment_reference(files).is_some() {
        return;
    }
    if let Some(address) = Address::read(files) {
        if let Err(bad) = address {
            let help = bad.help().map(|help| help.to_string()).unwrap_or_default();
            // A secret is not shown again by pointing at it.
            let place =
                if bad == BadAddress::Secret { None } else { value_span(faults.file, "", "files") };
            faults
                .found
                .push(faults.file.fault(place, format!("`files` is no address: {bad}")).help(help));
        }
        return;
    }
    if let Err(bad) = glob::Pattern::new(files) {
        faults.at(
            "",
            "files",
            format!("`files` is not a glob: {}", bad.msg),
            "`*` stands for any letters, `**` for folders",
        );
    } else if !Path::new(files).components().all(|part| matches!(part, Component::Normal(_))) {
        faults.at(
            "",
            "files",
            "`files` leaves the extracts folder",
            "state a path below the extracts folder",
        );
    }
}

#[cfg(test)]
pub(super) mod tests;
