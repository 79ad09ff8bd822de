//! What the lines of a file told about it.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::columns::JsonColumns;
use crate::refusal::Refusal;
use crate::rows::binding;
use crate::source::{JsonPath, Source};

/// Names and columns that were met so far.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Names of the members of rows in the order in which they were met, and whether a path begins with them.
    pub(crate) names: IndexMap<String, bool>,
    /// For each stored column, whether some row has a value, or null, at one of its paths.
    pub(crate) is_met: Vec<bool>,
    /// Whether some row could be taken apart to its end.
    pub(crate) is_any_whole: bool,
}

impl Learned {
    /// Adds what later lines told.
    pub(crate) fn absorb(&mut self, later: Self) {
        self.is_met.resize(later.is_met.len(), false);
        self.is_met.iter_mut().zip(later.is_met).for_each(|(met, is_met)| *met |= is_met);
        self.is_any_whole |= later.is_any_whole;
        self.names.extend(later.names);
    }

    /// Names that the source does not declare, as `from` would have them; required columns that no row has refuse the file.
    pub(crate) fn unknown(
        self,
        columns: &JsonColumns,
        source: &Source,
    ) -> Result<Vec<String>, Refusal> {
        // Without any row that could be taken apart nothing is known of its columns.
        let mut missing = self.missing(columns, source);
        if missing.is_empty() && self.is_strange() {
            // Only columns that need not be there, and none of them: names of members may then be somebody's.
            let stored = columns.stored.iter().map(|column| column.canonical.as_str());
            missing = stored.collect();
        }
        if self.is_any_whole && !missing.is_empty() {
            let undeclared = self.names.iter().filter(|(_, is_declared)| !**is_declared);
            let names: Vec<&str> = undeclared.map(|(name, _)| name.as_str()).collect();
            return Err(binding::lacks(
                source,
                missing,
                self.names.keys().cloned().collect(),
                &names,
            ));
        }
        let evolved: HashSet<&str> = source
            .columns
            .values()
            .filter(|column| column.is_evolved)
            .flat_map(|column| column.from.0.iter().map(String::as_str))
            .collect();
        let undeclared = self.names.iter().filter_map(|(name, is_declared)| {
            let path = JsonPath::of_member(name);
            let is_unknown =
                (!is_declared || evolved.contains(path.as_str())) && !source.is_ignored(name);
            is_unknown.then_some(path)
        });
        Ok(undeclared.collect())
    }

    /// Whether rows have members, and none of them is one that the source declares.
    fn is_strange(&self) -> bool {
        !self.names.is_empty() && self.names.values().all(|is_declared| !is_declared)
    }

    /// Stored columns that no row has, by their canonical names; none where no row could be taken apart.
    pub(crate) fn unmet(&self, columns: &JsonColumns) -> Vec<String> {
        let stored = columns.stored.iter().zip(&self.is_met);
        let unmet = stored.filter(|(_, is_met)| self.is_any_whole && !**is_met);
        unmet.map(|(column, _)| column.canonical.clone()).collect()
    }

    /// Required columns that no row has.
    fn missing<'a>(&self, columns: &'a JsonColumns, source: &Source) -> Vec<&'a str> {
        let stored = columns.stored.iter().zip(&self.is_met).filter(|(_, is_met)| !**is_met);
        let names = stored.map(|(column, _)| column.canonical.as_str());
        names.filter(|name| source.is_required(name)).collect()
    }
}
