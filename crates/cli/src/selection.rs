//! The part of the standard library that chosen sources feed.

use std::collections::BTreeSet;

use scorewright_domain::{Layer, ProjectFile, TableName, nearest};
use scorewright_kpi::{Metric, read_metrics};
use scorewright_report::LineName;
use scorewright_transform::{Model, Pipeline};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Table};

use crate::exit::{Failure, faults};
use crate::identity;
use crate::roles::{Roles, allowing_no_rows, gather, table_of};
use crate::standard;

const IDENTITY: &str = "pipelines/identity.toml";

/// Files of a project, and what they leave out of the standard library.
pub(crate) struct Selection {
    /// The files, by path below the project.
    pub(crate) files: Vec<ProjectFile>,
    /// Models and metrics left out, with what they would need.
    pub(crate) left_out: Vec<(String, String)>,
    /// Sources of one product that feed one role: what is in both counts twice.
    pub(crate) doubled: Vec<(TableName, Vec<TableName>)>,
}

impl Selection {
    /// Everything that the named sources feed; what the demo runs when none is named.
    pub(crate) fn of(names: &[String]) -> Result<Self, Failure> {
        if names.is_empty() {
            return Ok(Self {
                files: standard::files(),
                left_out: Vec::new(),
                doubled: Vec::new(),
            });
        }
        check_names(names)?;
        let files = standard::library();
        let mut kept = Kept::new(names, Roles::of(&files));
        kept.models(&files)?;
        kept.metrics(&files)?;
        let mut files: Vec<ProjectFile> =
            files.iter().filter_map(|file| kept.part_of(file)).collect();
        for report in without_lines(&files) {
            files.retain(|file| !file.path.starts_with(&format!("reports/{report}/")));
            kept.left_out.push((format!("reports/{report}"), "a metric".into()));
        }
        let doubled = kept.roles.doubled(|feeder| kept.tables.contains(feeder));
        Ok(Self { files, left_out: kept.left_out, doubled })
    }
}

fn check_names(names: &[String]) -> Result<(), Failure> {
    let sources = standard::sources();
    let known: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let list = known.join(", ");
    let help = nearest(unknown, &known)
        .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? there are: {list}"));
    Err(Failure::usage(format!("the standard library has no source `{unknown}`"), help))
}

fn path_of(role: &TableName) -> String {
    format!("pipelines/models/{}/{}.sql", role.layer(), role.noun())
}

/// Reports that show nothing any more.
fn without_lines(files: &[ProjectFile]) -> Vec<String> {
    let report = |file: &ProjectFile| {
        let name = file.path.strip_prefix("reports/")?.strip_suffix("/report.toml")?;
        let document: DocumentMut = file.text.parse().ok()?;
        document
            .get("group")
            .and_then(|groups| groups.as_array_of_tables())
            .is_none_or(ArrayOfTables::is_empty)
            .then(|| name.to_owned())
    };
    files.iter().filter_map(report).collect()
}

/// What is kept so far.
struct Kept {
    sources: BTreeSet<String>,
    tables: BTreeSet<TableName>,
    /// Tables that nothing chosen feeds, kept without rows because a dimension reads them.
    empty: BTreeSet<TableName>,
    metrics: BTreeSet<String>,
    left_out: Vec<(String, String)>,
    roles: Roles,
}

impl Kept {
    fn new(names: &[String], roles: Roles) -> Self {
        let raw = names.iter().filter_map(|name| TableName::new("raw", name).ok());
        let quarantine = names.iter().filter_map(|name| TableName::new("quarantine", name).ok());
        Self {
            sources: names.iter().cloned().collect(),
            tables: raw.chain(quarantine).collect(),
            empty: BTreeSet::new(),
            metrics: BTreeSet::new(),
            left_out: Vec::new(),
            roles,
        }
    }

