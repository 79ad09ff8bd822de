//! What of a project's state this user may not read: nothing is said of it, not even that it is fine.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use scorewright_project::Folders;
use scorewright_warehouse::Lock;
use serde::Serialize;

use crate::reports::delivery_folders;

/// A part of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatePart {
    /// What is to be handed over.
    Outbox,
    /// What was handed over.
    Ledger,
    /// The records of runs.
    Runs,
    /// Whether a run is active.
    Lock,
    /// The extracts.
    Extracts,
}

impl StatePart {
    fn words(self) -> &'static str {
        match self {
            Self::Outbox => "the outbox",
            Self::Ledger => "the ledger",
            Self::Runs => "the runs",
            Self::Lock => "the lock",
            Self::Extracts => "the extracts",
        }
    }
}

/// The parts that this user may not read.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct NotReadable(Vec<StatePart>);

impl NotReadable {
    pub(super) fn of(folders: &Folders) -> Self {
        let delivery = delivery_folders(folders);
        let mut parts = Vec::new();
        for (part, folder) in [
            (StatePart::Outbox, &delivery.outbox),
            (StatePart::Ledger, &delivery.ledger),
            (StatePart::Runs, &folders.out("runs")),
            (StatePart::Extracts, &folders.extracts),
        ] {
            parts.extend(is_closed(folder).then_some(part));
        }
        parts.extend(Lock::is_held(&folders.warehouse()).is_err().then_some(StatePart::Lock));
        Self(parts)
    }

    /// Whether nothing is known of a part.
    pub(super) fn has(&self, part: StatePart) -> bool {
        self.0.contains(&part)
    }

    /// Whether nothing is known of what was delivered, and what was not.
    pub(super) fn has_deliveries(&self) -> bool {
        self.has(StatePart::Outbox) || self.has(StatePart::Ledger)
    }

    /// What says it; nothing where all can be read.
    pub(super) fn in_words(&self) -> Option<String> {
        let words: Vec<&str> = self.0.iter().map(|part| part.words()).collect();
        (!words.is_empty()).then(|| format!("{}: not readable by this user", words.join(", ")))
    }
}

/// Whether there is a folder, or may be, that this user cannot list.
fn is_closed(folder: &Path) -> bool {
    fs::read_dir(folder).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}
