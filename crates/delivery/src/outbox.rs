//! The folder of what is to be handed over, and what the ledger knows of what was.
//!
//! ```text
//! outbox/<key>.json                  one small file for each entry that has not come to an end
//! outbox/payload/<key>-<hash>/       its documents, until they are delivered
//! outbox/damaged/<key>.json          entries that could not be read
//! ```

mod released;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use scorewright_domain::{Document, Fingerprint};
use scorewright_durable::{
    DurableError, Readers, create_folder, failed, folder_names, is_staged, move_file, remove_file,
    sync_folder,
};

use crate::batch::{replace_files, try_in_batch};
use crate::entry::{Attachment, DeliveryState, OutboxEntry};
use crate::folders::DeliveryFolders;
use crate::issue::Issue;
use crate::label::Label;
use crate::ledger::{ReleaseLedger, ReleasedIssue};
use crate::payload::PayloadStore;

/// Folder of the entries that could not be read.
const DAMAGED: &str = "damaged";

/// What was handed over, and what still has to be.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    payloads: PayloadStore,
    ledger: ReleaseLedger,
    entries: BTreeMap<String, OutboxEntry>,
    /// Keys of the entries that have a file of their own.
    files: BTreeSet<String>,
    damaged: Vec<String>,
    /// What the ledger says of the reports and periods that were loaded.
    released: Vec<ReleasedIssue>,
    /// Report, period and revision of released issues whose file in the ledger is damaged.
    unreadable: Vec<(String, String, u32)>,
    loaded: BTreeSet<(String, String)>,
}

impl Outbox {
    /// Reads it and changes nothing; a folder that is not there is an empty outbox.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read. A damaged entry is not an error: see [`Outbox::damaged`].
    pub fn read(folders: &DeliveryFolders) -> Result<Self, DurableError> {
        let folder = &folders.outbox;
        let mut outbox = Self {
            folder: folder.clone(),
            payloads: PayloadStore::of(folder),
            ledger: ReleaseLedger::of(&folders.ledger),
            entries: BTreeMap::new(),
            files: BTreeSet::new(),
            damaged: folder_names(&folder.join(DAMAGED))?,
            released: Vec::new(),
            unreadable: Vec::new(),
            loaded: BTreeSet::new(),
        };
        for name in folder_names(folder)? {
            if let Some(key) = name.strip_suffix(".json").filter(|_| !is_staged(&name)) {
                outbox.read_entry(&name, key)?;
            }
        }
        Ok(outbox)
    }

    fn read_entry(&mut self, name: &str, key: &str) -> Result<(), DurableError> {
        let path = self.folder.join(name);
        let bytes = fs::read(&path).map_err(failed("read", &path))?;
        match OutboxEntry::from_file(&bytes).filter(|entry| entry.label.key == key) {
            Some(entry) => {
                self.files.insert(key.into());
                self.entries.insert(key.into(), entry);
            }
            None if self.is_damaged(key) => {}
            None => self.damaged.push(name.into()),
        }
        Ok(())
    }

    /// Reads it to work with it: moves damaged entries to `damaged/` and removes what an
    /// interrupted call left.
    pub(crate) fn open(folders: &DeliveryFolders, now: Timestamp) -> Result<Self, DurableError> {
        let (folder, outbox) = (&folders.outbox, Self::read(folders)?);
        create_folder(folder, Readers::Owner)?;
        outbox.payloads.create()?;
        for name in outbox.damaged.iter().filter(|name| folder.join(name).exists()) {
            outbox.quarantine(name)?;
        }
        outbox.clear_payloads(now)?;
        Ok(outbox)
    }

    /// All entries, in the order of report, period, revision, route and destination.
    pub fn entries(&self) -> Vec<&OutboxEntry> {
        let mut entries: Vec<&OutboxEntry> = self.entries.values().collect();
        entries.sort_by_key(|entry| {
            let Label { report, period, revision, route, destination, .. } = &entry.label;
            (report, period, revision, route, destination)
        });
        entries
    }

    /// Entries that could not be read, by file name.
    ///
    /// Whether they had been delivered is unknown. They stay in `damaged/` and are reported by
    /// each call until somebody removes them.
    pub fn damaged(&self) -> &[String] {
        &self.damaged
    }

