//! What is known of the end of a command before it comes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The code of what exceeds a limit.
pub(super) const LIMIT: &str = "limit";

/// How a command will have ended.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ending {
    /// When its run began, if it is a run, whose end is told whichever it is.
    pub(super) run_began: Option<Instant>,
    /// Whether it failed.
    pub(super) is_failed: bool,
    /// Whether it failed because something exceeds a limit.
    pub(super) exceeds_limit: bool,
    /// The newest version that it found.
    pub(super) found: Option<u64>,
    /// The version that it published.
    pub(super) published: Option<u64>,
}

impl Ending {
    /// Whether the last line says how it ended.
    pub(super) fn is_told(self) -> bool {
        self.is_failed || self.is_run()
    }

    pub(super) fn is_run(self) -> bool {
        self.run_began.is_some()
    }

    /// Why it failed, where that is one of a few words.
    pub(super) fn reason(self) -> Option<&'static str> {
        self.exceeds_limit.then_some(LIMIT)
    }

    /// The newest version when it ended.
    pub(super) fn version(self) -> Option<u64> {
        self.published.or(self.found)
    }

    /// What a run that failed leaves.
    pub(super) fn what_stays(self) -> String {
        match (self.published, self.found) {
            (Some(version), _) => {
                format!("version {version} is published; run again for what it owes")
            }
            (None, Some(version @ 1..)) => format!("nothing published; version {version} stays"),
            (None, _) => "nothing published".into(),
        }
    }
}

/// The ending as far as it is known.
#[derive(Default)]
pub(super) struct EndingSoFar(Mutex<Ending>);

impl EndingSoFar {
    /// What is known now.
    pub(super) fn now(&self) -> Ending {
        *self.lock()
    }

    /// Adds what has become known.
    pub(super) fn change(&self, change: impl FnOnce(&mut Ending)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, Ending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
