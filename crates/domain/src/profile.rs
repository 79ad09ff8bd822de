//! A profile: a way to run a project beside its usual one.

use serde::{Deserialize, Serialize};

/// A profile that a command was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name: `dev` of `[profiles.dev]`.
    pub name: String,
    /// Lines of each extract whose rows are kept, from the first one on; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_lines: Option<u64>,
}

impl Profile {
    /// What it is, for people: `profile dev, a sample: the first 500 lines of each extract`.
    pub fn words(&self) -> String {
        let sample = |lines| format!(", a sample: the first {lines} lines of each extract");
        format!("profile {}{}", self.name, self.sample_lines.map(sample).unwrap_or_default())
    }
}
