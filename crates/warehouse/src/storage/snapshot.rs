//! What one commit made visible.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_domain::{
    AbsentColumn, Built, CheckOutcome, Fingerprint, KnownLoad, Landing, LeftOutExtract, LocalTime,
    OwedIssue, Profile, SourceReach, TableName, Variables,
};
use serde::{Deserialize, Serialize};

use super::stored_project::StoredProject;
use super::table::{Table, View};

/// Everything one commit made visible.
///
/// The file `versions/<number>.json` holds it beside a SHA-256 over itself, with the names of the manifests that hold its
/// tables, books and issues; a reader takes the newest file whose own hash is right, and whose manifests are.
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
    /// Tables and views that would be other ones if the run had not been told which to make.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub behind: BTreeSet<TableName>,
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
            behind: BTreeSet::new(),
            checks: Vec::new(),
            issues: Vec::new(),
            absent_columns: BTreeMap::new(),
            measured_from: BTreeMap::new(),
        }
    }
}
