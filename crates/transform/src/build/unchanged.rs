//! Whether a model would be made from the same things as in the version before.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Built, Fingerprint, TableName};
use scorewright_warehouse::Snapshot;

use crate::companion::Materialization;
use crate::model::Model;

/// Hash over everything the model is made from: its files, the day where it asks for it, all it reads, and the zone, the
/// schedules and the variables that its SQL uses.
///
/// The text that is hashed must not change: with another one, a warehouse of an earlier version is made anew.
pub(super) fn input_hash(model: &Model, as_of: Timestamp, snapshot: &Snapshot) -> String {
    input_hash_of(model, as_of, snapshot, |table| stored_hash(snapshot, table))
}

/// The same, where something else says what the tables it needs are made from.
///
/// - `snapshot`: has the zone, the schedules and the variables.
pub(super) fn input_hash_of<'a>(
    model: &Model,
    as_of: Timestamp,
    snapshot: &Snapshot,
    made_from: impl Fn(&TableName) -> Option<&'a str>,
) -> String {
    let needs: BTreeSet<&TableName> = model.needs().collect();
    let upstream = needs.into_iter().filter_map(|name| {
        let (layer, noun, hash) = (name.layer(), name.noun(), made_from(name)?);
        Some(format!("TableName {{ layer: \"{layer}\", noun: \"{noun}\" }}: \"{hash}\""))
    });
    let upstream = upstream.collect::<Vec<_>>().join(", ");
    let as_of = if model.uses_as_of { as_of.to_string() } else { String::new() };
    let (sql, companion) = (&model.sql.text, &model.companion.text);
    let local_time = used_local_time(model, snapshot);
    let variables = used_variables(model, snapshot);
    let text = format!("{sql}\0{companion}\0{as_of}\0{{{upstream}}}{local_time}{variables}");
    Fingerprint::of(text.as_bytes()).to_string()
}

/// The zone and schedules that the SQL of the model depends on; nothing for most of them.
fn used_local_time(model: &Model, snapshot: &Snapshot) -> String {
    let used = snapshot.local_time.as_ref().and_then(|time| time.used_by(&model.local_time));
    used.map_or_else(String::new, |used| format!("\0{used}"))
}

/// The variables that the SQL of the model names; nothing for most of them.
fn used_variables(model: &Model, snapshot: &Snapshot) -> String {
    let used = snapshot.variables.used_by(&model.parameters);
    used.map_or_else(String::new, |used| format!("\0variables\0{used}"))
}

/// Hash over what a table or a view of a version is made from.
pub(super) fn stored_hash<'a>(snapshot: &'a Snapshot, name: &TableName) -> Option<&'a str> {
    let table = snapshot.tables.get(name).map(|table| table.input_hash.as_str());
    table.or_else(|| snapshot.views.get(name).map(|view| view.input_hash.as_str()))
}

/// What the newest commit says of the model, if it was made from the same things.
pub(super) fn unchanged(model: &Model, input_hash: &str, snapshot: &Snapshot) -> Option<Built> {
    let stored = match model.settings.materialization {
        Materialization::Table => &snapshot.tables.get(&model.name)?.input_hash,
        Materialization::View => &snapshot.views.get(&model.name)?.input_hash,
    };
    let before = snapshot.built.iter().find(|built| built.table == model.name)?;
    (stored == input_hash).then(|| Built { is_unchanged: true, ..before.clone() })
}
