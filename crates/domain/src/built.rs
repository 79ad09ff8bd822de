//! What the build of a model produced.

use serde::{Deserialize, Serialize};

use crate::check_outcome::CheckOutcome;
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
