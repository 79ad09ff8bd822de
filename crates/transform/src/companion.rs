//! The companion file of a model.

use indexmap::IndexMap;
use scorewright_domain::TableName;
use serde::Deserialize;

use crate::check::CheckFile;

/// What the companion file promises of a table.
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
    /// The table that unites its rows with those of other products: one of several feeders of `staging.ticket`.
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
