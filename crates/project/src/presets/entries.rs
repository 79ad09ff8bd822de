//! Entries of a TOML file about what is left out: removed, with comments and order of the others kept.

use scorewright_domain::{ProjectFile, TableName};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Table, value};

use super::kept::KeptParts;

/// The identity file.
pub(crate) const IDENTITY: &str = "pipelines/identity.toml";

/// The file without entries about what is left out; any other file as it is.
pub(crate) fn without_left_out(file: ProjectFile, kept: &KeptParts) -> ProjectFile {
    let Ok(mut document) = file.text.parse::<DocumentMut>() else { return file };
    match file.path.as_str() {
        IDENTITY => retain_identity(&mut document, kept),
        "pipelines/targets.toml" => retain_metrics(&mut document, "target", kept),
        "pipelines/benchmarks.toml" => retain_metrics(&mut document, "benchmark", kept),
        path if path.ends_with("/report.toml") => {
            retain_metrics(&mut document, "breakdown", kept);
            retain_lines(&mut document, kept);
        }
        _ if document.contains_key("checks") => retain_checks(&mut document, kept),
        _ => return file,
    }
    ProjectFile::new(file.path, document.to_string())
}

fn tables_of<'a>(document: &'a mut DocumentMut, key: &str) -> Option<&'a mut ArrayOfTables> {
    document.get_mut(key)?.as_array_of_tables_mut()
}

fn text_of<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

/// Keeps the tables of the identity file that have rows, and the anchor: nobody could be known by an empty one.
fn retain_identity(document: &mut DocumentMut, kept: &KeptParts) {
    let is_kept = |entry: &Table| {
        let table = text_of(entry, "table").and_then(|table| table.parse().ok());
        table.is_none_or(|table: TableName| kept.has_rows(&table))
    };
    if let Some(tables) = tables_of(document, "tables") {
        tables.retain(is_kept);
    }
    if !document.get("anchor").and_then(|item| item.as_table()).is_none_or(is_kept) {
        document.remove("anchor");
    }
}

/// Keeps the entries that name a kept metric.
fn retain_metrics(document: &mut DocumentMut, key: &str, kept: &KeptParts) {
    if let Some(entries) = tables_of(document, key) {
        entries
            .retain(|entry| text_of(entry, "metric").is_some_and(|name| kept.has_metric_of(name)));
    }
}

/// Keeps the lines of a report that show a kept metric, and the groups that have any.
fn retain_lines(document: &mut DocumentMut, kept: &KeptParts) {
    let Some(groups) = tables_of(document, "group") else { return };
    for group in groups.iter_mut() {
        if let Some(lines) = group.get_mut("lines").and_then(|item| item.as_array_mut()) {
            lines.retain(|line| line.as_str().is_some_and(|name| kept.has_metric_of(name)));
        }
    }
    groups.retain(|group| {
        let lines = group.get("lines").and_then(|item| item.as_array());
        lines.is_some_and(|lines: &Array| !lines.is_empty())
    });
}

/// Keeps the checks of a model that refer to no other table, or to a kept one.
fn retain_checks(document: &mut DocumentMut, kept: &KeptParts) {
    if let Some(checks) = tables_of(document, "checks") {
        checks.retain(|check| has_target(check, kept));
    }
}

/// Whether the table that a `reference` looks into is kept.
fn has_target(check: &Table, kept: &KeptParts) -> bool {
    let target =
        check.get("reference").and_then(|reference| reference.get("to")).and_then(|to| to.as_str());
    let table =
        target.and_then(|target| target.rsplit_once('.')).and_then(|(table, _)| table.parse().ok());
    table.is_none_or(|table: TableName| kept.tables.contains(&table))
}

/// Reports whose file shows nothing any more.
pub(crate) fn without_lines(files: &[ProjectFile]) -> Vec<String> {
    files.iter().filter_map(report_without_lines).collect()
}

fn report_without_lines(file: &ProjectFile) -> Option<String> {
    let name = file.path.strip_prefix("reports/")?.strip_suffix("/report.toml")?;
    let document: DocumentMut = file.text.parse().ok()?;
    let groups = document.get("group").and_then(|groups| groups.as_array_of_tables());
    groups.is_none_or(ArrayOfTables::is_empty).then(|| name.to_owned())
}

/// A companion file that lets its table have no rows.
pub(crate) fn allowing_no_rows(companion: &ProjectFile) -> ProjectFile {
    let Ok(mut document) = companion.text.parse::<DocumentMut>() else { return companion.clone() };
    document["may_be_empty"] = value(true);
    ProjectFile::new(companion.path.clone(), document.to_string())
}