    /// The revision of an issue with these figures: that of the last issue when the figures are
    /// the same, else the next. The first is 1.
    pub fn revision(&self, report: &str, period: &str, figures: &Fingerprint) -> u32 {
        // Nobody has seen what is only rendered, so nothing has to be corrected.
        let released = self.entries.values().filter(|entry| {
            entry.label.is_of_period(report, period)
                && entry.state != DeliveryState::Rendered
                && !entry.label.is_notice()
        });
        let last = released.max_by_key(|entry| entry.label.revision);
        last.map_or(1, |last| last.label.revision + u32::from(last.figures != *figures))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&OutboxEntry> {
        self.entries.get(key)
    }

    /// Whether the entry of this key is damaged, so that it may have been delivered.
    pub(crate) fn is_damaged(&self, key: &str) -> bool {
        self.damaged.contains(&format!("{key}.json"))
    }

    /// The label of one delivery, with what its destination has had before.
    pub(crate) fn label(&self, issue: &Issue, route: &str, destination: &str) -> Label {
        let revision = issue.revision;
        let label = Label::new(&issue.report, &issue.period.label(), revision, route, destination);
        let (replaces, completes) = match self.get(&label.key) {
            Some(entry) if entry.state == DeliveryState::Accepted => (Some(revision), false),
            Some(entry) if entry.may_be_seen() => (entry.label.replaces, entry.label.completes),
            _ => self.last_before(&label).map_or((None, false), |before| {
                (Some(before.label.revision), before.is_partial() && issue.hold.is_none())
            }),
        };
        Label { replaces, completes, ..label }
    }

    /// Whether a destination has a later revision.
    pub(crate) fn has_later(&self, label: &Label) -> bool {
        self.entries.values().any(|entry| {
            entry.state == DeliveryState::Accepted
                && entry.label.revision > label.revision
                && entry.label.goes_where(label)
        })
    }

    /// Whether a destination has a mail that is held for its deadline.
    pub(crate) fn is_waiting(&self, label: &Label) -> bool {
        let mut entries = self.entries.values();
        entries.any(|entry| entry.waits_until().is_some() && entry.label.goes_where(label))
    }

    /// The last revision before that a destination has, or may have.
    pub(crate) fn last_before(&self, label: &Label) -> Option<&OutboxEntry> {
        let is_before = |entry: &&OutboxEntry| {
            entry.label.revision < label.revision
                && entry.label.goes_where(label)
                && entry.may_be_seen()
                && !entry.label.is_notice()
        };
        self.entries.values().filter(is_before).max_by_key(|entry| entry.label.revision)
    }

    /// Stores an entry and its payload. From here on it can be handed over without its issue.
    pub(crate) fn add(
        &mut self,
        entry: OutboxEntry,
        payload: &[Document],
    ) -> Result<(), DurableError> {
        self.add_all(vec![(entry, payload)])
    }

    /// The same for several entries: all payloads are stored before the first of them is.
    pub(crate) fn add_all(
        &mut self,
        mut entries: Vec<(OutboxEntry, &[Document])>,
    ) -> Result<(), DurableError> {
        for (entry, payload) in &mut entries {
            entry.contents = payload.iter().map(Attachment::of).collect();
        }
        try_in_batch(&entries, |(entry, payload)| self.payloads.write(entry, payload))?;
        self.put_all(entries.into_iter().map(|(entry, _)| entry).collect())
    }

    /// Writes an entry in place of the one with its key.
    pub(crate) fn put(&mut self, entry: OutboxEntry) -> Result<(), DurableError> {
        self.put_all(vec![entry])
    }

    /// Writes several entries in place of those with their keys.
    pub(crate) fn put_all(&mut self, entries: Vec<OutboxEntry>) -> Result<(), DurableError> {
        let file = |entry: &OutboxEntry| (self.entry_path(&entry.label.key), entry.to_file());
        replace_files(&entries.iter().map(file).collect::<Vec<_>>())?;
        for entry in entries {
            self.files.insert(entry.label.key.clone());
            self.entries.insert(entry.label.key.clone(), entry);
        }
        Ok(())
    }

    /// Removes what was only rendered for an issue, or is held of this revision of it, and is not
    /// among `keys`: its recipient is none any more, and nobody has seen it.
    pub(crate) fn drop_unreleased(
        &mut self,
        issue: &Issue,
        keys: &[String],
    ) -> Result<(), DurableError> {
        let period = issue.period.label();
        let stale = self.entries.values().filter(|entry| {
            let is_waiting =
                entry.waits_until().is_some() && entry.label.revision == issue.revision;
            (entry.state == DeliveryState::Rendered || is_waiting)
                && entry.label.is_of_period(&issue.report, &period)
                && !keys.contains(&entry.label.key)
        });
        let stale: Vec<String> = stale.map(|entry| entry.label.key.clone()).collect();
        for key in &stale {
            remove_file(&self.entry_path(key))?;
            self.files.remove(key);
            self.entries.remove(key);
        }
        if stale.is_empty() { Ok(()) } else { sync_folder(&self.folder) }
    }

    /// The payload of an entry as it was stored; `None` when it is damaged.
    pub fn payload(&self, entry: &OutboxEntry) -> Option<Vec<Document>> {
        self.payloads.read(entry)
    }

    /// Whether there is nothing to do at a moment: no entry but those that ended and a person may still resend, none that
    /// is damaged, and no payload that is not needed.
    ///
    /// # Errors
    ///
    /// When the payloads cannot be listed.
    pub fn is_settled(&self, now: Timestamp) -> Result<bool, DurableError> {
        let is_any_open = self.entries.values().any(OutboxEntry::is_outstanding);
        let is_done = !is_any_open && self.damaged.is_empty() && self.ended_issues(now).is_empty();
        Ok(is_done && self.unneeded_payloads(now)?.is_empty())
    }

    /// Removes payloads that no entry needs any more.
    pub(crate) fn clear_payloads(&self, now: Timestamp) -> Result<(), DurableError> {
        self.unneeded_payloads(now)?.iter().try_for_each(|name| self.payloads.remove(name))
    }

    fn unneeded_payloads(&self, now: Timestamp) -> Result<Vec<String>, DurableError> {
        let entries = self.entries.values();
        let kept = entries.filter(|entry| entry.is_outstanding() || entry.can_be_resent(now));
        let needed: BTreeSet<String> = kept.map(OutboxEntry::payload_name).collect();
        let mut names = self.payloads.names()?;
        names.retain(|name| {
            // The payload of a damaged entry is all that is left of it.
            let is_evidence = name.split('-').next().is_some_and(|key| self.is_damaged(key));
            !is_evidence && !needed.contains(name)
        });
        Ok(names)
    }

    fn quarantine(&self, name: &str) -> Result<(), DurableError> {
        let folder = self.folder.join(DAMAGED);
        create_folder(&folder, Readers::Owner)?;
        move_file(&self.folder.join(name), &folder.join(name))
    }

    fn entry_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
}
