//! How far a source has delivered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far the extracts of a source reach on the day of a run, and how far they should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReach {
    /// Name of the source; the stem of its file.
    pub source: String,
    /// Everything before this moment is known to have been delivered; `None` where the source does not say.
    pub until: Option<Timestamp>,
    /// The moment that it should reach by now; `None` where nothing is expected of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl SourceReach {
    /// Whether it ends before what is expected of it.
    pub fn is_overdue(&self) -> bool {
        self.due.is_some_and(|due| self.until.is_none_or(|until| until < due))
    }
}
