//! Columns that become rows.

use serde::Deserialize;

/// Columns of a file that become rows: each record makes one for each of them that has a value.
///
/// A grid of answers, one column for each question, becomes a table of answers, one row for each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpivot {
    /// Names of these columns in the extract; `*` stands for anything. Declared and ignored columns are none of them.
    pub columns: Vec<String>,
    /// Column that takes the name of the column in the extract.
    pub name: String,
    /// Column that takes its value.
    pub value: String,
}
