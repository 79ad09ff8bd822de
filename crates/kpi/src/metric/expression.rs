//! A piece of SQL in a metric file, with its position.

use std::ops::Range;

/// What an expression calls the moment that ends the period of a row.
pub(crate) const PERIOD_END: &str = "$period_end";
/// Column of our queries that has it: as long, so that a fault is pointed at where it stands.
pub(crate) const PERIOD_END_COLUMN: &str = "_period_end";

/// Names after a `$` that an expression may have.
const KNOWN: [&str; 2] = ["as_of", "period_end"];

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

    /// The first name after a `$` that no metric knows; what stands in quotes is text.
    pub(crate) fn variable(&self) -> Option<&str> {
        let outside = self.text.split('\'').step_by(2);
        let names = outside.flat_map(|sql| sql.split('$').skip(1)).map(word);
        names.into_iter().find(|name| !name.is_empty() && !KNOWN.contains(name))
    }

    /// Whether it asks for the end of the period of a row.
    pub(crate) fn uses_period_end(&self) -> bool {
        self.text.contains(PERIOD_END)
    }
}

/// The letters, digits and underscores that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}
