//! What a run is told to make, and whether all else can stay as it is.

use std::collections::BTreeSet;

use scorewright_domain::TableName;
use scorewright_project::Project;
use scorewright_transform::{Materialization, Model, RunSelection};
use scorewright_warehouse::Snapshot;

use super::damaged_tables::TakenOut;
use crate::exit::Failure;

/// What words select; `None` where there are none.
pub(crate) fn selection(
    project: &Project,
    words: &[String],
) -> Result<Option<RunSelection>, Failure> {
    if words.is_empty() {
        return Ok(None);
    }
    let sources: Vec<&str> = project.sources.iter().map(|source| source.name.as_str()).collect();
    project.pipeline.select(words, &sources).map(Some).map_err(|unknown| {
        let models = project.pipeline.models.iter().map(|model| model.name.to_string());
        let known: Vec<String> = models.chain(sources.iter().map(ToString::to_string)).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        Failure::unknown("model or source", &unknown, &known)
    })
}

/// Refuses a selection where something else cannot stay: it is damaged, or no version has it.
pub(super) fn check_selection(
    project: &Project,
    selection: &RunSelection,
    taken_out: &TakenOut,
    newest: &Snapshot,
) -> Result<(), Failure> {
    let made: BTreeSet<&TableName> = newest.built.iter().map(|built| &built.table).collect();
    let stays = |model: &&Model| {
        model.settings.materialization == Materialization::Table
            && !selection.models.contains(&model.name)
    };
    let is_there =
        |model: &Model| made.contains(&model.name) && newest.tables.contains_key(&model.name);
    let models = project.pipeline.models.iter().filter(stays);
    let missing =
        models.map(|model| (&model.name, is_there(model))).find(|(_, is_there)| !is_there);
    let what = match missing {
        Some((table, _)) => format!("no version has `{table}`, which is not selected"),
        None if taken_out.is_empty() => return Ok(()),
        None => "a file of a table is missing or cut off".to_owned(),
    };
    Err(Failure::usage(what, "run without `--select` first: what is not selected stays as it is"))
}
