//! The customers or teams that a value is stated for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A slice of customers or teams: the total, or one value of one dimension.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Segment {
    /// Name of the dimension, a column of the fact; empty for the total.
    pub dimension: String,
    /// Value of the dimension; empty for the total, `(none)` where the fact has no value.
    pub value: String,
}

impl Segment {
    /// What a missing value of a dimension is called.
    pub const NONE: &'static str = "(none)";

    /// What the values of a dimension are called that a metric does not state by name.
    pub const OTHER: &'static str = "(other)";

    /// What stands for the values of a dimension that has too many of them.
    pub const TOO_MANY: &'static str = "(too many)";

    /// Everybody.
    pub fn total() -> Self {
        Self::default()
    }

    /// One value of a dimension.
    pub fn of(dimension: impl Into<String>, value: impl Into<String>) -> Self {
        Self { dimension: dimension.into(), value: value.into() }
    }

    /// All values of a dimension that has more than are stated.
    pub fn too_many(dimension: impl Into<String>) -> Self {
        Self::of(dimension, Self::TOO_MANY)
    }

    /// Whether this stands for values that are not stated.
    pub fn is_too_many(&self) -> bool {
        self.value == Self::TOO_MANY
    }

    /// Whether this is everybody.
    pub fn is_total(&self) -> bool {
        self.dimension.is_empty()
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_total() {
            out.write_str("all")
        } else {
            write!(out, "{}={}", self.dimension, self.value)
        }
    }
}
