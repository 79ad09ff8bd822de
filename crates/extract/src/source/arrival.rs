//! When an extract counts as there.

use jiff::SignedDuration;
use serde::Deserialize;

/// What stands for the name of an extract in the name of its marker.
const FILE: &str = "{file}";

/// The `[arrival]` part of a source: what a file must have before it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// Name of the file beside an extract that says it is whole: `{file}.done`.
    #[serde(default)]
    pub done_marker: Option<String>,
    /// How long an extract must have stayed as it is: `10m`.
    #[serde(default)]
    pub minimum_age: Option<String>,
}

impl Arrival {
    /// What stands before and after the name of an extract in that of its marker.
    pub(crate) fn around(&self) -> Option<(&str, &str)> {
        self.done_marker.as_deref()?.split_once(FILE)
    }

    /// How long an extract must have stayed as it is; `None` when it is not said, or not as a time.
    pub(crate) fn age(&self) -> Option<SignedDuration> {
        self.minimum_age.as_deref()?.parse().ok()
    }
}
