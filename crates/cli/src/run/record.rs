//! What is known of each run: written when it starts, replaced when it ends.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Books, Event, Listener as _, Receipt};
use scorewright_durable::{Readers, replace_file};
use scorewright_project::Folders;
use scorewright_warehouse::{Snapshot, Warehouse};
use serde::{Deserialize, Serialize};

use super::record_name::{record_files, record_name, sequence_of};
use crate::clock;
use crate::console::Console;
use crate::console::step_times::StepTime;
use crate::exit::{ExitStatus, Failure};

/// How far a run got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RunState {
    /// It began. Without a lock that is held, it was interrupted.
    #[default]
    Started,
    /// It came to an end, whichever.
    Ended,
    /// A later run found that it never came to an end.
    Interrupted,
}

/// One run: `out/runs/run-<sequence>-<start>.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    /// Which run of the project it is, from 1, whatever the clock said; 0 of runs that were not counted yet.
    #[serde(default)]
    pub(crate) sequence: u64,
    /// How far it got.
    #[serde(default)]
    pub(crate) state: RunState,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// When it ended; of an interrupted run, when that was found.
    pub(crate) finished_at: Option<Timestamp>,
    /// Day it was made for.
    pub(crate) as_of: Date,
    /// Name of the run, as its version and its pages have it.
    #[serde(default)]
    pub(crate) run: Option<String>,
    /// How it ended.
    pub(crate) status: Option<u8>,
    /// Why it ended so: the messages, without their places; `refused: …` for each extract that it published without.
    #[serde(default)]
    pub(crate) reasons: Vec<String>,
    /// Version it published, or was about to.
    pub(crate) version: Option<u64>,
    /// Books of all sources together.
    pub(crate) books: Books,
    /// Deliveries.
    pub(crate) receipts: Vec<Receipt>,
    /// How long its steps took.
    #[serde(default)]
    pub(crate) steps: Vec<StepTime>,
}

impl RunRecord {
    /// A run that starts now, after all that have a record. The caller holds the lock.
    pub(crate) fn start(as_of: Date, folders: &Folders) -> Self {
        let last = record_files(&folders.out("runs")).pop();
        Self {
            sequence: last.map_or(0, |path| sequence_of(&path)) + 1,
            state: RunState::Started,
            started_at: clock::now(),
            finished_at: None,
            as_of,
            run: None,
            status: None,
            reasons: Vec::new(),
            version: None,
            books: Books::default(),
            receipts: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Says which version it is about to publish, under which name.
    pub(crate) fn commits(&mut self, run: &str, version: u64, books: Books) {
        self.run = Some(run.into());
        self.version = Some(version);
        self.books = books;
    }

    /// Writes it, in place of the former one. That it cannot be written is told and stops nothing.
    pub(crate) fn write(&self, folders: &Folders, console: &Console) {
        let text = serde_json::to_string_pretty(self).expect("a run record is plain data");
        if let Err(bad) = replace_file(&self.path(folders), text.as_bytes(), Readers::Owner) {
            let message = format!("the record of the run cannot be written: {}", bad.in_full());
            console.on_event(Event::Noticed { message });
        }
    }

    /// Writes how it ended.
    pub(crate) fn finish(
        mut self,
        ended: &Result<ExitStatus, Failure>,
        folders: &Folders,
        console: &Console,
    ) {
        self.state = RunState::Ended;
        self.finished_at = Some(clock::now());
        self.steps = console.step_times();
        self.status = Some(match ended {
            Ok(status) => *status as u8,
            Err(failure) => failure.status as u8,
        });
        if let Err(failure) = ended {
            self.reasons.extend(failure.reports.iter().map(ToString::to_string));
        }
        self.write(folders, console);
    }

    /// Closes the last run if it never came to an end. The caller holds the lock, or found it free.
    pub(crate) fn close_interrupted(folders: &Folders, console: &Console) {
        let Some(mut last) = Self::newest(folders).filter(Self::is_open) else { return };
        last.state = RunState::Interrupted;
        last.finished_at = Some(clock::now());
        last.version = last.published(&folders.warehouse());
        last.write(folders, console);
    }

    /// Whether it has not come to an end.
    pub(crate) fn is_open(&self) -> bool {
        self.state == RunState::Started && self.finished_at.is_none()
    }

    /// The version it published: the one it was about to, if that was made by it.
    pub(crate) fn published(&self, warehouse: &Warehouse) -> Option<u64> {
        let snapshot = warehouse.version(self.version?).ok()?;
        (Some(&snapshot.run) == self.run.as_ref()).then_some(snapshot.number)
    }

    /// Its name in the log and among the records.
    pub(crate) fn name(&self) -> String {
        record_name(self.sequence, self.started_at)
    }

    /// The last moment that it knows of.
    pub(crate) fn last_at(&self) -> Timestamp {
        self.finished_at.map_or(self.started_at, |at| at.max(self.started_at))
    }

    fn path(&self, folders: &Folders) -> PathBuf {
        folders.out("runs").join(format!("{}.json", self.name()))
    }

    /// The record of the last run of those that can be read, whatever the clock said.
    pub(crate) fn newest(folders: &Folders) -> Option<Self> {
        record_files(&folders.out("runs")).iter().rev().find_map(|path| Self::read(path))
    }

    /// The records of all runs that can be read, the oldest first.
    pub(crate) fn all(folders: &Folders) -> Vec<Self> {
        record_files(&folders.out("runs")).iter().filter_map(|path| Self::read(path)).collect()
    }

    /// The files of all records, the oldest first, each with its record where that can be read.
    pub(crate) fn files(folders: &Folders) -> Vec<(PathBuf, Option<Self>)> {
        let files = record_files(&folders.out("runs")).into_iter();
        files.map(|path| (path.clone(), Self::read(&path))).collect()
    }

    fn read(path: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
    }
}

/// The books of all extracts of a version together.
pub(crate) fn total_books(snapshot: &Snapshot) -> Books {
    let mut books = Books::default();
    snapshot.landings.iter().for_each(|landing| books.add(&landing.books));
    books
}
