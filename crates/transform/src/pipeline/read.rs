//! The models and checks among the files of a project.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, ProjectFile, TableName};

use super::seeds::SeedTables;
use crate::check::CustomCheck;
use crate::identity::IdentityTable;
use crate::model::Model;

const IDENTITY: &str = "pipelines/identity.toml";
const CHECKS: &str = "pipelines/checks/";
const MODELS: &str = "pipelines/models/";

/// Files by their path below the project.
pub(super) type FilesByPath<'a> = BTreeMap<&'a str, &'a ProjectFile>;

/// What the files of a project say in SQL, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct ProjectSql {
    pub(super) models: Vec<Model>,
    pub(super) checks: Vec<CustomCheck>,
    /// Tables whose files are at fault.
    pub(super) broken: BTreeSet<TableName>,
    pub(super) faults: Vec<Fault>,
}

impl ProjectSql {
    /// Reads every model, check, seed and the identity file, in order of path.
    pub(super) fn read(files: &[ProjectFile]) -> Self {
        let by_path: FilesByPath<'_> =
            files.iter().map(|file| (file.path.as_str(), file)).collect();
        let mut read = Self::default();
        for file in by_path.values() {
            if let Err(fault) = read.read_file(file, &by_path) {
                read.broken.extend(tables_of(&file.path));
                read.faults.push(fault);
            }
        }
        let SeedTables { models, broken, faults } = SeedTables::read(&by_path);
        read.models.extend(models);
        read.broken.extend(broken);
        read.faults.extend(faults);
        read
    }

    fn read_file(&mut self, file: &ProjectFile, files: &FilesByPath<'_>) -> Result<(), Fault> {
        let path = file.path.as_str();
        if path == IDENTITY {
            self.models.extend(Model::of_identity(file)?);
        } else if let Some(name) = stem(path, CHECKS, ".sql") {
            self.checks.push(CustomCheck::read(name.into(), file.clone())?);
        } else if let Some(name) = stem(path, MODELS, ".sql") {
            self.models.push(read_model(name, file, files)?);
        } else if let Some(name) = stem(path, MODELS, ".toml") {
            verify_has_model(name, file, files)?;
        }
        Ok(())
    }
}

/// The tables that a file makes.
fn tables_of(path: &str) -> Vec<TableName> {
    if path == IDENTITY {
        return IdentityTable::ALL.into_iter().map(IdentityTable::name).collect();
    }
    let model = stem(path, MODELS, ".sql").and_then(table_name);
    model.into_iter().collect()
}

fn table_name(path: &str) -> Option<TableName> {
    path.split_once('/').and_then(|(layer, noun)| TableName::new(layer, noun).ok())
}

fn stem<'a>(path: &'a str, folder: &str, ending: &str) -> Option<&'a str> {
    path.strip_prefix(folder)?.strip_suffix(ending)
}

fn read_model(path: &str, sql: &ProjectFile, files: &FilesByPath<'_>) -> Result<Model, Fault> {
    let Some(name) = table_name(path).filter(|name| name.layer().is_modelled()) else {
        let fault = sql.fault(None, "the path of a model is its table: models/<layer>/<name>.sql");
        return Err(fault.help(
            "lower-case letters, digits and underscores; raw, history, quarantine, seed, counted and kpi are taken",
        ));
    };
    let companion = format!("{MODELS}{path}.toml");
    let Some(companion) = files.get(companion.as_str()) else {
        let fault = sql.fault(None, format!("the model `{name}` has no companion file"));
        return Err(fault.help(format!("add `{companion}` with `says` and `grain`")));
    };
    if files.contains_key(IDENTITY) && IdentityTable::ALL.iter().any(|table| table.name() == name) {
        let fault = sql.fault(None, format!("`{name}` is made by `{IDENTITY}`"));
        return Err(fault.help("give the model another name, or remove that file"));
    }
    Model::read(name, sql.clone(), (*companion).clone())
}

fn verify_has_model(
    path: &str,
    companion: &ProjectFile,
    files: &FilesByPath<'_>,
) -> Result<(), Fault> {
    let sql = format!("{MODELS}{path}.sql");
    if files.contains_key(sql.as_str()) {
        return Ok(());
    }
    let fault = companion.fault(None, "a companion file without its model");
    Err(fault.help(format!("add `{sql}`, or remove this file")))
}

/// Models that say they feed a table which does not read them: their rows would be missing there, unseen.
///
/// - `broken`: tables whose files are at fault, so that it is not known what they read.
pub(super) fn unread_feeders(models: &[Model], broken: &BTreeSet<TableName>) -> Vec<Fault> {
    let feeds_sound =
        |model: &&Model| model.settings.feeds.as_ref().is_some_and(|fed| !broken.contains(fed));
    models.iter().filter(feeds_sound).filter_map(|model| unread_feeder(model, models)).collect()
}

fn unread_feeder(model: &Model, models: &[Model]) -> Option<Fault> {
    let (feeder, fed) = (&model.name, model.settings.feeds.as_ref()?);
    if models.iter().any(|other| other.name == *fed && other.reads.contains(feeder)) {
        return None;
    }
    let span = model.companion.find(&fed.to_string());
    let fault = model.companion.fault(span, format!("`{fed}` does not read `{feeder}`"));
    let file = format!("{MODELS}{}/{}.sql", fed.layer(), fed.noun());
    Some(
        fault.help(format!(
            "add `UNION ALL SELECT … FROM {feeder}` to `{file}`, or leave out `feeds`"
        )),
    )
}
