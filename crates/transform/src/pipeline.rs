//! All models of a project, in the order of their build.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::{Parameters, Session, View};

use crate::custom_check::CustomCheck;
use crate::graph::order;
use crate::identity::{self, Part};
use crate::model::{Model, Work};

/// The models and checks of a project.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Models, each behind everything it reads.
    pub models: Vec<Model>,
    /// The project's own checks, run when every model is built.
    pub checks: Vec<CustomCheck>,
}

impl Pipeline {
    /// Reads `models/<layer>/<noun>.{sql,toml}`, `checks/<check>.sql` and `identity.toml`.
    ///
    /// - `files`: the SQL and TOML files below `pipelines`, by path below the project; those of others are passed over.
    /// - `raw`: the tables that sources make.
    ///
    /// # Errors
    ///
    /// All faults found, not only the first.
    pub fn read(files: &[ProjectFile], raw: &BTreeSet<TableName>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let (models, checks) = read_all(files, &mut faults);
        faults.extend(models.iter().filter_map(|model| unheard(model, &models)));
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { models: order(models, raw)?, checks })
    }

    /// Plans every model, its checks and the project's checks against declared columns; runs nothing.
    ///
    /// `session` must know the raw tables; it gets every model as a table without rows.
    ///
    /// # Errors
    ///
    /// All faults of models whose own inputs are sound.
    pub fn plan(&self, session: &Session, as_of: jiff::Timestamp) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        let mut broken: BTreeSet<&TableName> = BTreeSet::new();
        for (position, model) in self.models.iter().enumerate() {
            if model.needs().any(|table| broken.contains(table)) {
                broken.insert(&model.name);
            } else if let Err(fault) = plan_model(model, session, as_of, position) {
                broken.insert(&model.name);
                faults.push(fault);
            }
        }
        let parameters = Parameters::new().timestamp("as_of", as_of);
        let is_sound =
            |check: &&CustomCheck| !check.reads.iter().any(|table| broken.contains(table));
        for check in self.checks.iter().filter(is_sound) {
            let planned = session.columns_of(&check.sql.text, &parameters);
            faults.extend(planned.err().map(|fault| fault.in_file(&check.sql)));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn plan_model(
    model: &Model,
    session: &Session,
    as_of: jiff::Timestamp,
    order: usize,
) -> Result<(), Fault> {
    if let Work::Identity(identity, part) = &model.work {
        // The tables of one file have its faults in common; one of them says so.
        if *part == Part::Map {
            identity::plan(identity, session, as_of)?;
        }
        let declared = session.declare(&model.name, part.schema());
        return declared.map_err(|error| model.sql.fault(None, error.to_string()));
    }
    let view = View { sql: model.sql.text.clone(), as_of, order, input_hash: String::new() };
    session.declare_view(&model.name, &view).map_err(|fault| fault.in_file(&model.sql))?;
    for check in &model.checks {
        let planned = session.columns_of(&check.counting_sql(&model.name), &Parameters::new());
        planned.map_err(|fault| {
            let column = check.columns.first().map_or("", String::as_str);
            let shown = model.companion.fault(model.companion.find(column), fault.message);
            shown.help(format!(
                "the check {} cannot run: {}",
                check.title,
                fault.help.unwrap_or_default()
            ))
        })?;
    }
    Ok(())
}

fn read_all(files: &[ProjectFile], faults: &mut Vec<Fault>) -> (Vec<Model>, Vec<CustomCheck>) {
    let by_path: BTreeMap<&str, &ProjectFile> =
        files.iter().map(|file| (file.path.as_str(), file)).collect();
    let (mut models, mut checks) = (Vec::new(), Vec::new());
    for (path, file) in &by_path {
        if *path == "pipelines/identity.toml" {
            match Model::of_identity(file) {
                Ok(made) => models.extend(made),
                Err(fault) => faults.push(fault),
            }
        } else if let Some(name) =
            path.strip_prefix("pipelines/checks/").and_then(|name| name.strip_suffix(".sql"))
        {
            collect(CustomCheck::read(name.into(), (*file).clone()), &mut checks, faults);
        } else if let Some(name) =
            path.strip_prefix("pipelines/models/").and_then(|name| name.strip_suffix(".sql"))
        {
            collect(read_model(name, file, &by_path), &mut models, faults);
        } else if let Some(stem) =
            path.strip_suffix(".toml").filter(|path| path.starts_with("pipelines/models/"))
            && !by_path.contains_key(format!("{stem}.sql").as_str())
        {
            let fault = file.fault(None, "a companion file without its model");
            faults.push(fault.help(format!("add `{stem}.sql`, or remove this file")));
        }
    }
    (models, checks)
}

/// A model that says it feeds a table which does not read it: its rows would be missing there, unseen.
fn unheard(model: &Model, models: &[Model]) -> Option<Fault> {
    let fed = model.settings.feeds.as_ref()?;
    let reader = models.iter().find(|other| other.name == *fed);
    if reader.is_some_and(|reader| reader.reads.contains(&model.name)) {
        return None;
    }
    let place = model.companion.find(&fed.to_string());
    let fault = model.companion.fault(place, format!("`{fed}` does not read `{}`", model.name));
    let file = format!("pipelines/models/{}/{}.sql", fed.layer(), fed.noun());
    Some(fault.help(format!(
        "add `UNION ALL SELECT … FROM {}` to `{file}`, or leave out `feeds`",
        model.name
    )))
}

fn collect<T>(read: Result<T, Fault>, into: &mut Vec<T>, faults: &mut Vec<Fault>) {
    match read {
        Ok(thing) => into.push(thing),
        Err(fault) => faults.push(fault),
    }
}

fn read_model(
    path: &str,
    sql: &ProjectFile,
    files: &BTreeMap<&str, &ProjectFile>,
) -> Result<Model, Fault> {
    let name = path.split_once('/').and_then(|(layer, noun)| TableName::new(layer, noun).ok());
    let Some(name) = name.filter(|name| name.layer().is_modelled()) else {
        let fault = sql.fault(None, "the path of a model is its table: models/<layer>/<name>.sql");
        return Err(fault.help(
            "lower-case letters, digits and underscores; raw, quarantine and kpi are taken",
        ));
    };
    let companion = format!("pipelines/models/{path}.toml");
    let Some(companion) = files.get(companion.as_str()) else {
        let fault = sql.fault(None, format!("the model `{name}` has no companion file"));
        return Err(fault.help(format!("add `{companion}` with `says` and `grain`")));
    };
    if files.contains_key("pipelines/identity.toml")
        && Part::ALL.iter().any(|part| part.table() == name)
    {
        let fault = sql.fault(None, format!("`{name}` is made by `pipelines/identity.toml`"));
        return Err(fault.help("give the model another name, or remove that file"));
    }
    Model::read(name, sql.clone(), (*companion).clone())
}
