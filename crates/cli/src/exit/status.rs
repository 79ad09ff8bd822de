//! The exit statuses.

use std::process::ExitCode;

/// What a scheduler needs to know. Documented, stable, tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done, or nothing new to do.
    Done = 0,
    /// A bug: a broken invariant.
    Bug = 1,
    /// Wrong command line or configuration.
    Configuration = 2,
    /// Data refused; nothing published.
    DataRefused = 3,
    /// A source is missing; nothing published.
    SourceMissing = 4,
    /// Published, but a report or mail is outstanding.
    Outstanding = 5,
    /// The disk or another device refused.
    InputOutput = 74,
    /// Another run is active.
    Busy = 75,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}
