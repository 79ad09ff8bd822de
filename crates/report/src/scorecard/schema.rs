//! The form of `scorecard.json`.

/// Name and version of the form of `scorecard.json`.
pub const SCHEMA: &str = "scorecard/v1";
