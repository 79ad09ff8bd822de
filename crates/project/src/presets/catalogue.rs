//! The sources to choose from.

use std::collections::BTreeSet;

use scorewright_domain::{ProjectFile, TableName};
use scorewright_warehouse::ModelSql;

use super::roles::{Roles, table_of};
use crate::library;

/// A source of the standard library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Nouns of the roles it feeds, in alphabetical order.
    pub roles: BTreeSet<String>,
}

/// Every source of the standard library.
pub fn catalogue() -> Vec<CatalogueEntry> {
    let files = library::files_with_presets();
    let roles = Roles::of(&files);
    let entry = |source: scorewright_extract::Source| CatalogueEntry {
        roles: roles_fed_by(&source.raw_table(), &files, &roles),
        name: source.name,
        title: source.title,
    };
    library::sources().into_iter().map(entry).collect()
}

/// The roles of the models that read a raw table.
fn roles_fed_by(raw: &TableName, files: &[ProjectFile], roles: &Roles) -> BTreeSet<String> {
    let reads_it = |file: &&ProjectFile| {
        ModelSql::read(&file.text).is_ok_and(|model| model.reads.contains(&raw.to_string()))
    };
    let models = files.iter().filter(reads_it).filter_map(|file| table_of(&file.path, ".sql"));
    models.filter_map(|model| Some(roles.role_of(&model)?.noun().to_owned())).collect()
}
