//! A file of the standard library as a project with the kept parts gets it: whole, reduced to them, or not at all.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::ModelSql;

use super::entries::{IDENTITY, allowing_no_rows, without_left_out};
use super::kept::KeptParts;
use super::roles::table_of;
use super::union::union_over;
use crate::library;

/// The report that shows every metric.
const REPORT: &str = "reports/scorecard/report.toml";

/// The files of a project with the kept parts.
pub(crate) fn fitted_files(
    files: &[ProjectFile],
    kept: &KeptParts,
) -> Result<Vec<ProjectFile>, Fault> {
    let kept_files = files.iter().filter(|file| is_kept(file, kept));
    kept_files.map(|file| fitted(file, kept)).collect()
}

fn is_kept(file: &ProjectFile, kept: &KeptParts) -> bool {
    let path = file.path.as_str();
    let stem = |folder: &str, ending: &str| path.strip_prefix(folder)?.strip_suffix(ending);
    if let Some(name) = stem("pipelines/sources/", ".toml") {
        kept.sources.contains(name)
    } else if let Some(name) = stem("pipelines/metrics/", ".toml") {
        kept.metrics.contains(name)
    } else if let Some(table) = table_of(path, ".sql").or_else(|| table_of(path, ".toml")) {
        kept.tables.contains(&table)
    } else if path.starts_with("pipelines/checks/") {
        reads_rows(file, kept)
    } else {
        true
    }
}

/// Whether all tables that a check looks into are kept and may have rows.
fn reads_rows(check: &ProjectFile, kept: &KeptParts) -> bool {
    let has_rows = |table: &String| table.parse().is_ok_and(|table| kept.has_rows(&table));
    ModelSql::read(&check.text).is_ok_and(|sql| sql.reads.iter().all(has_rows))
}

fn fitted(file: &ProjectFile, kept: &KeptParts) -> Result<ProjectFile, Fault> {
    let file = if file.path == IDENTITY {
        with_product_identities(file, kept)
    } else if file.path == REPORT {
        with_preset_groups(file)
    } else if table_of(&file.path, ".toml").is_some_and(|table| kept.empty.contains_key(&table)) {
        allowing_no_rows(file)
    } else if let Some(role) = kept.roles.sql_of(file) {
        fitted_role(file, &role, kept)?
    } else {
        file.clone()
    };
    Ok(without_left_out(file, kept))
}

/// A role over the feeders that are kept, or without rows when nothing feeds it.
fn fitted_role(
    file: &ProjectFile,
    role: &TableName,
    kept: &KeptParts,
) -> Result<ProjectFile, Fault> {
    if kept.empty.contains_key(role) {
        return Ok(library::without_rows(&file.path).unwrap_or_else(|| file.clone()));
    }
    let feeders = kept.roles.feeders(role).unwrap_or_default().iter();
    union_over(file, feeders.filter(|feeder| kept.tables.contains(feeder)))
}

/// The identity file with what the chosen products add to it.
fn with_product_identities(file: &ProjectFile, kept: &KeptParts) -> ProjectFile {
    let products: BTreeSet<&str> =
        kept.sources.iter().map(|name| library::product_of(name)).collect();
    let added = products.into_iter().filter_map(library::identity_of);
    let added: String = added.map(|file| file.text + "\n").collect();
    // Keys of the anchor stand below the anchor, before the tables.
    let tables_start = file.text.find("[[tables]]").unwrap_or(file.text.len());
    let (anchor, tables) = file.text.split_at(tables_start);
    ProjectFile::new(file.path.clone(), format!("{anchor}{added}{tables}"))
}

/// The report with the groups of all presets, below its own; those of metrics that are not kept go with their lines.
fn with_preset_groups(file: &ProjectFile) -> ProjectFile {
    let added: String = library::preset_groups().map(|file| file.text + "\n").collect();
    let groups_end = file.text.find("[[breakdown]]").unwrap_or(file.text.len());
    let (groups, others) = file.text.split_at(groups_end);
    ProjectFile::new(file.path.clone(), format!("{groups}{added}{others}"))
}
