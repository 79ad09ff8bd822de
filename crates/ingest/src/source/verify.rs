//! Proves that the parts of a source fit together, before any file is read.

mod arrival;
mod column;
mod keys;
mod values;
mod writing;

use std::path::{Component, Path};

use crate::object_store::{Address, BadAddress};
use miette::Diagnostic as _;
use scorewright_domain::{Fault, ProjectFile, TableName};

use super::Source;
use super::place::{setting, word};
use super::verify_format;

/// Every fault of a source.
pub(crate) fn faults(source: &Source, file: &ProjectFile) -> Vec<Fault> {
    let mut faults = Faults { file, found: Vec::new() };
    of_source(source, &mut faults);
    arrival::check(source, &mut faults);
    keys::check(source, &mut faults);
    verify_format::faults(source, &mut faults);
    for (name, column) in &source.columns {
        let section = format!("columns.{name}");
        if TableName::new("raw", name).is_err() {
            let message = format!(
                "`{name}` is not a column name: expected lower-case letters, digits and underscores"
            );
            faults.at(&section, "", message, "keep the name of the extract in `from`");
        }
        column::check(column, &section, &mut faults);
        writing::check(column, &section, &mut faults);
        values::check(column, &section, &mut faults);
    }
    faults.found
}

/// The faults of one file while they are found.
pub(super) struct Faults<'a> {
    file: &'a ProjectFile,
    found: Vec<Fault>,
}

impl Faults<'_> {
    /// A fault at a setting.
    pub(super) fn at(
        &mut self,
        section: &str,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(self.file.fault(setting(self.file, section, key), message).help(help));
    }

    /// A fault at one word of a setting.
    pub(super) fn at_word(
        &mut self,
        place: (&str, &str, &str),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (section, key, name) = place;
        self.found.push(self.file.fault(word(self.file, section, key, name), message).help(help));
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
    if let Some(address) = Address::read(&source.files) {
        if let Err(bad) = address {
            let help = bad.help().map(|help| help.to_string()).unwrap_or_default();
            // A secret is not shown again by pointing at it.
            let place =
                if bad == BadAddress::Secret { None } else { setting(faults.file, "", "files") };
            faults
                .found
                .push(faults.file.fault(place, format!("`files` is no address: {bad}")).help(help));
        }
        return;
    }
    if let Err(bad) = glob::Pattern::new(&source.files) {
        faults.at(
            "",
            "files",
            format!("`files` is not a glob: {}", bad.msg),
            "`*` stands for any letters, `**` for folders",
        );
    } else if !Path::new(&source.files)
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
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
