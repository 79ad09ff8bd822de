//! How much of a period is known to have been delivered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much of a period the sources of a metric have delivered. A row of `kpi.coverage`; a part of `kpi.standing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Whether the period can be judged.
    pub state: CoverageState,
    /// Up to when all sources are known to have delivered everything; `None` where one does not say.
    pub until: Option<Timestamp>,
    /// The sources that do not reach the end of the period, or of which it is not known; by name.
    pub sources: Vec<String>,
}

impl Coverage {
    /// Everything is there.
    pub fn whole() -> Self {
        Self { state: CoverageState::Covered, until: None, sources: Vec::new() }
    }
}

/// Whether everything of a period was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageState {
    /// Every source reaches the end of the period: what is not there did not happen.
    Covered,
    /// A source ends within the period, or one of several before it.
    Partial,
    /// No source has a whole day of the period.
    Missing,
    /// A source does not say how far it reaches.
    Unknown,
}

impl CoverageState {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 4] = [Self::Covered, Self::Partial, Self::Missing, Self::Unknown];

    /// Its name in tables: `covered`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partial => "partial",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a part of the period is known not to have been delivered.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Partial | Self::Missing)
    }
}
