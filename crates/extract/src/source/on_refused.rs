//! What becomes of a run when an extract is refused.

use serde::Deserialize;

/// What becomes of a run when an extract of the source is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRefused {
    /// It publishes nothing.
    #[default]
    Stop,
    /// It goes on without the refused file.
    SkipFile,
    /// It goes on without anything new of the source, whose table stays as the version before has it.
    KeepYesterday,
}
