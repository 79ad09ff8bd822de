//! The folder of what is to be handed over, and what the ledger knows of what was.
//!
//! ```text
//! outbox/<key>.json                  one small file for each entry that has not come to an end
//! outbox/payload/<key>-<hash>/       its documents, until they are delivered
//! outbox/damaged/<key>.json          entries that could not be read
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use scorewright_domain::{Document, Fingerprint};
use scorewright_durable::{
    DurableError, Readers, create_folder, failed, folder_names, is_staged, move_file, remove_file,
    replace_locked_file, sync_folder,
};

use crate::entry::{Attachment, DeliveryState, OutboxEntry};
use crate::folders::DeliveryFolders;
use crate::issue::Issue;
use crate::label::Label;
use crate::ledger::{LedgerFile, ReleaseLedger, ReleasedIssue};
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
    pub(crate) fn open(folders: &DeliveryFolders) -> Result<Self, DurableError> {
        let (folder, outbox) = (&folders.outbox, Self::read(folders)?);
        create_folder(folder, Readers::Owner)?;
        outbox.payloads.create()?;
        for name in outbox.damaged.iter().filter(|name| folder.join(name).exists()) {
            outbox.quarantine(name)?;
        }
        outbox.clear_payloads()?;
        Ok(outbox)
    }

    /// Adds what the ledger knows of a report and period. What the outbox knows is newer.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn load(&mut self, report: &str, period: &str) -> Result<(), DurableError> {
        if !self.loaded.insert((report.into(), period.into())) {
            return Ok(());
        }
        for file in self.ledger.read(report, period)? {
            match file {
                LedgerFile::Damaged(revision) => {
                    self.unreadable.push((report.into(), period.into(), revision));
                }
                LedgerFile::Whole(issue) => {
                    for entry in &issue.ended {
                        let known = self.entries.entry(entry.label.key.clone());
                        known.or_insert_with(|| entry.clone());
                    }
                    self.released.push(issue);
                }
            }
        }
        Ok(())
    }

    /// Whether a delivery was released and nothing is known of it any more: its reader may have it.
    pub(crate) fn is_lost(&self, label: &Label) -> bool {
        let Label { key, report, period, revision, .. } = label;
        let is_unreadable = |(of, at, number): &(String, String, u32)| {
            (of, at, number) == (report, period, revision)
        };
        let is_released = self.released.iter().any(|issue| issue.released.contains(key));
        self.get(key).is_none() && (is_released || self.unreadable.iter().any(is_unreadable))
    }

    /// Records in the ledger that deliveries of an issue are queued from now on.
    pub(crate) fn record_release(&mut self, keys: &[String]) -> Result<(), DurableError> {
        let labels: Vec<Label> =
            keys.iter().filter_map(|key| Some(self.get(key)?.label.clone())).collect();
        let Some(first) = labels.first() else { return Ok(()) };
        let mut issue = self.released_issue(first)?;
        let count = issue.released.len();
        issue.released.extend(labels.into_iter().map(|label| label.key));
        if issue.released.len() > count { self.record(issue) } else { Ok(()) }
    }

    /// Moves entries into the ledger, issue by issue, once all of an issue came to an end.
    pub(crate) fn fold(&mut self) -> Result<(), DurableError> {
        for label in self.ended_issues() {
            let mut issue = self.released_issue(&label)?;
            let is_of = |entry: &&OutboxEntry| {
                self.files.contains(&entry.label.key) && issue_of(&entry.label) == issue_of(&label)
            };
            let ended: Vec<OutboxEntry> = self.entries.values().filter(is_of).cloned().collect();
            let keys: Vec<String> = ended.iter().map(|entry| entry.label.key.clone()).collect();
            issue.ended.retain(|entry| !keys.contains(&entry.label.key));
            issue.ended.extend(ended);
            issue.released.extend(keys.iter().cloned());
            self.record(issue)?;
            for key in &keys {
                remove_file(&self.entry_path(key))?;
                self.files.remove(key);
            }
            sync_folder(&self.folder)?;
        }
        Ok(())
    }

    /// A label of each issue all of whose entries with a file came to an end.
    fn ended_issues(&self) -> Vec<Label> {
        let with_file =
            || self.entries.values().filter(|entry| self.files.contains(&entry.label.key));
        let open: BTreeSet<(&str, &str, u32)> = with_file()
            .filter(|entry| entry.is_outstanding())
            .map(|entry| issue_of(&entry.label))
            .collect();
        let ended: BTreeMap<(&str, &str, u32), &Label> = with_file()
            .map(|entry| (issue_of(&entry.label), &entry.label))
            .filter(|(issue, _)| !open.contains(issue))
            .collect();
        ended.into_values().cloned().collect()
    }

    /// What the ledger says of the issue of a label; nothing yet where it was never released.
    fn released_issue(&mut self, label: &Label) -> Result<ReleasedIssue, DurableError> {
        self.load(&label.report, &label.period)?;
        let known = self
            .released
            .iter()
            .find(|issue| (&*issue.report, &*issue.period, issue.revision) == issue_of(label));
        Ok(known.cloned().unwrap_or_else(|| ReleasedIssue {
            report: label.report.clone(),
            period: label.period.clone(),
            revision: label.revision,
            released: BTreeSet::new(),
            ended: Vec::new(),
        }))
    }

    fn record(&mut self, issue: ReleasedIssue) -> Result<(), DurableError> {
        self.ledger.write(&issue)?;
        self.released.retain(|known| {
            (&known.report, &known.period, known.revision)
                != (&issue.report, &issue.period, issue.revision)
        });
        self.released.push(issue);
        Ok(())
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
            entry.label.report == report
                && entry.label.period == period
                && entry.state != DeliveryState::Rendered
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
        let replaces = match self.get(&label.key) {
            Some(entry) if entry.state == DeliveryState::Accepted => Some(revision),
            Some(entry) if entry.may_be_seen() => entry.label.replaces,
            _ => self.last_before(&label),
        };
        Label { replaces, ..label }
    }

    fn last_before(&self, label: &Label) -> Option<u32> {
        let is_before = |entry: &&OutboxEntry| {
            let other = &entry.label;
            other.revision < label.revision
                && (&other.report, &other.period) == (&label.report, &label.period)
                && (&other.route, &other.destination) == (&label.route, &label.destination)
                && entry.may_be_seen()
        };
        self.entries.values().filter(is_before).map(|entry| entry.label.revision).max()
    }

    /// Stores an entry and its payload. From here on it can be handed over without its issue.
    pub(crate) fn add(
        &mut self,
        mut entry: OutboxEntry,
        payload: &[Document],
    ) -> Result<(), DurableError> {
        entry.contents = payload.iter().map(Attachment::of).collect();
        self.payloads.write(&entry, payload)?;
        self.put(entry)
    }

    /// Writes an entry in place of the one with its key.
    pub(crate) fn put(&mut self, entry: OutboxEntry) -> Result<(), DurableError> {
        replace_locked_file(&self.entry_path(&entry.label.key), &entry.to_file(), Readers::Owner)?;
        self.files.insert(entry.label.key.clone());
        self.entries.insert(entry.label.key.clone(), entry);
        Ok(())
    }

    /// Removes what was only rendered for an issue and is not among `keys`: it would never be
    /// released.
    pub(crate) fn drop_unreleased(
        &mut self,
        issue: &Issue,
        keys: &[String],
    ) -> Result<(), DurableError> {
        let period = issue.period.label();
        let stale = self.entries.values().filter(|entry| {
            entry.state == DeliveryState::Rendered
                && entry.label.report == issue.report
                && entry.label.period == period
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
    pub(crate) fn payload(&self, entry: &OutboxEntry) -> Option<Vec<Document>> {
        self.payloads.read(entry)
    }

    /// Removes payloads that no entry needs any more.
    pub(crate) fn clear_payloads(&self) -> Result<(), DurableError> {
        let outstanding = self.entries.values().filter(|entry| entry.is_outstanding());
        let needed: Vec<String> = outstanding.map(OutboxEntry::payload_name).collect();
        self.payloads.retain(|name| {
            // The payload of a damaged entry is all that is left of it.
            let is_evidence = name.split('-').next().is_some_and(|key| self.is_damaged(key));
            is_evidence || needed.iter().any(|needed| needed == name)
        })
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

/// Report, period and revision.
fn issue_of(label: &Label) -> (&str, &str, u32) {
    (&label.report, &label.period, label.revision)
}
