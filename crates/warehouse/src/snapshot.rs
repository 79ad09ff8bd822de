//! The folder, and what one commit made visible.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use scorewright_domain::{Built, CheckOutcome, Fingerprint, Landing, TableName};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use scorewright_durable::failed;

use crate::error::WarehouseError;
use crate::table::{Table, View};

/// A folder of tables.
#[derive(Debug, Clone)]
pub struct Warehouse {
    root: PathBuf,
}

/// Everything one commit made visible.
///
/// The file `versions/<number>.json` holds it beside a SHA-256 over itself; a
/// reader takes the newest file whose own hash is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the commit, from 1; 0 is the empty warehouse before the first.
    pub number: u64,
    /// Run that committed it.
    pub run: String,
    /// Day it was made for.
    pub as_of: Option<Date>,
    /// Version of the program.
    pub program: String,
    /// Hash over the project's files and the options that shape results.
    pub configuration: String,
    /// Tables by name.
    pub tables: BTreeMap<TableName, Table>,
    /// Models that are not stored, by name.
    pub views: BTreeMap<TableName, View>,
    /// The books: every extract that is in the raw tables.
    pub landings: Vec<Landing>,
    /// What the build of each model left behind.
    pub built: Vec<Built>,
    /// Outcomes of the project's own checks.
    pub checks: Vec<CheckOutcome>,
}

impl Snapshot {
    /// The warehouse before its first commit.
    pub fn empty() -> Self {
        Self {
            number: 0,
            run: String::new(),
            as_of: None,
            program: String::new(),
            configuration: String::new(),
            tables: BTreeMap::new(),
            views: BTreeMap::new(),
            landings: Vec::new(),
            built: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Its text as a commit file.
    pub(crate) fn to_text(&self) -> String {
        let body = serde_json::to_value(self).expect("a snapshot has string keys only");
        let sha256 = Fingerprint::of(body.to_string().as_bytes());
        let sealed = serde_json::json!({ "sha256": sha256, "version": body });
        format!("{sealed:#}\n")
    }

    fn from_text(path: &Path, text: &str) -> Result<Self, WarehouseError> {
        let damaged = |what: String| WarehouseError::Damaged { path: path.to_owned(), what };
        let mut sealed: Value =
            serde_json::from_str(text).map_err(|bad| damaged(bad.to_string()))?;
        let body = sealed["version"].take();
        if sealed["sha256"].as_str() != Some(Fingerprint::of(body.to_string().as_bytes()).as_str())
        {
            return Err(damaged("its hash does not match its content".into()));
        }
        serde_json::from_value(body).map_err(|bad| damaged(bad.to_string()))
    }
}

impl Warehouse {
    /// The warehouse in a folder, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The newest commit whose own hash is right; the empty snapshot before the first.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when commits exist and none is whole.
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
        let path = self.version_path(number);
        match fs::read_to_string(&path) {
            Ok(text) => Snapshot::from_text(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(WarehouseError::NoVersion { asked: number, path: self.root.clone() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(WarehouseError::Damaged { path, what: "it is not text".into() })
            }
            Err(error) => Err(failed("read", &path)(error).into()),
        }
    }

    /// The number the next commit takes: one above every commit file, whole or not.
    pub(crate) fn next_number(&self) -> Result<u64, WarehouseError> {
        Ok(self.numbers()?.last().map_or(1, |last| last + 1))
    }

    fn numbers(&self) -> Result<Vec<u64>, WarehouseError> {
        let folder = self.root.join("versions");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed("list", &folder)(error).into()),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed("list", &folder))?.file_name();
            numbers.extend(
                name.to_str().and_then(|name| name.strip_suffix(".json")?.parse::<u64>().ok()),
            );
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(crate) fn version_path(&self, number: u64) -> PathBuf {
        self.root.join("versions").join(format!("{number:010}.json"))
    }
}
