//! The folder that records which issues were released, beside the tables: it outlives the outbox.
//!
//! ```text
//! ledger/<report>/<period>.r<revision>.json    an issue, and its deliveries that came to an end
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use scorewright_domain::Fingerprint;
use scorewright_durable::{DurableError, failed, folder_names};
use serde::{Deserialize, Serialize};

use crate::batch::replace_files;
use crate::entry::OutboxEntry;

/// An issue whose readers may have it: the outbox queued it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleasedIssue {
    pub(crate) report: String,
    pub(crate) period: String,
    pub(crate) revision: u32,
    /// Keys of the deliveries that were queued.
    pub(crate) released: BTreeSet<String>,
    /// Those of them that came to an end.
    pub(crate) ended: Vec<OutboxEntry>,
}

/// One file of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LedgerFile {
    /// What it says.
    Whole(ReleasedIssue),
    /// Its revision; what was delivered of it is not known.
    Damaged(u32),
}

/// The issues that were released.
#[derive(Debug, Clone)]
pub(crate) struct ReleaseLedger {
    folder: PathBuf,
}

impl ReleaseLedger {
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.into() }
    }

    /// Every released revision of a report and period.
    pub(crate) fn read(&self, report: &str, period: &str) -> Result<Vec<LedgerFile>, DurableError> {
        let folder = self.folder.join(report);
        let mut files = Vec::new();
        for name in folder_names(&folder)? {
            if let Some(revision) = revision_in(&name, period) {
                let path = folder.join(&name);
                let bytes = fs::read(&path).map_err(failed("read", &path))?;
                files.push(read_file(&bytes, report, period, revision));
            }
        }
        Ok(files)
    }

    /// Every released issue of a report whose file can be read.
    pub(crate) fn whole_issues(&self, report: &str) -> Result<Vec<ReleasedIssue>, DurableError> {
        let folder = self.folder.join(report);
        let mut issues = Vec::new();
        for name in folder_names(&folder)? {
            let Some((period, revision)) = issue_in(&name) else { continue };
            let path = folder.join(&name);
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            if let LedgerFile::Whole(issue) = read_file(&bytes, report, period, revision) {
                issues.push(issue);
            }
        }
        Ok(issues)
    }

    /// Writes issues in place of those of their names.
    pub(crate) fn write(&self, issues: &[ReleasedIssue]) -> Result<(), DurableError> {
        let files = issues.iter().map(|issue| (self.path(issue), sealed(issue).into_bytes()));
        replace_files(&files.collect::<Vec<_>>())
    }

    fn path(&self, issue: &ReleasedIssue) -> PathBuf {
        let ReleasedIssue { report, period, revision, .. } = issue;
        self.folder.join(report).join(format!("{period}.r{revision}.json"))
    }
}

/// The revision in the name of a file; `None` for one of another period.
fn revision_in(name: &str, period: &str) -> Option<u32> {
    name.strip_prefix(period)?.strip_prefix(".r")?.strip_suffix(".json")?.parse().ok()
}

/// Period and revision in the name of a file; `None` for one that is none of the ledger.
fn issue_in(name: &str) -> Option<(&str, u32)> {
    let (period, revision) = name.strip_suffix(".json")?.rsplit_once(".r")?;
    Some((period, revision.parse().ok()?))
}

fn read_file(bytes: &[u8], report: &str, period: &str, revision: u32) -> LedgerFile {
    let is_it = |issue: &ReleasedIssue| {
        (issue.report.as_str(), issue.period.as_str(), issue.revision) == (report, period, revision)
    };
    let sealed = serde_json::from_slice::<SealedIssue>(bytes).ok();
    let whole = sealed.filter(|sealed| sealed.seal == seal(&sealed.issue) && is_it(&sealed.issue));
    whole.map_or(LedgerFile::Damaged(revision), |sealed| LedgerFile::Whole(sealed.issue))
}

/// The file of an issue.
fn sealed(issue: &ReleasedIssue) -> String {
    let sealed = SealedIssue { seal: seal(issue), issue: issue.clone() };
    serde_json::to_string_pretty(&sealed).expect("an issue is always JSON") + "\n"
}

fn seal(issue: &ReleasedIssue) -> Fingerprint {
    let text = serde_json::to_string(issue).expect("an issue is always JSON");
    Fingerprint::of(text.as_bytes())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedIssue {
    issue: ReleasedIssue,
    seal: Fingerprint,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(period: &str, revision: u32) -> ReleasedIssue {
        let (report, period) = ("board".into(), period.into());
        ReleasedIssue { report, period, revision, released: BTreeSet::new(), ended: Vec::new() }
    }

    #[test]
    fn the_revisions_of_a_period_are_read_back_and_those_of_others_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ReleaseLedger::of(folder.path());
        ledger.write(&[issue("2026", 1), issue("2026-11", 1), issue("2026-11", 2)]).unwrap();
        let read = ledger.read("board", "2026-11").unwrap();
        let whole = [issue("2026-11", 1), issue("2026-11", 2)].map(LedgerFile::Whole);
        assert_eq!(read, whole);
        assert_eq!(ledger.read("board", "2026-12").unwrap(), []);
    }

    #[test]
    fn a_changed_file_is_a_released_issue_of_which_nothing_else_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ReleaseLedger::of(folder.path());
        ledger.write(&[issue("2026-11", 3)]).unwrap();
        let path = folder.path().join("board/2026-11.r3.json");
        let text = fs::read_to_string(&path).unwrap().replace("\"ended\": []", "\"ended\": [1]");
        fs::write(path, text).unwrap();
        assert_eq!(ledger.read("board", "2026-11").unwrap(), [LedgerFile::Damaged(3)]);
    }
}
