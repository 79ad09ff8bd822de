//! What the build of a model produced.

use serde::{Deserialize, Serialize};

use crate::names::check_id::CheckId;
use crate::names::table_name::TableName;

/// A model that was built, or reused from the version before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// The table the model describes.
    pub table: TableName,
    /// Columns that name one row.
    pub grain: Vec<String>,
    /// Tables the model reads.
    pub upstream: Vec<TableName>,
    /// Rows in the table.
    pub rows: u64,
    /// Whether the table of the version before was reused because nothing it reads changed.
    pub is_unchanged: bool,
    /// One outcome for each check.
    pub checks: Vec<CheckOutcome>,
}

/// One check on one table.
///
/// A check that looked at no rows of a table that has rows is a fault of the check, never a pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// What was asked: `not_null(customer_id)`.
    pub check: CheckId,
    /// What a failure means.
    pub severity: Severity,
    /// Rows that offend.
    pub offending: u64,
    /// Rows looked at.
    pub looked_at: u64,
    /// Up to five offending rows, as text, for the message.
    pub samples: Vec<String>,
}

impl CheckOutcome {
    /// Whether no row offends.
    pub fn is_passed(&self) -> bool {
        self.offending == 0
    }
}

/// What a failed check means: nothing is published, or a warning is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is published.
    #[default]
    Error,
    /// Published, with a warning.
    Warn,
}
