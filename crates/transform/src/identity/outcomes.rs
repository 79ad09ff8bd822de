//! What is checked of the identity tables, beside their grain.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{CheckId, CheckOutcome, CheckVerdict, Severity};

use super::clusters::Owner;
use super::match_counts::TableMatches;
use super::resolved_keys::ResolvedKeys;
use super::tables::IdentityTable;
use crate::check::tolerated;

/// Conflicts named in a message.
const NAMED: usize = 5;

impl ResolvedKeys {
    /// Outcomes of the checks of a table.
    pub(crate) fn outcomes(&self, table: IdentityTable) -> Vec<CheckOutcome> {
        match table {
            IdentityTable::Map => vec![self.conflict()],
            IdentityTable::Conflict => Vec::new(),
            IdentityTable::Match => self.unmatched(),
        }
    }

    /// Keys that no customer has because several claim them.
    pub(super) fn conflict(&self) -> CheckOutcome {
        let owners = &self.clusters.owner_of_key;
        let contested = owners.iter().filter(|owner| **owner == Owner::Contested).count();
        let mut claimants: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for claim in &self.clusters.contested {
            claimants.entry(self.long_name(claim.key)).or_default().insert(self.text(claim.anchor));
        }
        let samples = claimants.into_iter().take(NAMED).map(|(key, claimants)| {
            format!("{key}: {}", claimants.into_iter().collect::<Vec<_>>().join(" or "))
        });
        CheckOutcome {
            check: CheckId::one_customer(),
            offending: contested as u64,
            tolerated: 0,
            looked_at: Some(owners.len() as u64),
            verdict: CheckVerdict::of(contested as u64, 0, Severity::Warn),
            samples: samples.collect(),
        }
    }

    /// Rows that belong to no known customer, one outcome for each table and system.
    /// Without an anchor no customer is known, so that there is nothing to ask.
    pub(super) fn unmatched(&self) -> Vec<CheckOutcome> {
        match self.identity.anchor() {
            Some(_) => self.matches().iter().map(unmatched_rows).collect(),
            None => Vec::new(),
        }
    }
}

fn unmatched_rows(TableMatches { source, table, counts }: &TableMatches<'_>) -> CheckOutcome {
    let offending = counts.unmatched();
    let tolerated = tolerated(counts.rows, table.tolerance);
    CheckOutcome {
        check: CheckId::known_customer(source, &table.name.to_string()),
        offending,
        tolerated,
        looked_at: Some(counts.rows),
        verdict: CheckVerdict::of(offending, tolerated, Severity::Warn),
        samples: Vec::new(),
    }
}
