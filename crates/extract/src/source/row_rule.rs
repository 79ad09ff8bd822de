//! What must hold between the values of one row.

use serde::Deserialize;

use super::written::{Bound, Names};

/// One entry of `[[rules]]`: exactly one of `compare`, `range` and `required`.
///
/// A row that breaks it goes to quarantine, and `name` is the reason. Where a value that it asks for is missing, it holds;
/// only `required` asks for a value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// The reason as quarantine and books state it.
    pub name: String,
    /// Which rows it is about; all when absent.
    #[serde(default)]
    pub when: Option<RuleSubject>,
    /// Two columns with what must hold between them: `["closed_at", ">=", "opened_at"]`.
    #[serde(default)]
    pub compare: Option<[String; 3]>,
    /// A column and the bounds of its values.
    #[serde(default)]
    pub range: Option<RuleRange>,
    /// A column that must have a value.
    #[serde(default)]
    pub required: Option<String>,
}

/// The rows that a rule is about: those whose column is one of the texts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSubject {
    /// A column of texts.
    pub column: String,
    /// Texts, after `map`.
    pub is: Names,
}

/// The bounds of a column's values; `min` and `max` are within.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRange {
    /// A column of numbers or times.
    pub column: String,
    /// Smallest value.
    #[serde(default)]
    pub min: Option<Bound>,
    /// Largest value.
    #[serde(default)]
    pub max: Option<Bound>,
}

/// What holds between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueComparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl ValueComparison {
    /// As it is written, in the order of the reference.
    pub(crate) const SIGNS: [&str; 6] = ["<", "<=", "=", "!=", ">=", ">"];

    /// The comparison of a sign; `None` for any other text.
    pub(crate) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">=" => Self::GreaterOrEqual,
            ">" => Self::Greater,
            _ => return None,
        })
    }

    /// Whether it asks which of two values comes first.
    pub(crate) fn is_of_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it holds between two values.
    pub(crate) fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::GreaterOrEqual => left >= right,
            Self::Greater => left > right,
        }
    }
}
