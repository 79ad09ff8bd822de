//! The name of a check, spelled in one place for who runs it and who looks for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names a check within its table: `not_null(customer_id)`, `checks/tenures_do_not_overlap`.
///
/// ```
/// use scorewright_domain::CheckId;
/// assert_eq!(CheckId::not_null("customer_id").as_str(), "not_null(customer_id)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CheckId(String);

impl CheckId {
    /// Every row has a value in the column.
    pub fn not_null(column: &str) -> Self {
        Self(format!("not_null({column})"))
    }

    /// No two rows share the values of these columns.
    pub fn unique(columns: &[String]) -> Self {
        Self(format!("unique({})", columns.join(", ")))
    }

    /// The column has only listed values.
    pub fn accepted(column: &str) -> Self {
        Self(format!("accepted({column})"))
    }

    /// The column lies between two numbers.
    pub fn range(column: &str) -> Self {
        Self(format!("range({column})"))
    }

    /// Values of the column exist in `target`, a column as `layer.table.column`.
    pub fn reference(column: &str, target: &str) -> Self {
        Self(format!("reference({column} -> {target})"))
    }

    /// The table has as many rows as another.
    pub fn row_balance(other: &str) -> Self {
        Self(format!("row_balance({other})"))
    }

    /// A check of the project's own, by the stem of its file.
    pub fn custom(name: &str) -> Self {
        Self(format!("checks/{name}"))
    }

    /// Each name that a system has for a customer belongs to one customer.
    pub fn one_customer() -> Self {
        Self("one_customer(source_key)".into())
    }

    /// The rows of a system in a table belong to known customers.
    pub fn known_customer(system: &str, table: &str) -> Self {
        Self(format!("known_customer({system} in {table})"))
    }

    /// The name as it was noted.
    pub fn noted(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
