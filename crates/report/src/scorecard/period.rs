//! The period that a page, a line or a breakdown is stated for.

use jiff::civil::Date;
use scorewright_domain::{Grain, Period};
use serde::{Deserialize, Serialize};

/// A period with its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedPeriod {
    /// Its short name: `2026-W47`.
    pub label: String,
    /// First day.
    pub from: Date,
    /// First day after it.
    pub until: Date,
    /// Its length.
    pub grain: Grain,
    /// Zone its days are cut in.
    pub time_zone: String,
    /// Heading of a column: `Week 47`.
    pub name: String,
    /// In full: `Week 47, 16–22 November 2026`.
    pub words: String,
    /// How far a sparkline reaches back: `13 weeks`.
    pub history: String,
}

impl StatedPeriod {
    /// The days alone, without their names.
    pub(crate) fn days(&self) -> Period {
        Period { grain: self.grain, from: self.from, until: self.until }
    }
}
