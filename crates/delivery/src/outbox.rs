//! The folder that remembers what was handed over.
//!
//! ```text
//! outbox/<key>.json                  one small file for each entry
//! outbox/frozen/<key>-<hash>/        its contents, until they are accepted
//! outbox/damaged/<key>.json          files that could not be read, set aside
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use scorewright_domain::{Document, Fingerprint};
use scorewright_durable::{
    DurableError, Readers, create_folder, failed, folder_names, is_staged, move_file, remove_file,
    remove_folder, replace_file, sync_folder,
};

use crate::document_folder;
use crate::entry::{Entry, Label, Piece, State};
use crate::{Issue, Route};

/// What was handed over, and what still has to be.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    entries: BTreeMap<String, Entry>,
    damaged: Vec<String>,
}

impl Outbox {
    /// Reads it and changes nothing; a folder that is not there is an empty outbox.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read. A damaged entry is not an error: see [`Outbox::damaged`].
    pub fn read(folder: &Path) -> Result<Self, DurableError> {
        let mut outbox =
            Self { folder: folder.into(), entries: BTreeMap::new(), damaged: Vec::new() };
        outbox.damaged = folder_names(&outbox.damaged_folder())?;
        for name in folder_names(folder)? {
            let Some(key) = name.strip_suffix(".json").filter(|_| !is_staged(&name)) else {
                continue;
            };
            let path = folder.join(&name);
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            match Entry::from_file(&bytes).filter(|entry| entry.label.key == key) {
                Some(entry) => drop(outbox.entries.insert(key.into(), entry)),
                None if outbox.damaged.contains(&name) => {}
                None => outbox.damaged.push(name),
            }
        }
        Ok(outbox)
    }

    /// Reads it to work with it: sets damaged entries aside and clears what a killed run left.
    pub(crate) fn open(folder: &Path) -> Result<Self, DurableError> {
        let outbox = Self::read(folder)?;
        create_folder(folder, Readers::Owner)?;
        create_folder(&outbox.frozen_folder(), Readers::Owner)?;
        for name in outbox.damaged.iter().filter(|name| folder.join(name).exists()) {
            outbox.set_aside(name)?;
        }
        outbox.clear_frozen()?;
        Ok(outbox)
    }

