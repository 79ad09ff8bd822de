//! `pipelines/identity.toml` as it is written.

use indexmap::IndexMap;
use scorewright_domain::TableName;
use serde::Deserialize;
use toml::Spanned;

/// Which columns of which tables name a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityFile {
    /// Share of a table's rows that may belong to no known customer before it is a warning.
    #[serde(default)]
    pub(crate) tolerate_unmatched: f64,
    /// What a name can be, the best first: a customer nobody knows is called by the first it has.
    pub(crate) kinds: IndexMap<String, KindFile>,
    /// The table whose rows are the customers.
    pub(crate) anchor: Option<AnchorFile>,
    /// Tables that name customers.
    #[serde(default)]
    pub(crate) tables: Vec<TableFile>,
}

/// One kind of name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindFile {
    /// What it is; for people.
    #[allow(dead_code, reason = "read by people")]
    pub(crate) says: String,
    /// Whether it means the same in every system; other names belong to the system that gave them.
    #[serde(default)]
    pub(crate) is_shared: bool,
    /// Values that name nobody: domains of free mail, placeholders.
    #[serde(default)]
    pub(crate) never: Vec<String>,
}

/// The table whose rows are the customers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnchorFile {
    pub(crate) table: Spanned<TableName>,
    /// System whose records they are.
    pub(crate) source: Option<Spanned<String>>,
    /// Column that says so row by row.
    pub(crate) source_column: Option<Spanned<String>>,
    /// Kind of its own id.
    pub(crate) kind: Spanned<String>,
    /// Column of its own id: the customer id.
    pub(crate) id: Spanned<String>,
    /// Column that names the row this one was merged into.
    pub(crate) merged_into: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub(crate) condition: Option<Spanned<String>>,
    pub(crate) since: Option<Spanned<String>>,
    pub(crate) until: Option<Spanned<String>>,
    pub(crate) tolerate_unmatched: Option<f64>,
    #[serde(default)]
    pub(crate) keys: Vec<KeyFile>,
}

/// A table that names customers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile {
    pub(crate) table: Spanned<TableName>,
    /// System whose names it holds.
    pub(crate) source: Option<Spanned<String>>,
    /// Column that says so row by row.
    pub(crate) source_column: Option<Spanned<String>>,
    /// Rows that count, as SQL.
    #[serde(rename = "where")]
    pub(crate) condition: Option<Spanned<String>>,
    /// Column of the moment a row's names are known from.
    pub(crate) since: Option<Spanned<String>>,
    /// Column of the moment they end.
    pub(crate) until: Option<Spanned<String>>,
    pub(crate) tolerate_unmatched: Option<f64>,
    pub(crate) keys: Vec<KeyFile>,
}

/// One column that names a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    pub(crate) column: Spanned<String>,
    pub(crate) kind: Spanned<String>,
    /// System the name belongs to, where it is not the table's own.
    pub(crate) source: Option<Spanned<String>>,
    /// How such a name is known to be the customer's, for people.
    pub(crate) method: String,
    /// How surely it names the customer of the row, above 0 to 1.
    pub(crate) confidence: Spanned<f64>,
}
