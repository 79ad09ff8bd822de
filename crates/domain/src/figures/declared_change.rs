//! A declared change of what is asked, or of how: figures before and after it are not compared.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::time::day;

/// A change of a question or of its collection, as a metric file declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredChange {
    /// The first day on which it holds.
    #[serde(deserialize_with = "day::read")]
    pub on: Date,
    /// What changed.
    pub what: ChangedPart,
    /// What it was, and what it is: `Asked from 1 to 7 instead of from 1 to 5`.
    pub says: String,
}

/// What of a question or of its collection changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedPart {
    /// The words of the question.
    Wording,
    /// The answers that can be given.
    Scale,
    /// How people are reached: mail, widget, telephone.
    Channel,
    /// When people are asked.
    SendTime,
    /// The system or the process that the rows come from.
    Source,
}

impl ChangedPart {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 5] =
        [Self::Wording, Self::Scale, Self::Channel, Self::SendTime, Self::Source];

    /// As a page says it: `scale`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wording => "wording",
            Self::Scale => "scale",
            Self::Channel => "channel",
            Self::SendTime => "time of asking",
            Self::Source => "source",
        }
    }
}
