//! What the lines of a file told about it.

use indexmap::IndexMap;

use super::columns::Columns;
use crate::binding;
use crate::refusal::Refusal;
use crate::source::Source;

/// Names and columns that were met so far.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Names of the members of rows in the order in which they were met, and whether a path begins with them.
    pub(crate) names: IndexMap<String, bool>,
    /// For each stored column, whether some row has a value, or null, at one of its paths.
    pub(crate) is_met: Vec<bool>,
}

impl Learned {
    /// Adds what later lines told.
    pub(crate) fn absorb(&mut self, later: Self) {
        self.is_met.resize(later.is_met.len(), false);
        self.is_met.iter_mut().zip(later.is_met).for_each(|(met, is_met)| *met |= is_met);
        self.names.extend(later.names);
    }

    /// Names that the source does not declare; a required column that no row has refuses the file.
    pub(crate) fn unknown(self, columns: &Columns, source: &Source) -> Result<Vec<String>, Refusal> {
        // Without any row that could be taken apart nothing is known of its columns.
        if !self.names.is_empty() {
            let missing = columns.stored.iter().zip(&self.is_met);
            let mut missing =
                missing.filter(|(column, is_met)| !**is_met && source.is_required(&column.canonical));
            if let Some((column, _)) = missing.next() {
                let header: Vec<String> = self.names.into_keys().collect();
                return Err(binding::missing(&header, &column.canonical, source));
            }
        }
        let undeclared = self.names.into_iter().filter(|(_, is_declared)| !is_declared).map(|(name, _)| name);
        Ok(undeclared.filter(|name| !source.is_ignored(name)).collect())
    }
}
