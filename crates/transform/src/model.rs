//! One model: a SELECT, and what its companion file promises about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::ModelSql;
use serde::Deserialize;

use crate::check::{Check, CheckFile};
use crate::identity::{Identity, Part};

/// `pipelines/models/<layer>/<noun>.sql` and `<noun>.toml`.
#[derive(Debug, Clone)]
pub struct Model {
    /// The table it describes; its path.
    pub name: TableName,
    /// The SELECT.
    pub sql: ProjectFile,
    /// The companion file.
    pub companion: ProjectFile,
    /// What the companion file says.
    pub settings: ModelFile,
    /// Checks of the companion file, the grain's first.
    pub checks: Vec<Check>,
    /// Tables it reads.
    pub reads: BTreeSet<TableName>,
    /// Whether it depends on the day of the run.
    pub uses_as_of: bool,
    /// How its rows are made.
    pub(crate) work: Work,
}

/// How the rows of a table are made.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// By its SELECT.
    Select,
    /// By the identity file; `sql` is that file then.
    Identity(Arc<Identity>, Part),
}

/// The companion file of a model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// What one row is, in one sentence.
    pub says: String,
    /// Columns that name one row; the build proves it.
    pub grain: Vec<String>,
    /// Whether its rows are stored.
    #[serde(default)]
    pub materialization: Materialization,
    /// Whether a table without rows is fine.
    #[serde(default)]
    pub may_be_empty: bool,
    /// The table that gathers its rows with those of other products: one of several feeders of `staging.ticket`.
    #[serde(default)]
    pub feeds: Option<TableName>,
    /// What each column means.
    #[serde(default)]
    pub columns: IndexMap<String, String>,
    /// What must hold of its rows.
    #[serde(default)]
    pub checks: Vec<CheckFile>,
}

/// Whether a model's rows are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Materialization {
    /// Stored as Parquet.
    #[default]
    Table,
    /// Run whenever it is read.
    View,
}

impl Model {
    /// Reads a model from its two files.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub fn read(name: TableName, sql: ProjectFile, companion: ProjectFile) -> Result<Self, Fault> {
        let settings: ModelFile = companion.toml()?;
        if settings.grain.is_empty() {
            let fault = companion.fault(companion.find("grain"), "a model needs a grain");
            return Err(fault.help("name the columns that name one row: grain = [\"ticket_id\"]"));
        }
        let parsed = ModelSql::read(&sql.text).map_err(|fault| fault.in_file(&sql))?;
        let reads =
            parsed.reads.iter().map(|table| read_name(table, &sql)).collect::<Result<_, _>>()?;
        let checks = Check::all(&settings, &companion)?;
        Ok(Self {
            name,
            sql,
            companion,
            settings,
            checks,
            reads,
            uses_as_of: parsed.uses_as_of,
            work: Work::Select,
        })
    }

    /// The tables that the identity file makes.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub(crate) fn of_identity(file: &ProjectFile) -> Result<Vec<Self>, Fault> {
        let identity = Arc::new(Identity::read(file.clone())?);
        let part = |part: Part| {
            let companion = part.companion();
            let settings: ModelFile = companion.toml()?;
            Ok(Self {
                name: part.table(),
                sql: file.clone(),
                checks: Check::all(&settings, &companion)?,
                companion,
                settings,
                reads: identity.reads.clone(),
                uses_as_of: identity.uses_as_of(),
                work: Work::Identity(identity.clone(), part),
            })
        };
        Part::ALL.into_iter().map(part).collect()
    }

    /// Tables without which it is not worth making: those it reads, of the identity file only the anchor.
    pub fn requires(&self) -> Vec<&TableName> {
        match &self.work {
            Work::Select => self.reads.iter().collect(),
            Work::Identity(identity, _) => identity.requires(),
        }
    }

    /// Tables that must be there before it is built and checked: those it reads, and those its checks look into.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &TableName> {
        let looked_into =
            self.checks.iter().filter_map(Check::reads).filter(|table| **table != self.name);
        self.reads.iter().chain(looked_into)
    }
}

/// Reads a table name found in SQL.
pub(crate) fn read_name(table: &str, sql: &ProjectFile) -> Result<TableName, Fault> {
    table.parse().map_err(|bad: scorewright_domain::BadTableName| {
        sql.fault(sql.find(table), bad.to_string())
    })
}
