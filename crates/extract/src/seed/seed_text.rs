//! A seed before it is read.

use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use indexmap::IndexMap;
use scorewright_domain::ProjectFile;

use crate::source::{Column, Dialect};
use crate::typed::data_type;

/// A seed: its text, and what its companion file says of it.
#[derive(Debug, Clone, Copy)]
pub struct SeedText<'a> {
    /// Stem of its files: `seed.<name>` is its table.
    pub name: &'a str,
    /// `pipelines/seeds/<name>.csv`.
    pub csv: &'a ProjectFile,
    /// `pipelines/seeds/<name>.toml`.
    pub companion: &'a ProjectFile,
    /// Columns that name one row.
    pub grain: &'a [String],
    /// Columns by canonical name, in the order of the table.
    pub columns: &'a IndexMap<String, Column>,
    /// How the text is written; commas, semicolons and tabs are told apart when absent.
    pub dialect: Option<&'a Dialect>,
    /// Whether no row is fine.
    pub may_be_empty: bool,
}

/// The columns that a seed has as a table.
pub fn seed_schema(columns: &IndexMap<String, Column>) -> SchemaRef {
    let field = |(name, column): (&String, &Column)| Field::new(name, data_type(column), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

impl SeedText<'_> {
    /// The bytes of a line, from 1, without its end.
    pub(super) fn line(&self, line: u64) -> Range<usize> {
        let start = self.csv.offset(line, 1);
        let length = self.csv.text[start..].lines().next().map_or(0, str::len);
        start..start + length
    }
}
