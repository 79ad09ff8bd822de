//! What is known of each run: written when it starts, replaced when it ends.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Books, Receipt};
use scorewright_durable::{Readers, replace_file};
use scorewright_project::Folders;
use scorewright_warehouse::Snapshot;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::exit::{ExitStatus, Failure};

/// One run: `out/runs/<start>.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// When it ended; a record without it and without a live lock was interrupted.
    pub(crate) finished_at: Option<Timestamp>,
    /// Day it was made for.
    pub(crate) as_of: Date,
    /// How it ended.
    pub(crate) status: Option<u8>,
    /// Version it published.
    pub(crate) version: Option<u64>,
    /// Books of all sources together.
    pub(crate) books: Books,
    /// Deliveries.
    pub(crate) receipts: Vec<Receipt>,
}

impl RunRecord {
    /// A run that starts now.
    pub(crate) fn start(as_of: Date) -> Self {
        Self {
            started_at: clock::now(),
            finished_at: None,
            as_of,
            status: None,
            version: None,
            books: Books::default(),
            receipts: Vec::new(),
        }
    }

    /// Writes it, in place of the former one.
    pub(crate) fn write(&self, folders: &Folders) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).expect("a run record is plain data");
        Ok(replace_file(&self.path(folders), text.as_bytes(), Readers::Anyone)?)
    }

    /// Writes how it ended.
    pub(crate) fn finish(mut self, status: ExitStatus, folders: &Folders) -> Result<(), Failure> {
        self.finished_at = Some(clock::now());
        self.status = Some(status as u8);
        self.write(folders)
    }

    /// Its name in the log and among the records: when it started.
    pub(crate) fn name(&self) -> String {
        self.started_at.strftime("%Y%m%dT%H%M%S.%3fZ").to_string()
    }

    fn path(&self, folders: &Folders) -> PathBuf {
        folders.out("runs").join(format!("{}.json", self.name()))
    }

    /// The newest record, if any can be read.
    pub(crate) fn newest(folders: &Folders) -> Option<Self> {
        let entries = std::fs::read_dir(folders.out("runs")).ok()?;
        let newest = entries.filter_map(|entry| Some(entry.ok()?.path())).max()?;
        serde_json::from_str(&std::fs::read_to_string(newest).ok()?).ok()
    }
}

/// The books of all extracts of a version together.
pub(crate) fn total_books(snapshot: &Snapshot) -> Books {
    let mut books = Books::default();
    snapshot.landings.iter().for_each(|landing| books.add(&landing.books));
    books
}
