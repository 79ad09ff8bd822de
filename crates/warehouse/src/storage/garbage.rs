//! What nothing needs any more: versions that are not kept, and files that no kept version names.
//!
//! Versions go before files, and each folder is synced after it: whenever a process dies, what is left is garbage, and
//! never a version without its files. Files that are young stay, as an active reader may have just opened their version.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use scorewright_durable::{failed, folder_names, remove_file, sync_folder};

use super::history::{IssueNames, VersionOutline, modified_at};
use super::lock::Lock;
use super::manifest_pack::MANIFESTS;
use super::retention::{Retention, VersionAge};
use super::warehouse::Warehouse;
use crate::error::WarehouseError;

/// What of a warehouse can go, and what stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Garbage {
    /// Versions that go, ascending.
    pub versions: Vec<u64>,
    /// Versions that stay, ascending.
    pub kept_versions: Vec<u64>,
    /// Report, period and revision of the issues that versions which stay have in their books.
    pub issues: BTreeSet<(String, String, u32)>,
    /// Files that go, by path below the warehouse folder.
    pub files: Vec<String>,
    /// Their number and bytes.
    pub removed: FileCount,
    /// Files that versions which stay name.
    pub kept: FileCount,
    /// Files that no version names and that are young.
    pub young: FileCount,
}

/// How many files, and how many bytes they have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileCount {
    /// Files.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl FileCount {
    fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

impl Warehouse {
    /// Finds what nothing needs any more. Nothing is removed; the lock keeps runs from changing it meanwhile.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::UnknownNeeds`] when a version cannot be read, so that nobody knows which files it needs.
    pub fn garbage(
        &self,
        _lock: &Lock,
        retention: &Retention,
        now: Timestamp,
    ) -> Result<Garbage, WarehouseError> {
        let mut history = self.history()?;
        let numbers = history.numbers().to_vec();
        let outlines = numbers.iter().map(|number| history.outline(*number).map_err(unknown_needs));
        let mut versions = Vec::new();
        let mut newest_owing = BTreeSet::new();
        let mut needed: Vec<(u64, Vec<String>)> = Vec::new();
        let mut shown: Vec<(u64, IssueNames)> = Vec::new();
        for outline in outlines {
            let outline = outline?;
            needed.push((outline.number, paths(&outline)));
            shown.push((outline.number, outline.issues));
            versions.push((outline.number, outline.as_of, outline.written_at));
            newest_owing = outline.owing;
        }
        let kept = retention.kept(&ages(&versions), &newest_owing, now);
        let needed = needed.into_iter().filter(|(number, _)| kept.contains(number));
        let needed: BTreeSet<String> = needed.flat_map(|(_, paths)| paths).collect();
        let (kept_versions, versions) =
            numbers.into_iter().partition(|number| kept.contains(number));
        let shown = shown.into_iter().filter(|(number, _)| kept.contains(number));
        let shown = shown.flat_map(|(_, issues)| issues).collect();
        let mut garbage = Garbage { versions, kept_versions, issues: shown, ..Garbage::default() };
        for folder in self.folders_of_files()? {
            self.look_into(&folder, &needed, |at| retention.is_young(at, now), &mut garbage)?;
        }
        Ok(garbage)
    }

    /// Removes what was found; the lock has been held since.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when a file cannot be removed: what is left goes with the next call.
    pub fn remove_garbage(&self, _lock: &Lock, garbage: &Garbage) -> Result<(), WarehouseError> {
        for number in &garbage.versions {
            remove_file(&self.version_path(*number))?;
        }
        if !garbage.versions.is_empty() {
            sync_folder(&self.root().join("versions"))?;
        }
        let mut folders = BTreeSet::new();
        for file in &garbage.files {
            let path = self.root().join(file);
            remove_file(&path)?;
            folders.extend(path.parent().map(Path::to_owned));
        }
        Ok(folders.iter().try_for_each(|folder| sync_folder(folder))?)
    }

    /// The folders below the warehouse folder whose files versions name.
    fn folders_of_files(&self) -> Result<Vec<String>, WarehouseError> {
        let mut folders = ["projects", MANIFESTS].map(str::to_owned).to_vec();
        for layer in folder_names(&self.root().join("tables"))? {
            let nouns = folder_names(&self.root().join("tables").join(&layer))?;
            folders.extend(nouns.iter().map(|noun| format!("tables/{layer}/{noun}")));
        }
        Ok(folders)
    }

    fn look_into(
        &self,
        folder: &str,
        needed: &BTreeSet<String>,
        is_young: impl Fn(Timestamp) -> bool,
        garbage: &mut Garbage,
    ) -> Result<(), WarehouseError> {
        let names = folder_names(&self.root().join(folder))?;
        for file in names.iter().filter(|name| is_ours(name)).map(|name| format!("{folder}/{name}"))
        {
            let path = self.root().join(&file);
            let found = fs::symlink_metadata(&path).map_err(failed("read", &path))?;
            if !found.is_file() {
                continue;
            }
            if needed.contains(&file) {
                garbage.kept.add(found.len());
            } else if is_young(modified_at(&path)?) {
                garbage.young.add(found.len());
            } else {
                garbage.removed.add(found.len());
                garbage.files.push(file);
            }
        }
        Ok(())
    }
}

/// Whether a name is one that a commit gives to its files.
fn is_ours(name: &str) -> bool {
    let stem = name.strip_suffix(".parquet").or_else(|| name.strip_suffix(".json"));
    stem.is_some_and(|stem| stem.len() == 24 && stem.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

fn paths(outline: &VersionOutline) -> Vec<String> {
    outline.needed().iter().map(|file| file.path.to_owned()).collect()
}

/// Each version with the moment at which the next one was written.
fn ages(versions: &[(u64, Option<jiff::civil::Date>, Timestamp)]) -> Vec<VersionAge> {
    let next = versions.iter().skip(1).map(|(.., written_at)| Some(*written_at)).chain([None]);
    let age = |(&(number, as_of, _), superseded_at)| VersionAge { number, as_of, superseded_at };
    versions.iter().zip(next).map(age).collect()
}

/// A version that cannot be read keeps everything: the files that it needs may be any.
fn unknown_needs(error: WarehouseError) -> WarehouseError {
    match error {
        WarehouseError::Damaged { path, what } => WarehouseError::UnknownNeeds { path, what },
        other => other,
    }
}
