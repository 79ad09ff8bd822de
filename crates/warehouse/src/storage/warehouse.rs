//! The folder and the commits in it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use scorewright_domain::{ProjectFile, SqlLimits};
use scorewright_durable::{Readers, failed};

use super::manifest_pack::Packs;
use super::manifests::KnownManifests;
use super::snapshot::Snapshot;
use super::version_file::VersionFile;
use crate::error::{WarehouseError, not_open};

/// Name of the folder of files that a run has not committed.
pub(crate) const STAGE: &str = ".stage";

/// A folder of tables.
#[derive(Debug, Clone)]
pub struct Warehouse {
    root: PathBuf,
    readers: Readers,
    sql_limits: SqlLimits,
}

impl Warehouse {
    /// The warehouse in a folder, which need not exist yet; what is written to it is for its owner alone.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), readers: Readers::Owner, sql_limits: SqlLimits::default() }
    }

    /// The same, with readers of its tables and versions.
    #[must_use]
    pub fn read_by(self, readers: Readers) -> Self {
        Self { readers, ..self }
    }

    /// The same, with limits of the queries over it.
    #[must_use]
    pub fn with_sql_limits(self, sql_limits: SqlLimits) -> Self {
        Self { sql_limits, ..self }
    }

    /// What a query over it may take.
    pub(crate) fn sql_limits(&self) -> SqlLimits {
        self.sql_limits
    }

    /// Who reads its tables and versions.
    pub(super) fn readers(&self) -> Readers {
        self.readers
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of files that a run has not committed, if there is one: that of an active run, or of a dead one.
    pub fn stage(&self) -> Option<PathBuf> {
        Some(self.root.join(STAGE)).filter(|folder| folder.exists())
    }

    /// The newest commit whose own hash is right; the empty snapshot before the first.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when commits exist and none of them is intact.
    pub fn newest(&self) -> Result<Snapshot, WarehouseError> {
        let mut damaged = None;
        for number in self.numbers()?.into_iter().rev() {
            match self.version(number) {
                Ok(snapshot) => return Ok(snapshot),
                Err(error @ WarehouseError::Damaged { .. }) => damaged = damaged.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        damaged.map_or_else(|| Ok(Snapshot::empty()), Err)
    }

    /// One commit by number.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::NoVersion`] when it is not there; [`WarehouseError::Damaged`] when its hash is wrong.
    pub fn version(&self, number: u64) -> Result<Snapshot, WarehouseError> {
        self.version_file(number)?.into_snapshot(&mut Packs::below(&self.root))
    }

    /// The commit file of a version, without what its manifests hold.
    pub(super) fn version_file(&self, number: u64) -> Result<VersionFile, WarehouseError> {
        let path = self.version_path(number);
        match fs::read_to_string(&path) {
            Ok(text) => VersionFile::from_text(&path, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let known = known_versions(&self.numbers()?);
                Err(WarehouseError::NoVersion { asked: number, path: self.root.clone(), known })
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                Err(WarehouseError::Damaged { path, what: "it is not text".into() })
            }
            Err(error) => Err(not_open("read", &path)(error)),
        }
    }

    /// The text files of the project that a version was made from; `None` for a version of a program that kept none.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when their file is missing or not the one of the commit.
    pub fn project_files(
        &self,
        snapshot: &Snapshot,
    ) -> Result<Option<Vec<ProjectFile>>, WarehouseError> {
        snapshot.project.as_ref().map(|stored| stored.read(&self.root)).transpose()
    }

    /// The manifests of the newest version that can be read: what has not changed since stays where it is.
    pub(crate) fn known_manifests(&self) -> Result<KnownManifests, WarehouseError> {
        let mut packs = Packs::below(&self.root);
        let numbers = self.numbers()?;
        let newest = numbers.iter().rev().find_map(|number| self.version_file(*number).ok());
        Ok(newest.map(|newest| newest.known_manifests(&mut packs)).unwrap_or_default())
    }

    /// The number the next commit takes: one above every commit file, intact or not.
    pub(crate) fn next_number(&self) -> Result<u64, WarehouseError> {
        Ok(self.numbers()?.last().map_or(1, |last| last + 1))
    }

    /// Numbers of all commit files, ascending, intact or not.
    pub(super) fn numbers(&self) -> Result<Vec<u64>, WarehouseError> {
        let folder = self.root.join("versions");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(not_open("list", &folder)(error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed("list", &folder))?.file_name();
            numbers.extend(name.to_str().and_then(number_of));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(crate) fn version_path(&self, number: u64) -> PathBuf {
        self.root.join("versions").join(format!("{number:010}.json"))
    }
}

/// The number in the name of a commit file; `None` for any other file.
fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".json")?.parse().ok()
}

/// Which versions there are, and what to do, for who asked for another one.
fn known_versions(numbers: &[u64]) -> String {
    match numbers {
        [] => "it has no version yet: `scorewright run` makes the first".into(),
        _ => format!("there are: {}; `scorewright snapshots` lists them", in_words(numbers)),
    }
}

/// Numbers in words: `1, 2, 5 to 9`.
fn in_words(numbers: &[u64]) -> String {
    let is_next = |one: &u64, other: &u64| one + 1 == *other;
    let words = |run: &[u64]| match run {
        [] => String::new(),
        [one] => one.to_string(),
        [one, other] => format!("{one}, {other}"),
        [first, .., last] => format!("{first} to {last}"),
    };
    let runs: Vec<String> = numbers.chunk_by(is_next).map(words).collect();
    runs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_named_by_their_ends() {
        for (numbers, words) in [(vec![3], "3"), (vec![1, 2, 5, 6, 7, 9], "1, 2, 5 to 7, 9")] {
            assert_eq!(in_words(&numbers), words);
        }
        assert!(known_versions(&[]).contains("`scorewright run` makes the first"));
    }
}
