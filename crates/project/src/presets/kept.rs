//! What the chosen sources reach: models whose inputs are kept, metrics whose facts are.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, Layer, ProjectFile, TableName};
use scorewright_kpi::{Metric, read_metrics};
use scorewright_report::LineName;
use scorewright_transform::{Model, Pipeline};

use super::roles::Roles;
use crate::files::below;
use crate::library;

/// The parts of the standard library that are kept so far.
pub(crate) struct KeptParts {
    pub(crate) sources: BTreeSet<String>,
    pub(crate) tables: BTreeSet<TableName>,
    /// Tables kept without rows because something that is kept reads them, each with the role that nothing chosen feeds.
    pub(crate) empty: BTreeMap<TableName, TableName>,
    pub(crate) metrics: BTreeSet<String>,
    /// Models, metrics and reports left out, with what they would need.
    pub(crate) left_out: Vec<(String, String)>,
    pub(crate) roles: Roles,
}

impl KeptParts {
    /// Everything that the named sources reach.
    pub(crate) fn of(names: &[String], files: &[ProjectFile]) -> Result<Self, Vec<Fault>> {
        let landed = |name: &String| {
            ["raw", "quarantine", "history"].map(|layer| TableName::new(layer, name).ok())
        };
        let mut kept = Self {
            sources: names.iter().cloned().collect(),
            tables: names.iter().flat_map(landed).flatten().collect(),
            empty: BTreeMap::new(),
            metrics: BTreeSet::new(),
            left_out: Vec::new(),
            roles: Roles::of(files),
        };
        kept.add_models(files)?;
        kept.add_metrics(files)?;
        Ok(kept)
    }

    /// Whether a table is kept and may have rows.
    pub(crate) fn has_rows(&self, table: &TableName) -> bool {
        self.tables.contains(table) && !self.empty.contains_key(table)
    }

    /// Whether the metric of a line is kept.
    pub(crate) fn has_metric_of(&self, line: &str) -> bool {
        self.metrics.contains(&LineName::new(line).metric)
    }

    /// Adds each model all of whose inputs are kept; the order of the build makes one pass enough.
    fn add_models(&mut self, files: &[ProjectFile]) -> Result<(), Vec<Fault>> {
        let sources = library::sources();
        let landed = |source: &scorewright_extract::Source| {
            let history = source.has_history().then(|| source.history_table());
            [source.raw_table(), source.quarantine_table()].into_iter().chain(history)
        };
        let raw = sources.iter().flat_map(landed).chain(self.tables.iter().cloned()).collect();
        let files: Vec<ProjectFile> = files
            .iter()
            .map(|file| self.roles.over_all_feeders(file))
            .collect::<Result<_, Fault>>()
            .map_err(|fault| vec![fault])?;
        for model in Pipeline::read(&files, &raw)?.models {
            if let Some(feeders) = self.roles.feeders(&model.name).map(<[TableName]>::to_vec) {
                self.add_role(model.name, &feeders);
            } else {
                self.add_model(model);
            }
        }
        Ok(())
    }

    fn add_model(&mut self, model: Model) {
        if let Some(missing) = self.missing(&model) {
            // Of many products each project has few: what the others lack is no news.
            let is_of_chosen = model.reads.iter().any(|table| self.tables.contains(table));
            if self.roles.role_of(&model.name).is_none() {
                let role = self.empty.get(&missing).unwrap_or(&missing);
                self.left_out.push((model.name.to_string(), role.to_string()));
            } else if is_of_chosen {
                let others = model.reads.iter().filter(|table| !self.tables.contains(table));
                let others: Vec<&str> = others.map(TableName::noun).collect();
                self.left_out.push((model.name.to_string(), others.join(" and ")));
            }
            return;
        }
        if let Some(role) = self.role_without_rows(&model) {
            self.empty.insert(model.name.clone(), role);
        }
        self.tables.insert(model.name);
    }

    /// The role for whose sake a model has no rows: none of the tables it reads has any.
    fn role_without_rows(&self, model: &Model) -> Option<TableName> {
        let mut roles = model.reads.iter().map(|table| self.empty.get(table));
        let first = roles.next()??.clone();
        roles.all(|role| role.is_some()).then_some(first)
    }

    /// The first input that keeps a model out.
    ///
    /// A fact whose rows come from a table without any would be a table of nothing; one that only looks into it says less.
    /// A dimension or a staging model may do without rows.
    fn missing(&self, model: &Model) -> Option<TableName> {
        let is_fact = *model.name.layer() == Layer::Fact;
        let is_nothing = |table: &TableName| {
            let has_none = self.empty.contains_key(table) && *table.layer() != Layer::Dim;
            is_fact && has_none && model.driving.contains(table)
        };
        let is_there = |table: &TableName| self.tables.contains(table) && !is_nothing(table);
        model.requires().into_iter().find(|table| !is_there(table)).cloned()
    }

    fn add_role(&mut self, role: TableName, feeders: &[TableName]) {
        if feeders.iter().any(|feeder| self.tables.contains(feeder)) {
            self.tables.insert(role);
        } else if library::without_rows(&path_of(&role)).is_some() {
            self.empty.insert(role.clone(), role.clone());
            self.tables.insert(role);
        } else {
            let feeders: Vec<&str> = feeders.iter().map(TableName::noun).collect();
            self.left_out.push((role.to_string(), feeders.join(" or ")));
        }
    }

    /// Adds each metric whose fact and parts are kept.
    fn add_metrics(&mut self, files: &[ProjectFile]) -> Result<(), Vec<Fault>> {
        let metrics = read_metrics(&below(files, "pipelines/metrics/"));
        let mut waiting: Vec<Metric> = metrics.map_err(|faults| faults.all().to_vec())?;
        loop {
            let before = waiting.len();
            waiting.retain(|metric| !self.add_fed_metric(metric));
            if waiting.len() == before {
                break;
            }
        }
        for metric in waiting {
            let needs =
                metric.fact().map_or_else(|| metric.parts().join(", "), |fact| fact.to_string());
            self.left_out.push((metric.name.clone(), needs));
        }
        Ok(())
    }

    /// Adds a metric if its fact and parts are kept, and says whether they are.
    fn add_fed_metric(&mut self, metric: &Metric) -> bool {
        let is_fed = metric.fact().is_none_or(|fact| self.tables.contains(&fact))
            && metric.parts().iter().all(|part| self.metrics.contains(*part));
        if is_fed {
            self.metrics.insert(metric.name.clone());
        }
        is_fed
    }
}

fn path_of(role: &TableName) -> String {
    format!("pipelines/models/{}/{}.sql", role.layer(), role.noun())
}
