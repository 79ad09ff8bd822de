//! What the outbox knows by the ledger, and what it moves there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use scorewright_durable::{DurableError, remove_file, sync_folder};

use super::Outbox;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::label::Label;
use crate::ledger::{LedgerFile, ReleasedIssue};

impl Outbox {
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
        // What is held for this reason was never tried, and has no deadline.
        let is_unknown = self.get(key).is_none_or(|entry| {
            let is_held = entry.state == DeliveryState::Held && !entry.is_stopped;
            is_held && entry.attempts == 0 && entry.held_until.is_none()
        });
        is_unknown && (is_released || self.unreadable.iter().any(is_unreadable))
    }

    /// Queues deliveries. The ledger has them before the first of them is queued, so that none is
    /// offered again as if nobody could have it.
    ///
    /// - `queued_at`: when, for what is sent to a server.
    pub(crate) fn release(
        &mut self,
        keys: &[String],
        queued_at: &dyn Fn(&Label) -> Option<Timestamp>,
    ) -> Result<(), DurableError> {
        let entries: Vec<OutboxEntry> =
            keys.iter().filter_map(|key| self.get(key).cloned()).collect();
        let one_of_each_issue: BTreeMap<_, &Label> =
            entries.iter().map(|entry| (issue_of(&entry.label), &entry.label)).collect();
        let mut released = Vec::new();
        for label in one_of_each_issue.into_values() {
            released.extend(self.newly_released(label, keys)?);
        }
        self.record(released)?;
        let queued = |entry: OutboxEntry| OutboxEntry {
            queued_at: queued_at(&entry.label),
            retry_at: None,
            is_stopped: false,
            state: DeliveryState::Queued,
            reason: None,
            ..entry
        };
        self.put_all(entries.into_iter().map(queued).collect())
    }

    /// The issue of a label with those of the keys that are queued from now on; `None` where the ledger has them all.
    fn newly_released(
        &mut self,
        label: &Label,
        keys: &[String],
    ) -> Result<Option<ReleasedIssue>, DurableError> {
        let mut issue = self.released_issue(label)?;
        let count = issue.released.len();
        let is_of_issue = |key: &&String| {
            self.get(key).is_some_and(|entry| issue_of(&entry.label) == issue_of(label))
        };
        issue.released.extend(keys.iter().filter(is_of_issue).cloned());
        Ok((issue.released.len() > count).then_some(issue))
    }

    /// Moves entries into the ledger, issue by issue, once all of an issue came to an end and none can be sent again.
    pub(crate) fn fold(&mut self, now: Timestamp) -> Result<(), DurableError> {
        let (mut folded, mut folded_keys) = (Vec::new(), Vec::new());
        for label in self.ended_issues(now) {
            let mut issue = self.released_issue(&label)?;
            if self.is_unreadable(&issue) {
                continue;
            }
            let is_of = |entry: &&OutboxEntry| {
                self.files.contains(&entry.label.key) && issue_of(&entry.label) == issue_of(&label)
            };
            let ended: Vec<OutboxEntry> = self.entries.values().filter(is_of).cloned().collect();
            let keys: Vec<String> = ended.iter().map(|entry| entry.label.key.clone()).collect();
            issue.ended.retain(|entry| !keys.contains(&entry.label.key));
            issue.ended.extend(ended);
            issue.released.extend(keys.iter().cloned());
            folded.push(issue);
            folded_keys.extend(keys);
        }
        self.record(folded)?;
        for key in &folded_keys {
            remove_file(&self.entry_path(key))?;
            self.files.remove(key);
        }
        if folded_keys.is_empty() { Ok(()) } else { sync_folder(&self.folder) }
    }

    /// A label of each issue all of whose entries with a file came to an end.
    pub(super) fn ended_issues(&self, now: Timestamp) -> Vec<Label> {
        let with_file =
            || self.entries.values().filter(|entry| self.files.contains(&entry.label.key));
        let open: BTreeSet<(&str, &str, u32)> = with_file()
            .filter(|entry| entry.is_outstanding() || entry.can_be_resent(now))
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

    /// Whether the file of an issue is damaged: it stays as evidence until somebody removes it.
    fn is_unreadable(&self, issue: &ReleasedIssue) -> bool {
        self.unreadable.iter().any(|(report, period, revision)| {
            (report, period, *revision) == (&issue.report, &issue.period, issue.revision)
        })
    }

    /// Writes issues into the ledger, but for those whose file there is damaged.
    fn record(&mut self, mut issues: Vec<ReleasedIssue>) -> Result<(), DurableError> {
        issues.retain(|issue| !self.is_unreadable(issue));
        self.ledger.write(&issues)?;
        for issue in issues {
            self.released.retain(|known| {
                (&known.report, &known.period, known.revision)
                    != (&issue.report, &issue.period, issue.revision)
            });
            self.released.push(issue);
        }
        Ok(())
    }
}

/// Report, period and revision.
fn issue_of(label: &Label) -> (&str, &str, u32) {
    (&label.report, &label.period, label.revision)
}
