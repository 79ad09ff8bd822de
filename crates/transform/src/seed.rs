//! A seed: a small CSV file of the project, and what its companion file says of it.

use indexmap::IndexMap;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_extract::{Column, Dialect, SeedText};
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use serde::Deserialize;

use crate::check::CheckFile;
use crate::companion::{Materialization, ModelFile};

/// `pipelines/seeds/<name>.toml`, the companion file of `<name>.csv`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    /// What one row is, in one sentence.
    says: String,
    /// Columns that name one row.
    grain: Vec<String>,
    /// Whether no row is fine.
    #[serde(default)]
    may_be_empty: bool,
    /// How the CSV file is written.
    #[serde(default)]
    csv: Option<Dialect>,
    /// Columns by canonical name, in the order of the table.
    columns: IndexMap<String, Column>,
    /// What must hold of its rows.
    #[serde(default)]
    checks: Vec<CheckFile>,
}

/// The rows of a seed, and what is promised of its table.
pub(crate) struct Seed {
    pub(crate) settings: ModelFile,
    pub(crate) rows: RecordBatch,
}

impl Seed {
    /// Reads both files.
    ///
    /// # Errors
    ///
    /// Every fault, each at its line.
    pub(crate) fn read(
        name: &str,
        csv: &ProjectFile,
        companion: &ProjectFile,
    ) -> Result<Self, Vec<Fault>> {
        let file: SeedFile = companion.toml().map_err(|fault| vec![fault])?;
        let text = SeedText {
            name,
            csv,
            companion,
            grain: &file.grain,
            columns: &file.columns,
            dialect: file.csv.as_ref(),
            may_be_empty: file.may_be_empty,
        };
        let rows = text.read()?;
        let settings = ModelFile {
            says: file.says,
            grain: file.grain,
            materialization: Materialization::Table,
            may_be_empty: file.may_be_empty,
            feeds: None,
            columns: IndexMap::new(),
            checks: file.checks,
        };
        Ok(Self { settings, rows })
    }
}
