//! What became of the rows of each table and system.

use std::collections::BTreeMap;

use super::clusters::Owner;
use super::collected_keys::{KeyCombinations, NONE};
use super::key_table::KeyTable;
use super::resolved_keys::ResolvedKeys;

/// Rows of one table and system: `rows = matched + unknown + contested + without_key`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct MatchCounts {
    pub(super) rows: u64,
    /// Rows of a customer of the anchor table; of any customer when there is none.
    pub(super) matched: u64,
    /// Rows whose keys no customer of the anchor table has.
    pub(super) unknown: u64,
    /// Rows whose keys several customers claim.
    pub(super) contested: u64,
    /// Rows that name no customer.
    pub(super) without_key: u64,
}

impl MatchCounts {
    /// Rows that belong to no known customer.
    pub(super) fn unmatched(&self) -> u64 {
        self.rows - self.matched
    }
}

/// The counts of a system in a table.
pub(super) struct TableMatches<'a> {
    pub(super) source: &'a str,
    pub(super) table: &'a KeyTable,
    pub(super) counts: MatchCounts,
}

impl ResolvedKeys {
    /// What became of the rows, in order of system and table.
    pub(super) fn matches(&self) -> Vec<TableMatches<'_>> {
        let tables = self.identity.tables.iter().zip(&self.collected.combinations);
        let mut matches: Vec<TableMatches<'_>> =
            tables.flat_map(|(table, combinations)| self.matches_of(table, combinations)).collect();
        matches.sort_by_key(|one| (one.source, &one.table.name));
        matches
    }

    fn matches_of<'a>(
        &'a self,
        table: &'a KeyTable,
        combinations: &KeyCombinations,
    ) -> Vec<TableMatches<'a>> {
        let mut by_source: BTreeMap<u16, MatchCounts> = BTreeMap::new();
        let cells = combinations.cells.chunks(table.keys.len());
        let each = cells.zip(&combinations.sources).zip(&combinations.rows);
        for ((cells, source), rows) in each {
            let counts = by_source.entry(*source).or_default();
            counts.rows += rows;
            *self.counter(counts, cells) += rows;
        }
        let named = by_source.into_iter().map(|(source, counts)| TableMatches {
            source: &self.collected.sources[usize::from(source)],
            table,
            counts,
        });
        named.collect()
    }

    /// Where a row with these keys is counted.
    fn counter<'m>(&self, counts: &'m mut MatchCounts, cells: &[u32]) -> &'m mut u64 {
        let has_anchor = self.identity.anchor().is_some();
        let (mut is_contested, mut is_unknown) = (false, false);
        for cell in cells.iter().filter(|cell| **cell != NONE) {
            match self.clusters.owner_of_key[*cell as usize] {
                Owner::Customer { .. } => return &mut counts.matched,
                Owner::Unknown { .. } if !has_anchor => return &mut counts.matched,
                Owner::Unknown { .. } => is_unknown = true,
                Owner::Contested => is_contested = true,
            }
        }
        match (is_contested, is_unknown) {
            (true, _) => &mut counts.contested,
            (false, true) => &mut counts.unknown,
            (false, false) => &mut counts.without_key,
        }
    }
}
