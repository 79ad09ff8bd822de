//! What of `out/` nothing needs any more: records of runs, mail files that were delivered, pages that were replaced.
//!
//! What waits in the outbox is never looked at: it moves to the ledger by itself once it has come to an end, and the ledger
//! stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use scorewright_delivery::delivered_mails;
use scorewright_domain::Fingerprint;
use scorewright_durable::{DurableError, failed, folder_names, remove_path, sync_folder};
use scorewright_project::Folders;
use scorewright_warehouse::{FileCount, Garbage};

use super::record::RunRecord;
use crate::exit::Failure;
use crate::reports::delivery_folders;

/// What can go of `out/`, by kind.
#[derive(Debug, Default)]
pub(crate) struct OldOutputs {
    pub(crate) runs: OldFiles,
    pub(crate) mails: OldFiles,
    pub(crate) pages: OldFiles,
}

/// What can go of one kind, and what stays.
#[derive(Debug, Default)]
pub(crate) struct OldFiles {
    /// Files, or folders of files.
    paths: Vec<PathBuf>,
    pub(crate) removed: FileCount,
    pub(crate) kept: FileCount,
}

impl OldOutputs {
    fn kinds(&self) -> [&OldFiles; 3] {
        [&self.runs, &self.mails, &self.pages]
    }

    /// All that goes.
    pub(crate) fn removed(&self) -> FileCount {
        let mut all = FileCount::default();
        for kind in self.kinds() {
            all.files += kind.removed.files;
            all.bytes += kind.removed.bytes;
        }
        all
    }
}

impl OldFiles {
    fn sort(&mut self, found: &Written, goes: bool) {
        let count = if goes { &mut self.removed } else { &mut self.kept };
        count.files += found.count.files;
        count.bytes += found.count.bytes;
        if goes {
            self.paths.push(found.path.clone());
        }
    }
}

/// Finds it.
///
/// - `garbage`: says which versions are kept.
pub(super) fn old_outputs(
    folders: &Folders,
    garbage: &Garbage,
    now: Timestamp,
) -> Result<OldOutputs, Failure> {
    let kept = folders.output_retention;
    let is_old = |found: &Written, age: SignedDuration| now.duration_since(found.at) >= age;
    Ok(OldOutputs {
        runs: old_records(folders, garbage, |found| is_old(found, kept.runs))?,
        mails: old_mails(folders, |found| is_old(found, kept.mails))?,
        pages: old_pages(folders, garbage, |found| is_old(found, kept.pages))?,
    })
}

/// Removes what was found; the lock has been held since.
pub(super) fn remove_old_outputs(old: &OldOutputs) -> Result<(), DurableError> {
    let mut above = BTreeSet::new();
    for path in old.kinds().into_iter().flat_map(|kind| &kind.paths) {
        remove_path(path)?;
        above.extend(path.parent().map(Path::to_owned));
    }
    above.iter().try_for_each(|folder| sync_folder(folder))
}

/// Records that are neither among the newest nor of a version that is kept. One that cannot be read, or is open, stays.
fn old_records(
    folders: &Folders,
    garbage: &Garbage,
    is_old: impl Fn(&Written) -> bool,
) -> Result<OldFiles, DurableError> {
    let records = RunRecord::files(folders);
    let newest = usize::try_from(folders.retention.nightly.get()).unwrap_or(usize::MAX);
    let first_newest = records.len().saturating_sub(newest);
    let is_needed = |record: &RunRecord| {
        record.is_open() || record.version.is_some_and(|it| garbage.kept_versions.contains(&it))
    };
    let mut old = OldFiles::default();
    for (number, (path, record)) in records.into_iter().enumerate() {
        let is_done = record.is_some_and(|record| !is_needed(&record));
        let found = Written::of(path)?;
        let goes = number < first_newest && is_done && is_old(&found);
        old.sort(&found, goes);
    }
    Ok(old)
}

/// Mail files that are as they were handed over, by the ledger: it knows of them without the file.
fn old_mails(
    folders: &Folders,
    is_old: impl Fn(&Written) -> bool,
) -> Result<OldFiles, DurableError> {
    let delivered = delivered_mails(&delivery_folders(folders))?;
    let folder = folders.out("mail");
    let mut old = OldFiles::default();
    for name in folder_names(&folder)? {
        let found = Written::of(folder.join(&name))?;
        let goes = is_old(&found) && is_delivered(&delivered, &name, &found.path)?;
        old.sort(&found, goes);
    }
    Ok(old)
}

fn is_delivered(
    delivered: &BTreeMap<String, Fingerprint>,
    name: &str,
    path: &Path,
) -> Result<bool, DurableError> {
    let Some(sha256) = delivered.get(name).filter(|_| path.is_file()) else { return Ok(false) };
    let bytes = fs::read(path).map_err(failed("read", path))?;
    Ok(Fingerprint::of(&bytes) == *sha256)
}

/// Pages of revisions that another took the place of, where no version that is kept shows them.
fn old_pages(
    folders: &Folders,
    garbage: &Garbage,
    is_old: impl Fn(&Written) -> bool,
) -> Result<OldFiles, DurableError> {
    let pages = folders.out("pages");
    let mut old = OldFiles::default();
    let reports = folder_names(&pages)?.into_iter();
    for report in reports.filter(|report| pages.join(report).is_dir()) {
        for name in folder_names(&pages.join(&report))? {
            let found = Written::of(pages.join(&report).join(&name))?;
            let is_shown = |(period, revision): (&str, u32)| {
                garbage.issues.contains(&(report.clone(), period.to_owned(), revision))
            };
            let is_former = former_revision(&name).is_some_and(|issue| !is_shown(issue));
            let goes = is_former && is_old(&found);
            old.sort(&found, goes);
        }
    }
    Ok(old)
}

/// Period and revision of a folder of pages that were replaced: `2026-W47.r1`.
fn former_revision(name: &str) -> Option<(&str, u32)> {
    let (period, revision) = name.rsplit_once(".r")?;
    Some((period, revision.parse().ok()?))
}

/// A file, or a folder with the files in it, and when the newest of them was written.
struct Written {
    path: PathBuf,
    count: FileCount,
    at: Timestamp,
}

impl Written {
    fn of(path: PathBuf) -> Result<Self, DurableError> {
        let mut files = vec![path.clone()];
        let is_folder = path.is_dir() && !path.is_symlink();
        if is_folder {
            files.extend(folder_names(&path)?.into_iter().map(|name| path.join(name)));
        }
        let (mut count, mut at) = (FileCount::default(), Timestamp::UNIX_EPOCH);
        for file in &files {
            let found = fs::symlink_metadata(file).map_err(failed("read", file))?;
            if found.is_file() {
                let written = found.modified().map_err(failed("read", file))?;
                at = at.max(Timestamp::try_from(written).unwrap_or(Timestamp::UNIX_EPOCH));
                count.files += 1;
                count.bytes += found.len();
            }
        }
        Ok(Self { path, count, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_of_a_revision_is_one_that_was_replaced() {
        assert_eq!(former_revision("2026-W47.r2"), Some(("2026-W47", 2)));
        for other in ["2026-W47", "2026-W47.r", "2026-W47.rx", ".r"] {
            assert_eq!(former_revision(other), None, "{other}");
        }
    }
}
