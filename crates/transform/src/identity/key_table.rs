//! The tables that name customers, and the columns that do.

use std::collections::BTreeSet;
use std::ops::Range;

use scorewright_domain::{SqlName, TableName};
use toml::Spanned;

/// A kind of name.
#[derive(Debug, Clone)]
pub(super) struct KeyKind {
    pub(super) name: String,
    /// Whether it means the same in every system.
    pub(super) is_shared: bool,
    /// Values that name no customer.
    pub(super) never: BTreeSet<String>,
}

/// A table and its columns that name customers.
#[derive(Debug, Clone)]
pub(super) struct KeyTable {
    pub(super) name: TableName,
    pub(super) toml_span: Range<usize>,
    /// Whether its rows are the customers; the first key is their id then.
    pub(super) is_anchor: bool,
    /// Whether the second key is the record that a row was merged into.
    pub(super) has_merges: bool,
    pub(super) source: SourceName,
    /// Rows that count, as SQL.
    pub(super) condition: Option<Spanned<String>>,
    pub(super) since: Option<Spanned<String>>,
    pub(super) until: Option<Spanned<String>>,
    /// Share of its rows that may belong to no known customer.
    pub(super) tolerance: f64,
    pub(super) keys: Vec<KeyColumn>,
}

/// The system whose names a table holds.
#[derive(Debug, Clone)]
pub(super) enum SourceName {
    Fixed(String),
    /// As the column says row by row.
    Column(Spanned<String>),
}

/// A column that names customers.
#[derive(Debug, Clone)]
pub(super) struct KeyColumn {
    pub(super) column: Spanned<String>,
    /// Position of its kind.
    pub(super) kind: usize,
    /// System the name belongs to, where it is not the table's own.
    pub(super) source: Option<String>,
    pub(super) confidence: f64,
    /// Position of its method.
    pub(super) method: u16,
}

impl KeyTable {
    /// The table as SQL names it; its noun may be a word of SQL.
    pub(super) fn sql_name(&self) -> String {
        format!("{}.{}", self.name.layer(), SqlName(self.name.noun()))
    }

    /// The column that names the system row by row.
    pub(super) fn source_column(&self) -> Option<&Spanned<String>> {
        if let SourceName::Column(column) = &self.source { Some(column) } else { None }
    }

    /// Every column that its entry names.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Spanned<String>> {
        let keys = self.keys.iter().map(|key| &key.column);
        keys.chain(self.source_column()).chain(&self.since).chain(&self.until)
    }
}
