//! Columns of an extract that tell two columns of a role: of an address its domain, and who it is.

use std::collections::BTreeMap;

use scorewright_extract::{Personal, Source};
use toml_edit::{DocumentMut, Item, Table, value};

use super::role_questions::{RoleKind, RoleQuestions};

/// Whether a column of a source may tell something of a type, although it tells other columns of the role.
///
/// - `told`: columns of the role, each with the column of the source that tells it.
pub(super) fn may_share(
    asks: &RoleQuestions,
    told: &BTreeMap<String, String>,
    found: &str,
    kind: RoleKind,
) -> bool {
    let of_address = |kind: RoleKind| matches!(kind, RoleKind::Domain | RoleKind::Person);
    let others = told.iter().filter(|(_, other)| *other == found);
    let others: Vec<Option<RoleKind>> =
        others.map(|(column, _)| asks.columns.get(column).map(|asked| asked.kind)).collect();
    let is_other =
        |other: &Option<RoleKind>| other.is_some_and(|other| of_address(other) && other != kind);
    of_address(kind) && !others.is_empty() && others.iter().all(is_other)
}

/// Columns of the role that say who somebody is and share their column, each with the name of a column of their own.
pub(super) fn copies_of(
    asks: &RoleQuestions,
    told: &BTreeMap<String, String>,
    source: &Source,
) -> BTreeMap<String, String> {
    let is_person = |column: &String| {
        asks.columns.get(column).is_some_and(|asked| asked.kind == RoleKind::Person)
    };
    let is_shared = |(column, found): &(&String, &String)| {
        told.iter().any(|(other, its)| other != *column && its == *found)
    };
    let shared = told.iter().filter(|(column, _)| is_person(column)).filter(is_shared);
    shared.map(|(column, _)| (column.clone(), free_name(column, source))).collect()
}

/// A name that no column of the source has.
fn free_name(wanted: &str, source: &Source) -> String {
    let mut name = wanted.to_owned();
    while source.columns.contains_key(&name) {
        name += "_hash";
    }
    name
}

/// Adds a column `name` that reads what another reads, and keeps who it is as a hash.
pub(super) fn add_hashed(document: &mut DocumentMut, source: &Source, found: &str, name: &str) {
    let Some(columns) = document.get_mut("columns").and_then(Item::as_table_mut) else { return };
    let of_found = |key: &str| columns.get(found).and_then(|column| column.get(key)).cloned();
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n# The same column again: who it is, kept as a hash.\n");
    table["from"] = of_found("from").unwrap_or_else(|| value(found));
    table["type"] = value("text");
    table["personal"] = value(hash_of(source.columns[found].personal));
    if let Some(optional) = of_found("optional") {
        table["optional"] = optional;
    }
    columns.insert(name, Item::Table(table));
}

/// How a column keeps who somebody is, by what it was drafted with: addresses are drafted as hashed.
pub(super) fn hash_of(drafted: Personal) -> &'static str {
    match drafted {
        Personal::Hash | Personal::HashAddress => "hash_address",
        Personal::Keep | Personal::Domain | Personal::Drop => "hash",
    }
}
