//! Whether all that versions need is there, as it was when they were committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use scorewright_domain::Fingerprint;

use super::history::NeededFile;
use super::stored_file::fingerprint_at;
use super::warehouse::Warehouse;
use crate::error::{WarehouseError, not_open};

/// How closely files are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyDepth {
    /// That they are there, with their lengths.
    Lengths,
    /// Their contents too: the SHA-256 of each.
    Contents,
}

/// A file that is not what versions say it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Path below the warehouse folder.
    pub path: String,
    /// What does not fit.
    pub what: String,
    /// Versions that need it, ascending.
    pub versions: Vec<u64>,
}

/// What was looked at, and what is damaged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// All versions, ascending, whole or not.
    pub versions: Vec<u64>,
    /// Files that were looked at, besides those of the versions themselves.
    pub files: u64,
    /// Bytes that they are said to have.
    pub bytes: u64,
    /// By path.
    pub damages: Vec<Damage>,
}

impl Verification {
    /// Whether all that a version needs is as it should be.
    pub fn is_whole(&self, version: u64) -> bool {
        self.damages.iter().all(|damage| !damage.versions.contains(&version))
    }

    /// Leaves out versions that a run removed meanwhile, with the files that only they needed.
    fn forget_removed(&mut self, still: &[u64]) {
        self.versions.retain(|version| still.contains(version));
        for damage in &mut self.damages {
            damage.versions.retain(|version| still.contains(version));
        }
        self.damages.retain(|damage| !damage.versions.is_empty());
    }

    /// The newest version all of whose files are as they should be.
    pub fn newest_whole(&self) -> Option<u64> {
        self.versions.iter().copied().rev().find(|version| self.is_whole(*version))
    }
}

/// A file as versions name it.
struct NamedFile {
    bytes: Option<u64>,
    sha256: Option<Fingerprint>,
    versions: Vec<u64>,
}

impl NamedFile {
    fn at<'a>(&'a self, path: &'a str) -> NeededFile<'a> {
        NeededFile { path, bytes: self.bytes, sha256: self.sha256.as_ref() }
    }
}

impl Warehouse {
    /// Looks at every file of every version.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NotOpen`] when this user may not read one of them.
    pub fn verify(&self, depth: VerifyDepth) -> Result<Verification, WarehouseError> {
        let mut history = self.history()?;
        let numbers = history.numbers().to_vec();
        let mut found = Verification { versions: numbers.clone(), ..Verification::default() };
        let mut files: BTreeMap<String, NamedFile> = BTreeMap::new();
        for number in numbers {
            match history.outline(number) {
                Ok(outline) => note(&mut files, number, &outline.needed()),
                Err(WarehouseError::Damaged { path, what }) => {
                    found.damages.push(self.damaged_version(number, &path, what));
                }
                Err(WarehouseError::NoVersion { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        for (path, file) in files {
            found.files += 1;
            found.bytes += file.bytes.unwrap_or(0);
            if let Some(what) = self.look_at(file.at(&path), depth)? {
                found.damages.push(Damage { path, what, versions: file.versions });
            }
        }
        let still = self.numbers()?;
        found.forget_removed(&still);
        Ok(found)
    }

    /// Looks at every file of one version, and fails at the first that is not there with its length.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length.
    pub fn verify_version(&self, number: u64) -> Result<(), WarehouseError> {
        let outline = self.history()?.outline(number)?;
        let mut files = BTreeMap::new();
        note(&mut files, number, &outline.needed());
        for (path, file) in files {
            if let Some(what) = self.look_at(file.at(&path), VerifyDepth::Lengths)? {
                return Err(WarehouseError::Damaged { path: self.root().join(path), what });
            }
        }
        Ok(())
    }

    fn damaged_version(&self, number: u64, path: &Path, what: String) -> Damage {
        let below = path.strip_prefix(self.root()).unwrap_or(path);
        Damage { path: below.display().to_string(), what, versions: vec![number] }
    }

    /// What of a file does not fit.
    pub(super) fn look_at(
        &self,
        file: NeededFile<'_>,
        depth: VerifyDepth,
    ) -> Result<Option<String>, WarehouseError> {
        let path = self.root().join(file.path);
        let length = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Some("it is missing".into()));
            }
            Err(error) => return Err(not_open("read", &path)(error)),
        };
        if let Some(bytes) = file.bytes.filter(|bytes| *bytes != length) {
            return Ok(Some(format!("it has {length} bytes and should have {bytes}")));
        }
        let Some(sha256) = file.sha256.filter(|_| depth == VerifyDepth::Contents) else {
            return Ok(None);
        };
        let is_it = fingerprint_at(&path).map_err(not_open("read", &path))? == *sha256;
        Ok((!is_it).then(|| "its content is not the one that was committed".into()))
    }
}

/// Adds the files that a version needs.
fn note(files: &mut BTreeMap<String, NamedFile>, number: u64, needed: &[NeededFile<'_>]) {
    let paths: BTreeSet<&str> = needed.iter().map(|file| file.path).collect();
    for file in needed {
        files.entry(file.path.to_owned()).or_insert_with(|| NamedFile {
            bytes: file.bytes,
            sha256: file.sha256.cloned(),
            versions: Vec::new(),
        });
    }
    for path in paths {
        files.get_mut(path).expect("it was noted").versions.push(number);
    }
}