    /// Keeps each model all of whose inputs are kept; the order of the build makes one pass enough.
    fn models(&mut self, files: &[ProjectFile]) -> Result<(), Failure> {
        let sources = standard::sources();
        let raw = sources
            .iter()
            .flat_map(|source| [source.raw_table(), source.quarantine_table()])
            .collect();
        let files: Vec<ProjectFile> =
            files.iter().map(|file| self.roles.over_all_feeders(file)).collect();
        for model in Pipeline::read(&files, &raw)?.models {
            if let Some(feeders) = self.roles.feeders(&model.name).map(<[TableName]>::to_vec) {
                self.role(model.name, &feeders);
            } else if let Some(missing) = self.missing(&model) {
                // Of many products each project has few: what the others lack is no news.
                if self.roles.role_of(&model.name).is_none() {
                    self.left_out.push((model.name.to_string(), missing.to_string()));
                }
            } else {
                if !model.reads.is_empty()
                    && model.reads.iter().all(|table| self.empty.contains(table))
                {
                    self.empty.insert(model.name.clone());
                }
                self.tables.insert(model.name);
            }
        }
        Ok(())
    }

    /// The first input that keeps a model out. A dimension may do without rows; a fact would be a table of nothing.
    fn missing(&self, model: &Model) -> Option<TableName> {
        let is_dimension = *model.name.layer() == Layer::Dim;
        let is_there = |table: &TableName| {
            let is_fed =
                !self.empty.contains(table) || is_dimension || *table.layer() == Layer::Dim;
            self.tables.contains(table) && is_fed
        };
        model.requires().into_iter().find(|table| !is_there(table)).cloned()
    }

    fn role(&mut self, role: TableName, feeders: &[TableName]) {
        if feeders.iter().any(|feeder| self.tables.contains(feeder)) {
            self.tables.insert(role);
        } else if standard::without_rows(&path_of(&role)).is_some() {
            self.empty.insert(role.clone());
            self.tables.insert(role);
        } else {
            let feeders: Vec<&str> = feeders.iter().map(TableName::noun).collect();
            self.left_out.push((role.to_string(), feeders.join(" or ")));
        }
    }

