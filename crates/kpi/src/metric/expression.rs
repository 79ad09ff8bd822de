//! A piece of SQL in a metric file, with its position.

use std::ops::Range;

/// What an expression calls the moment that ends the period of a row.
pub(crate) const PERIOD_END: &str = "$period_end";
/// Column of our queries that has it: as long, so that a fault is pointed at where it stands.
pub(crate) const PERIOD_END_COLUMN: &str = "_period_end";

/// A piece of SQL as written under one key of a metric file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The key it stands under: `numerator`.
    pub key: &'static str,
    /// The SQL.
    pub text: String,
    pub(crate) span: Range<usize>,
}

impl Expression {
    pub(crate) fn new(key: &'static str, written: &toml::Spanned<String>) -> Self {
        Self { key, text: written.get_ref().clone(), span: written.span() }
    }

    /// Whether it asks for the end of the period of a row.
    pub(crate) fn uses_period_end(&self) -> bool {
        self.text.contains(PERIOD_END)
    }
}
