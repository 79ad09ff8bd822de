//! Whether a model would be made from the same things as in the version before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scorewright_domain::{Built, Fingerprint, TableName};
use scorewright_warehouse::Snapshot;

use crate::model::{Materialization, Model};

/// Hash over everything the model is made from: its files, the day where it asks for it, and all it reads.
pub(super) fn input_hash(model: &Model, as_of: Timestamp, snapshot: &Snapshot) -> String {
    let upstream: BTreeMap<&TableName, &str> =
        model.needs().filter_map(|name| Some((name, stored_hash(snapshot, name)?))).collect();
    let as_of = if model.uses_as_of { as_of.to_string() } else { String::new() };
    let text = format!("{}\0{}\0{as_of}\0{upstream:?}", model.sql.text, model.companion.text);
    Fingerprint::of(text.as_bytes()).to_string()
}

fn stored_hash<'a>(snapshot: &'a Snapshot, name: &TableName) -> Option<&'a str> {
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
