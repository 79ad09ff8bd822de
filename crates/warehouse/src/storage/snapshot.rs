//! What one commit made visible, and its text as a commit file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::Path;

use jiff::civil::Date;
use scorewright_domain::{
    AbsentColumn, Built, CheckOutcome, Fingerprint, KnownLoad, Landing, LeftOutExtract, LocalTime,
    OwedIssue, Profile, SourceReach, TableName, Variables,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::stored_project::StoredProject;
use super::table::{Table, View};
use crate::error::WarehouseError;

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
    /// The project's text files; `None` in a commit of a program that did not keep them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<StoredProject>,
    /// Zone and schedules that its SQL means; `None` in a commit of a program that did not keep them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_time: Option<LocalTime>,
    /// Variables that its SQL names.
    #[serde(default, skip_serializing_if = "Variables::is_empty")]
    pub variables: Variables,
    /// The profile it was made under; `None` for the project itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Tables by name.
    pub tables: BTreeMap<TableName, Table>,
    /// Models that are not stored, by name.
    pub views: BTreeMap<TableName, View>,
    /// The books: every extract that is in the raw tables.
    pub landings: Vec<Landing>,
    /// Contents that landed in later versions than one that was gone back to, until they land again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_loads: Vec<KnownLoad>,
    /// How far each source has delivered; empty in a commit of a program that did not ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<SourceReach>,
    /// Extracts that are not in the raw tables: refused ones that stopped nothing, and those held back with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutExtract>,
    /// What the build of each model left behind.
    pub built: Vec<Built>,
    /// Outcomes of the project's own checks.
    pub checks: Vec<CheckOutcome>,
    /// The newest issue of each report and period, of this version and those before; `version` tells whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<OwedIssue>,
    /// By metric: columns that no extract has and without which rows of their source give it no value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent_columns: BTreeMap<String, BTreeSet<AbsentColumn>>,
    /// By metric: a hash over everything that its values are measured from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measured_from: BTreeMap<String, Fingerprint>,
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
            project: None,
            local_time: None,
            variables: Variables::default(),
            profile: None,
            tables: BTreeMap::new(),
            views: BTreeMap::new(),
            landings: Vec::new(),
            known_loads: Vec::new(),
            reaches: Vec::new(),
            left_out: Vec::new(),
            built: Vec::new(),
            checks: Vec::new(),
            issues: Vec::new(),
            absent_columns: BTreeMap::new(),
            measured_from: BTreeMap::new(),
        }
    }

    /// Its text as a commit file.
    pub(crate) fn to_text(&self) -> String {
        seal(&serde_json::to_value(self).expect("a snapshot has string keys only"))
    }

    /// Reads the text of a commit file; `path` is for the message.
    pub(super) fn from_text(path: &Path, text: &str) -> Result<Self, WarehouseError> {
        let mut sealed: Value = serde_json::from_str(text).map_err(|bad| damaged(path, &bad))?;
        let body = sealed["version"].take();
        if sealed["sha256"].as_str() != Some(hash(&body).as_str()) {
            return Err(damaged(path, &"its hash does not match its content"));
        }
        serde_json::from_value(body).map_err(|bad| damaged(path, &bad))
    }
}

fn seal(body: &Value) -> String {
    format!("{:#}\n", serde_json::json!({ "sha256": hash(body), "version": body }))
}

/// The hash covers the text without white space, so that a commit file may be indented.
fn hash(body: &Value) -> Fingerprint {
    Fingerprint::of(body.to_string().as_bytes())
}

fn damaged(path: &Path, what: &dyn Display) -> WarehouseError {
    WarehouseError::Damaged { path: path.to_owned(), what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Schema;

    use super::*;
    use crate::storage::stored_file::StoredFile;

    fn snapshot() -> Snapshot {
        let file = StoredFile {
            path: "tables/raw/sale/1.parquet".into(),
            bytes: 1,
            sha256: Fingerprint::of(b""),
            rows: 1,
            partition: None,
            versions: None,
        };
        let files = vec![file.clone(), file.in_partition("2026-11")];
        let table = Table::new(&Schema::empty(), files, "inputs".into());
        let name = TableName::new("raw", "sale").unwrap();
        Snapshot { number: 1, tables: [(name, table)].into(), ..Snapshot::empty() }
    }

    #[test]
    fn a_commit_file_is_read_back() {
        let text = snapshot().to_text();
        assert!(text.contains("\"partition\": \"2026-11\""), "{text}");
        assert_eq!(Snapshot::from_text(Path::new("1.json"), &text).unwrap(), snapshot());
    }

    #[test]
    fn a_commit_file_with_the_former_names_is_still_read() {
        let text = serde_json::to_string(&snapshot()).unwrap();
        let former = text
            .replace("\"partition\":", "\"part\":")
            .replace("\"input_hash\":", "\"made_from\":");
        assert_eq!(former.matches("\"part\":").count(), 1);
        assert_eq!(former.matches("\"made_from\":").count(), 1);
        let text = seal(&serde_json::from_str(&former).unwrap());
        assert_eq!(Snapshot::from_text(Path::new("1.json"), &text).unwrap(), snapshot());
    }

    #[test]
    fn a_changed_commit_file_is_damaged() {
        let text = snapshot().to_text().replace("\"rows\": 1", "\"rows\": 2");
        let read = Snapshot::from_text(Path::new("1.json"), &text);
        assert!(matches!(read, Err(WarehouseError::Damaged { .. })));
    }
}
