//! A piece of SQL in a metric file, with its position.

use std::ops::Range;

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
}
