//! The order of the build, found from what each model reads.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, Layer, TableName, nearest};

use crate::model::Model;

/// Models behind everything they read, and those that have no place.
#[derive(Default)]
pub(super) struct OrderedModels {
    pub(super) models: Vec<Model>,
    /// Models that read what nothing makes, or each other.
    pub(super) broken: BTreeSet<TableName>,
    /// A fault for each table that no source or model makes, and one for a cycle.
    pub(super) faults: Vec<Fault>,
}

/// Puts models behind everything they read; equals by name, so that the order never depends on the file system.
///
/// - `others`: tables that are made by other means, or would be if their files were not at fault.
pub(super) fn order(models: Vec<Model>, others: &BTreeSet<TableName>) -> OrderedModels {
    let mut waiting: BTreeMap<TableName, Model> =
        models.into_iter().map(|model| (model.name.clone(), model)).collect();
    let mut ordered = OrderedModels::default();
    for model in waiting.values() {
        let unknown = unknown_tables(model, &waiting, others);
        if !unknown.is_empty() {
            ordered.broken.insert(model.name.clone());
            ordered.faults.extend(unknown);
        }
    }
    waiting.retain(|name, _| !ordered.broken.contains(name));
    while !waiting.is_empty() {
        let ready = |model: &&Model| model.needs().all(|table| !waiting.contains_key(table));
        let Some(name) = waiting.values().find(ready).map(|model| model.name.clone()) else {
            ordered.faults.push(cycle(&waiting));
            ordered.broken.extend(waiting.into_keys());
            break;
        };
        ordered.models.extend(waiting.remove(&name));
    }
    ordered
}

fn unknown_tables(
    model: &Model,
    models: &BTreeMap<TableName, Model>,
    raw: &BTreeSet<TableName>,
) -> Vec<Fault> {
    let is_unknown = |table: &&TableName| !models.contains_key(*table) && !raw.contains(*table);
    model.needs().filter(is_unknown).map(|table| unknown_table(model, table, models, raw)).collect()
}

fn unknown_table(
    model: &Model,
    table: &TableName,
    models: &BTreeMap<TableName, Model>,
    raw: &BTreeSet<TableName>,
) -> Fault {
    let known: Vec<String> = models.keys().chain(raw).map(ToString::to_string).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let text = table.to_string();
    let fault = model
        .sql
        .fault(model.sql.find(&text), format!("no source or model makes the table `{table}`"));
    let where_to = match table.layer() {
        Layer::Raw => format!("add the source `pipelines/sources/{}.toml`", table.noun()),
        Layer::Seed => format!("add the seed `pipelines/seeds/{}.csv`", table.noun()),
        Layer::History => {
            format!("set `history = true` in `pipelines/sources/{}.toml`", table.noun())
        }
        layer => format!("add the model `pipelines/models/{layer}/{}.sql`", table.noun()),
    };
    match nearest(&text, &known) {
        Some(near) => fault.help(format!("did you mean `{near}`? otherwise {where_to}")),
        None => fault.help(where_to),
    }
}

/// Names one cycle, by walking from any waiting model to one it waits for until a name returns.
fn cycle(waiting: &BTreeMap<TableName, Model>) -> Fault {
    let mut path: Vec<&TableName> = Vec::new();
    let mut here = waiting.keys().next().expect("a cycle has models");
    while !path.contains(&here) {
        path.push(here);
        here = awaited(&waiting[here], waiting);
    }
    let round: Vec<String> = path
        .iter()
        .skip_while(|name| **name != here)
        .chain([&here])
        .map(|name| format!("`{name}`"))
        .collect();
    let model = &waiting[here];
    let span = model.sql.find(&awaited(model, waiting).to_string());
    let message = format!("models read each other in a circle: {}", round.join(" reads "));
    let fault = model.sql.fault(span, message);
    fault.help("move what both need into a model of its own that reads neither")
}

/// The first table that a waiting model waits for.
fn awaited<'a>(model: &'a Model, waiting: &BTreeMap<TableName, Model>) -> &'a TableName {
    let first = model.needs().find(|table| waiting.contains_key(*table));
    first.expect("a waiting model waits for one")
}