    /// Keeps each metric whose fact and parts are kept.
    fn metrics(&mut self, files: &[ProjectFile]) -> Result<(), Failure> {
        let files: Vec<ProjectFile> = files
            .iter()
            .filter(|file| file.path.starts_with("pipelines/metrics/"))
            .cloned()
            .collect();
        let mut waiting: Vec<Metric> = read_metrics(&files).map_err(faults)?;
        loop {
            let before = waiting.len();
            waiting.retain(|metric| {
                let is_fed = metric.fact().is_none_or(|fact| self.tables.contains(&fact))
                    && metric.parts().iter().all(|part| self.metrics.contains(*part));
                if is_fed {
                    self.metrics.insert(metric.name.clone());
                }
                !is_fed
            });
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

    /// The file as the project gets it: whole, cut to what is kept, or not at all.
    fn part_of(&self, file: &ProjectFile) -> Option<ProjectFile> {
        let path = file.path.as_str();
        let stem = |folder: &str, ending: &str| path.strip_prefix(folder)?.strip_suffix(ending);
        let is_kept = if let Some(name) = stem("pipelines/sources/", ".toml") {
            self.sources.contains(name)
        } else if let Some(name) = stem("pipelines/metrics/", ".toml") {
            self.metrics.contains(name)
        } else if let Some(table) = table_of(path, ".sql").or_else(|| table_of(path, ".toml")) {
            self.tables.contains(&table)
        } else if path.starts_with("pipelines/checks/") {
            self.feeds_check(file)
        } else {
            true
        };
        is_kept.then(|| self.cut(&self.known(&self.fitted(file))))
    }

    fn feeds_check(&self, file: &ProjectFile) -> bool {
        let Ok(parsed) = scorewright_warehouse::ModelSql::read(&file.text) else { return false };
        parsed
            .reads
            .iter()
            .all(|table| table.parse().is_ok_and(|table: TableName| self.tables.contains(&table)))
    }

    /// The identity file with what the chosen products add to it.
    fn known(&self, file: &ProjectFile) -> ProjectFile {
        if file.path != IDENTITY {
            return file.clone();
        }
        let products: BTreeSet<&str> =
            self.sources.iter().map(|name| standard::product_of(name)).collect();
        let added = products.into_iter().filter_map(standard::identity_of);
        let added: String = added.map(|file| file.text + "\n").collect();
        // Keys of the anchor stand below the anchor, before the tables.
        let place = file.text.find("[[tables]]").unwrap_or(file.text.len());
        let (anchor, tables) = file.text.split_at(place);
        ProjectFile::new(file.path.clone(), format!("{anchor}{added}{tables}"))
    }

    /// A role over the feeders that are kept; a table that nothing feeds may have no rows.
    fn fitted(&self, file: &ProjectFile) -> ProjectFile {
        if table_of(&file.path, ".toml").is_some_and(|table| self.empty.contains(&table)) {
            return allowing_no_rows(file);
        }
        let Some(role) = self.roles.sql_of(file) else { return file.clone() };
        let feeders = self.roles.feeders(&role).unwrap_or_default().iter();
        if self.empty.contains(&role) {
            standard::without_rows(&file.path).unwrap_or_else(|| file.clone())
        } else {
            gather(file, feeders.filter(|feeder| self.tables.contains(feeder)))
        }
    }

    /// Takes entries about what is left out from lists, keeping comments and order.
    fn cut(&self, file: &ProjectFile) -> ProjectFile {
        let Ok(mut document) = file.text.parse::<DocumentMut>() else { return file.clone() };
        if let Some(checks) =
            document.get_mut("checks").and_then(|item| item.as_array_of_tables_mut())
        {
            checks.retain(|check| self.has_target(check));
            return ProjectFile::new(file.path.clone(), document.to_string());
        }
        if file.path == IDENTITY {
            identity::keep(&mut document, |table| {
                self.tables.contains(table) && !self.empty.contains(table)
            });
            return ProjectFile::new(file.path.clone(), document.to_string());
        }
        let keys: &[&str] = match file.path.as_str() {
            "pipelines/targets.toml" => &["target"],
            "pipelines/benchmarks.toml" => &["benchmark"],
            path if path.ends_with("/report.toml") => &["breakdown"],
            _ => return file.clone(),
        };
        for key in keys {
            if let Some(entries) =
                document.get_mut(key).and_then(|item| item.as_array_of_tables_mut())
            {
                entries.retain(|entry| {
                    entry
                        .get("metric")
                        .and_then(|metric| metric.as_str())
                        .is_some_and(|name| self.has(name))
                });
            }
        }
        if let Some(groups) =
            document.get_mut("group").and_then(|item| item.as_array_of_tables_mut())
        {
            self.cut_groups(groups);
        }
        ProjectFile::new(file.path.clone(), document.to_string())
    }

    /// Whether the table that a `reference` looks into is kept.
    fn has_target(&self, check: &Table) -> bool {
        let target = check
            .get("reference")
            .and_then(|reference| reference.get("to"))
            .and_then(|to| to.as_str());
        let table = target
            .and_then(|target| target.rsplit_once('.'))
            .and_then(|(table, _)| table.parse().ok());
        table.is_none_or(|table: TableName| self.tables.contains(&table))
    }

    fn cut_groups(&self, groups: &mut ArrayOfTables) {
        for group in groups.iter_mut() {
            if let Some(lines) = group.get_mut("lines").and_then(|item| item.as_array_mut()) {
                lines.retain(|line| line.as_str().is_some_and(|name| self.has(name)));
            }
        }
        groups.retain(|group| {
            group
                .get("lines")
                .and_then(|item| item.as_array())
                .is_some_and(|lines: &Array| !lines.is_empty())
        });
    }

    fn has(&self, line: &str) -> bool {
        self.metrics.contains(&LineName::new(line).metric)
    }
}
