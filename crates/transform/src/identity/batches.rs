//! The rows of the identity tables, each in the order of its grain.

use std::cmp::Reverse;
use std::sync::Arc;

use scorewright_warehouse::arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};

use super::clusters::KeyClaim;
use super::match_counts::{MatchCounts, TableMatches};
use super::resolved_keys::ResolvedKeys;
use super::tables::IdentityTable;

/// Rows written at once.
const ROWS: usize = 65_536;

impl ResolvedKeys {
    /// The rows of a table in the order of its grain.
    pub(super) fn batches(
        &self,
        table: IdentityTable,
    ) -> Box<dyn Iterator<Item = RecordBatch> + '_> {
        match table {
            IdentityTable::Map => {
                let sorted = self.sorted_keys();
                let starts = (0..sorted.len()).step_by(ROWS);
                Box::new(starts.map(move |start| {
                    self.map_batch(&sorted[start..sorted.len().min(start + ROWS)])
                }))
            }
            IdentityTable::Conflict => Box::new(std::iter::once(self.conflict_batch())),
            IdentityTable::Match => Box::new(std::iter::once(self.match_batch())),
        }
    }

    fn map_batch(&self, rows: &[(u16, u32)]) -> RecordBatch {
        let keys = || rows.iter().map(|(_, key)| *key);
        let facts = || keys().map(|key| self.collected.facts[key as usize]);
        let sources =
            rows.iter().map(|(source, _)| self.collected.sources[usize::from(*source)].as_str());
        let columns: Vec<ArrayRef> = vec![
            texts(sources),
            texts(keys().map(|key| self.kind(key))),
            texts(keys().map(|key| self.text(key))),
            Arc::new(keys().map(|key| self.customer(key)).collect::<StringArray>()),
            moments(facts().map(|facts| facts.since)),
            moments(facts().map(|facts| facts.until)),
            texts(keys().map(|key| self.evidence(key).0)),
            Arc::new(keys().map(|key| self.evidence(key).1).collect::<Float64Array>()),
        ];
        batch(IdentityTable::Map, columns)
    }

    fn conflict_batch(&self) -> RecordBatch {
        let claims = self.claims();
        let mut rows: Vec<ConflictRow<'_>> = claims
            .flat_map(|(is_contested, claim)| self.conflict_rows(is_contested, claim))
            .collect();
        rows.sort_by(|one, other| one.order().cmp(&other.order()));
        rows.dedup_by(|one, other| one.grain() == other.grain());
        let columns: Vec<ArrayRef> = vec![
            texts(rows.iter().map(|row| row.source)),
            texts(rows.iter().map(|row| row.kind)),
            texts(rows.iter().map(|row| row.source_key)),
            texts(rows.iter().map(|row| row.claimed_by)),
            texts(rows.iter().map(|row| row.via.as_str())),
            Arc::new(rows.iter().map(|row| row.customer).collect::<StringArray>()),
            texts(rows.iter().map(|row| row.method)),
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.confidence))),
            texts(rows.iter().map(|row| row.outcome)),
        ];
        batch(IdentityTable::Conflict, columns)
    }

    /// A claim as it is seen in each system that has the key.
    fn conflict_rows(&self, is_contested: bool, claim: &KeyClaim) -> Vec<ConflictRow<'_>> {
        let bits = self.collected.facts[claim.key as usize].sources;
        let sources = self.collected.sources.iter().enumerate();
        let seen_in = sources.filter(|(number, _)| bits >> number & 1 == 1);
        let rows = seen_in.map(|(_, source)| ConflictRow {
            source,
            kind: self.kind(claim.key),
            source_key: self.text(claim.key),
            claimed_by: self.text(claim.anchor),
            via: self.long_name(claim.via),
            customer: self.customer(claim.key),
            method: self.method(claim.evidence),
            confidence: self.confidence(claim.evidence),
            outcome: if is_contested { "belongs to nobody" } else { "the weaker link lost" },
        });
        rows.collect()
    }

    fn match_batch(&self) -> RecordBatch {
        let matches = self.matches();
        let names: Vec<String> = matches.iter().map(|one| one.table.name.to_string()).collect();
        let columns: Vec<ArrayRef> = vec![
            texts(matches.iter().map(|one| one.source)),
            texts(names.iter().map(String::as_str)),
            counts(&matches, |counts| counts.rows),
            counts(&matches, |counts| counts.matched),
            counts(&matches, |counts| counts.unknown),
            counts(&matches, |counts| counts.contested),
            counts(&matches, |counts| counts.without_key),
        ];
        batch(IdentityTable::Match, columns)
    }
}

/// One row of `dim.identity_conflict`.
struct ConflictRow<'a> {
    source: &'a str,
    kind: &'a str,
    source_key: &'a str,
    claimed_by: &'a str,
    via: String,
    customer: Option<&'a str>,
    method: &'a str,
    confidence: f64,
    outcome: &'static str,
}

impl ConflictRow<'_> {
    fn grain(&self) -> [&str; 5] {
        [self.source, self.kind, self.source_key, self.claimed_by, &self.via]
    }

    /// The surest claim of a grain comes first, and stays.
    fn order(&self) -> ([&str; 5], Reverse<u64>, &str) {
        (self.grain(), Reverse(self.confidence.to_bits()), self.method)
    }
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// The ends of the range stand for a moment that is not known.
fn moments(values: impl Iterator<Item = i64>) -> ArrayRef {
    let known = values.map(|value| (value != i64::MAX && value != i64::MIN).then_some(value));
    Arc::new(known.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn counts(matches: &[TableMatches<'_>], count: fn(&MatchCounts) -> u64) -> ArrayRef {
    let counts = matches.iter().map(|one| count(&one.counts));
    let counts = counts.map(|count| i64::try_from(count).expect("the engine counts as far"));
    Arc::new(Int64Array::from_iter_values(counts))
}

fn batch(table: IdentityTable, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(table.schema(), columns).expect("columns are made by the schema")
}
