//! What further sources add to a project that stands already.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, ProjectFile, TableName};

use super::entries::without_lines;
use super::fitted::fitted_files;
use super::goals::as_examples;
use super::kept::KeptParts;
use super::merged::{is_shared, merged};
use super::roles::{Roles, table_of};
use super::union::union_over;
use crate::library;

/// Files that further sources add to a project, and those that they change.
pub(crate) struct Extension {
    /// The files, by path below the project.
    pub(crate) files: Vec<ProjectFile>,
    /// Metrics that can be computed now.
    pub(crate) metrics: Vec<String>,
    /// Roles whose SQL is no plain union, so that a person has to add what feeds them.
    pub(crate) by_hand: Vec<TableName>,
}

/// A project's files with those that come to it, as the standard library fits them.
struct FittedProject {
    kept: KeptParts,
    files: Vec<ProjectFile>,
}

impl Extension {
    /// What sources of the standard library, by name, and files of one's own add to the files of a project.
    pub(crate) fn of(
        project: &[ProjectFile],
        presets: &[String],
        own: Vec<ProjectFile>,
    ) -> Result<Self, Vec<Fault>> {
        let before = FittedProject::of(project, &[])?;
        let all: Vec<ProjectFile> = project.iter().cloned().chain(own.iter().cloned()).collect();
        let after = FittedProject::of(&all, presets)?;
        let mut files = own;
        for file in &after.files {
            let is_before = |other: &&ProjectFile| other.path == file.path;
            let (there, standard) =
                (all.iter().find(is_before), before.files.iter().find(is_before));
            match (there, standard) {
                (None, None) => files.push(as_examples(file.clone())),
                // Nobody has changed it since the library wrote it.
                (Some(there), Some(standard)) if there.text == standard.text => {
                    files.push(as_examples(file.clone()));
                }
                (Some(there), Some(standard)) if is_shared(&file.path) => {
                    files.push(merged(there, standard, file));
                }
                _ => {}
            }
        }
        let (unions, by_hand) = unions(&all, &after);
        files.retain(|file| unions.iter().all(|union| union.path != file.path));
        files.extend(unions);
        files.retain(|file| !project.contains(file));
        let metrics = after.kept.metrics.difference(&before.kept.metrics).cloned().collect();
        Ok(Self { files, metrics, by_hand })
    }
}

impl FittedProject {
    /// The standard library with a project's own sources and staging models, and with sources of the library by name.
    fn of(project: &[ProjectFile], presets: &[String]) -> Result<Self, Vec<Fault>> {
        let library = library::files_with_presets();
        let roles = Roles::of(&library);
        let is_own = |file: &&ProjectFile| {
            let is_staging = file.path.starts_with("pipelines/models/staging/");
            let is_role = table_of(&file.path, ".sql")
                .or_else(|| table_of(&file.path, ".toml"))
                .is_some_and(|table| roles.feeders(&table).is_some());
            file.path.starts_with("pipelines/sources/") || (is_staging && !is_role)
        };
        let own: Vec<ProjectFile> = project.iter().filter(is_own).cloned().collect();
        let paths: BTreeSet<&str> = own.iter().map(|file| file.path.as_str()).collect();
        let mut files: Vec<ProjectFile> =
            library.into_iter().filter(|file| !paths.contains(file.path.as_str())).collect();
        files.extend(own.iter().cloned());
        files.sort_by(|left, right| left.path.cmp(&right.path));
        let names = own.iter().filter_map(|file| {
            file.path.strip_prefix("pipelines/sources/")?.strip_suffix(".toml").map(str::to_owned)
        });
        let names: Vec<String> = names.chain(presets.iter().cloned()).collect();
        let kept = KeptParts::of(&names, &files)?;
        let mut files = fitted_files(&files, &kept).map_err(|fault| vec![fault])?;
        for report in without_lines(&files) {
            files.retain(|file| !file.path.starts_with(&format!("reports/{report}/")));
        }
        Ok(Self { kept, files })
    }
}

/// The SQL of each role over all that feeds it now, and roles that a person has changed beyond that.
fn unions(project: &[ProjectFile], after: &FittedProject) -> (Vec<ProjectFile>, Vec<TableName>) {
    let (mut unions, mut by_hand) = (Vec::new(), Vec::new());
    for file in &after.files {
        let Some(role) = after.kept.roles.sql_of(file) else { continue };
        let Some(there) = project.iter().find(|there| there.path == file.path) else { continue };
        let is_empty =
            library::without_rows(&file.path).is_some_and(|empty| empty.text == there.text);
        let feeders = after.kept.roles.feeders(&role).unwrap_or_default().iter();
        let feeders = feeders.filter(|feeder| after.kept.tables.contains(feeder));
        if after.kept.empty.contains_key(&role) {
            continue;
        }
        match union_over(if is_empty { file } else { there }, feeders) {
            Ok(union) => unions.push(union),
            Err(_) => by_hand.push(role),
        }
    }
    (unions, by_hand)
}