    /// All entries, in the order of report, period, revision, route and destination.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| {
            let Label { report, period, revision, route, destination, .. } = &entry.label;
            (report, period, revision, route, destination)
        });
        entries
    }

    /// Entries that could not be read, by file name.
    ///
    /// Whether they had been delivered is unknown. They stay in `damaged/` and are named again by
    /// each call until somebody removes them.
    pub fn damaged(&self) -> &[String] {
        &self.damaged
    }

    /// The revision an issue with these figures is: that of its last one when the figures are the
    /// same, else the next. The first is 1.
    pub fn revision(&self, report: &str, period: &str, figures: &str) -> u32 {
        let figures = Fingerprint::of(figures.as_bytes());
        // Nobody has seen what is only rendered, so nothing has to be corrected.
        let of_issue = |entry: &&Entry| {
            entry.label.report == report
                && entry.label.period == period
                && entry.state != State::Rendered
        };
        let last = self.entries.values().filter(of_issue).max_by_key(|entry| entry.label.revision);
        last.map_or(1, |last| last.label.revision + u32::from(last.figures != figures))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Whether a damaged entry of this key was set aside, so that it may have been delivered.
    pub(crate) fn is_damaged(&self, key: &str) -> bool {
        self.damaged.contains(&format!("{key}.json"))
    }

    /// The label of one delivery, with what its destination has had before.
    pub(crate) fn label(
        &self,
        issue: &Issue,
        revision: u32,
        route: &dyn Route,
        destination: &str,
    ) -> Label {
        let period = issue.period.label();
        let label = Label::new(&issue.report, &period, revision, route.name(), destination);
        let replaces = match self.get(&label.key) {
            Some(entry) if entry.state == State::Accepted => Some(revision),
            Some(entry) if entry.may_be_seen() => entry.label.replaces,
            _ => self.last_before(&label),
        };
        Label { replaces, ..label }
    }

    fn last_before(&self, label: &Label) -> Option<u32> {
        let is_before = |entry: &&Entry| {
            let other = &entry.label;
            other.revision < label.revision
                && (&other.report, &other.period) == (&label.report, &label.period)
                && (&other.route, &other.destination) == (&label.route, &label.destination)
                && entry.may_be_seen()
        };
        self.entries.values().filter(is_before).map(|entry| entry.label.revision).max()
    }

    /// Keeps an entry and its contents. From here on it can be handed over without its issue.
    pub(crate) fn add(
        &mut self,
        mut entry: Entry,
        contents: &[Document],
    ) -> Result<(), DurableError> {
        entry.contents = contents.iter().map(Piece::of).collect();
        let path = self.frozen_folder().join(entry.frozen_name());
        if !document_folder::holds(&path, contents)? {
            document_folder::write(&path, contents, Readers::Owner)?;
        }
        self.put(entry)
    }

    /// Writes an entry in place of the one of its key.
    pub(crate) fn put(&mut self, entry: Entry) -> Result<(), DurableError> {
        let path = self.folder.join(format!("{}.json", entry.label.key));
        replace_file(&path, &entry.to_file(), Readers::Owner)?;
        self.entries.insert(entry.label.key.clone(), entry);
        Ok(())
    }

    /// Removes what was only rendered for an issue and is not among `keys`: nobody will release it.
    pub(crate) fn drop_unreleased(
        &mut self,
        issue: &Issue,
        keys: &[String],
    ) -> Result<(), DurableError> {
        let period = issue.period.label();
        let is_stale = |entry: &Entry| {
            entry.state == State::Rendered
                && entry.label.report == issue.report
                && entry.label.period == period
                && !keys.contains(&entry.label.key)
        };
        let stale: Vec<String> = self
            .entries
            .values()
            .filter(|entry| is_stale(entry))
            .map(|entry| entry.label.key.clone())
            .collect();
        for key in &stale {
            let path = self.folder.join(format!("{key}.json"));
            remove_file(&path)?;
            self.entries.remove(key);
        }
        if stale.is_empty() { Ok(()) } else { sync_folder(&self.folder) }
    }

    /// The contents of an entry as they were kept; `None` when they are damaged.
    pub(crate) fn contents(&self, entry: &Entry) -> Option<Vec<Document>> {
        let folder = self.frozen_folder().join(entry.frozen_name());
        let read = |piece: &Piece| {
            let bytes = fs::read(folder.join(&piece.name)).ok()?;
            let (name, media_type) = (piece.name.clone(), piece.media_type.clone());
            (Fingerprint::of(&bytes) == piece.sha256).then_some(Document {
                name,
                media_type,
                bytes,
            })
        };
        entry.contents.iter().map(read).collect()
    }

    /// Removes kept contents that no entry needs any more.
    pub(crate) fn clear_frozen(&self) -> Result<(), DurableError> {
        let outstanding = self.entries.values().filter(|entry| entry.is_outstanding());
        let needed: Vec<String> = outstanding.map(Entry::frozen_name).collect();
        for name in folder_names(&self.frozen_folder())? {
            // What a damaged entry kept is all that is left of it.
            let is_evidence = name.split('-').next().is_some_and(|key| self.is_damaged(key));
            if !needed.contains(&name) && !is_evidence {
                remove_folder(&self.frozen_folder().join(name))?;
            }
        }
        Ok(())
    }

    fn set_aside(&self, name: &str) -> Result<(), DurableError> {
        let folder = self.damaged_folder();
        create_folder(&folder, Readers::Owner)?;
        move_file(&self.folder.join(name), &folder.join(name))
    }

    fn frozen_folder(&self) -> PathBuf {
        self.folder.join("frozen")
    }

    fn damaged_folder(&self) -> PathBuf {
        self.folder.join("damaged")
    }
}
