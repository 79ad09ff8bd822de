//! Which of two files was delivered later.

use serde::Deserialize;

/// How it is known which of two files, or of two rows of a key, was delivered later.
///
/// Neither the path nor the alphabet says so: `x (1).csv` comes after `x.csv`, and `_10` after `_9`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivered {
    /// The one that a later run saw first; the books keep which run that was.
    #[default]
    FirstSeen,
    /// The one whose numbers, found in its path by the groups of a regular expression, are larger. Groups named `year`,
    /// `month` and `day` come first, in this order.
    Name(String),
    /// The row with the later time, or the larger number, in this column.
    Column(String),
}
