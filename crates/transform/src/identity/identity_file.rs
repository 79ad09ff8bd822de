//! `pipelines/identity.toml` as it is written.

use indexmap::IndexMap;
use scorewright_domain::TableName;
use serde::Deserialize;
use toml::Spanned;

/// Which columns of which tables name a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityFile {
    /// Share of a table's rows that may belong to no known customer before that is a warning.
    #[serde(default)]
    pub(super) tolerate_unmatched: f64,
    /// What a name can be, the best first: a customer without an account is called by the first it has.
    pub(super) kinds: IndexMap<String, KindFile>,
    /// The table whose rows are the customers.
    pub(super) anchor: Option<AnchorFile>,
    /// Tables that name customers.
    #[serde(default)]
    pub(super) tables: Vec<TableFile>,
}

/// One kind of name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    /// What it is; for people.
    #[allow(dead_code, reason = "read by people")]
    pub(super) says: String,
    /// Whether it means the same in every system; other names belong to the system that gave them.
    #[serde(default)]
    pub(super) is_shared: bool,
    /// Values that name no customer: domains of free mail, placeholders.
    #[serde(default)]
    pub(super) never: Vec<String>,
}

/// The table whose rows are the customers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnchorFile {
    pub(super) table: Spanned<TableName>,
    /// System whose records they are.
    pub(super) source: Option<Spanned<String>>,
    /// Column that says so row by row.
    pub(super) source_column: Option<Spanned<String>>,
    /// Kind of its own id.
    pub(super) kind: Spanned<String>,
    /// Column of its own id: the customer id.
    pub(super) id: Spanned<String>,
    /// Column that names the row this one was merged into.
    pub(super) merged_into: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub(super) condition: Option<Spanned<String>>,
    pub(super) since: Option<Spanned<String>>,
    pub(super) until: Option<Spanned<String>>,
    pub(super) tolerate_unmatched: Option<f64>,
    #[serde(default)]
    pub(super) keys: Vec<KeyFile>,
}

/// A table that names customers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) table: Spanned<TableName>,
    /// System whose names it holds.
    pub(super) source: Option<Spanned<String>>,
    /// Column that says so row by row.
    pub(super) source_column: Option<Spanned<String>>,
    /// Rows that count, as SQL.
    #[serde(rename = "where")]
    pub(super) condition: Option<Spanned<String>>,
    /// Column of the moment a row's names are known from.
    pub(super) since: Option<Spanned<String>>,
    /// Column of the moment they end.
    pub(super) until: Option<Spanned<String>>,
    pub(super) tolerate_unmatched: Option<f64>,
    pub(super) keys: Vec<KeyFile>,
}

/// One column that names a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub(super) column: Spanned<String>,
    pub(super) kind: Spanned<String>,
    /// System the name belongs to, where it is not the table's own.
    pub(super) source: Option<Spanned<String>>,
    /// How such a name is known to be the customer's, for people.
    pub(super) method: String,
    /// How surely it names the customer of the row, above 0 to 1.
    pub(super) confidence: Spanned<f64>,
}
