//! The identity file, verified: kinds, tables and their keys by number.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use scorewright_domain::{LocalTimeUse, ProjectFile, TableName};

use super::key_table::{KeyKind, KeyTable};

/// How every customer is known by its own id.
pub(super) const ITSELF: &str = "itself";
/// How a record that was merged into another is known.
pub(super) const MERGED: &str = "merged record";

/// Which columns of which tables name a customer.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The file it was read from.
    pub(crate) file: ProjectFile,
    /// Kinds in the order of the file.
    pub(super) kinds: Vec<KeyKind>,
    /// Tables in the order of the file, the anchor first.
    pub(super) tables: Vec<KeyTable>,
    /// All tables read, those inside conditions too.
    pub(crate) reads: BTreeSet<TableName>,
    /// What of the project's zone and schedules its conditions depend on.
    pub(crate) local_time: LocalTimeUse,
    /// Names of the parameters and variables that they ask for.
    pub(crate) parameters: BTreeSet<String>,
    /// Confidences of all links, the surest first.
    pub(super) levels: Vec<f64>,
    /// Methods of all links, in the order of the file.
    pub(super) methods: IndexSet<String>,
}

impl Identity {
    /// Whether it depends on the day of the run.
    pub(crate) fn uses_as_of(&self) -> bool {
        let mut conditions = self.tables.iter().flat_map(|table| &table.condition);
        conditions.any(|text| text.get_ref().contains("$as_of"))
    }

    /// Tables without which it is not worth resolving: the anchor, or all where none is declared.
    pub(crate) fn requires(&self) -> Vec<&TableName> {
        match self.anchor() {
            Some(anchor) => vec![&anchor.name],
            None => self.reads.iter().collect(),
        }
    }

    /// The table whose rows are the customers.
    pub(super) fn anchor(&self) -> Option<&KeyTable> {
        self.tables.first().filter(|table| table.is_anchor)
    }

    /// The position of a confidence among all.
    pub(super) fn level(&self, confidence: f64) -> u16 {
        let level = self.levels.iter().position(|level| level.to_bits() == confidence.to_bits());
        let level = level.expect("every key's confidence is ranked when the file is read");
        u16::try_from(level).expect("a file has fewer confidences")
    }
}
