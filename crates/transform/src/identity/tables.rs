//! Who is who as tables: `dim.map_identity`, `dim.identity_conflict`, `dim.identity_match`.

use std::sync::Arc;

use scorewright_domain::{ProjectFile, TableName};
use scorewright_warehouse::arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use scorewright_warehouse::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::owners::Claim;
use super::resolved::Resolved;

/// Rows written at once.
const ROWS: usize = 65_536;

/// One of the tables made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Every key with its customer.
    Map,
    /// Claims that did not become the customer's.
    Conflict,
    /// What became of the rows of each table.
    Match,
}

impl Part {
    pub(crate) const ALL: [Self; 3] = [Self::Map, Self::Conflict, Self::Match];

    pub(crate) fn table(self) -> TableName {
        let noun = match self {
            Self::Map => "map_identity",
            Self::Conflict => "identity_conflict",
            Self::Match => "identity_match",
        };
        TableName::new("dim", noun).expect("a word of ours")
    }

    /// What the table says of itself, as a companion file says it of a model.
    pub(crate) fn companion(self) -> ProjectFile {
        let text = match self {
            Self::Map => include_str!("map_identity.toml"),
            Self::Conflict => include_str!("identity_conflict.toml"),
            Self::Match => include_str!("identity_match.toml"),
        };
        ProjectFile::new(self.table().to_string(), text)
    }

    pub(crate) fn schema(self) -> SchemaRef {
        let text = |name: &str, may_lack: bool| Field::new(name, DataType::Utf8, may_lack);
        let moment = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let count = |name: &str| Field::new(name, DataType::Int64, false);
        let fields = match self {
            Self::Map => vec![
                text("source", false),
                text("kind", false),
                text("source_key", false),
                text("customer_id", true),
                Field::new("valid_from", moment(), true),
                Field::new("valid_to", moment(), true),
                text("method", false),
                Field::new("confidence", DataType::Float64, true),
            ],
            Self::Conflict => vec![
                text("source", false),
                text("kind", false),
                text("source_key", false),
                text("claimed_by", false),
                text("via", false),
                text("customer_id", true),
                text("method", false),
                Field::new("confidence", DataType::Float64, false),
                text("outcome", false),
            ],
            Self::Match => vec![
                text("source", false),
                text("table_name", false),
                count("rows"),
                count("matched"),
                count("unknown"),
                count("contested"),
                count("without_key"),
            ],
        };
        Arc::new(Schema::new(fields))
    }
}

impl Resolved {
    /// The rows of a table in the order of its grain.
    pub(crate) fn batches(&self, part: Part) -> Box<dyn Iterator<Item = RecordBatch> + '_> {
        match part {
            Part::Map => {
                let sorted = self.sorted();
                let starts = (0..sorted.len()).step_by(ROWS);
                Box::new(starts.map(move |start| {
                    self.map_batch(&sorted[start..sorted.len().min(start + ROWS)])
                }))
            }
            Part::Conflict => Box::new(std::iter::once(self.conflict_batch())),
            Part::Match => Box::new(std::iter::once(self.match_batch())),
        }
    }

    /// Each key once for each system it is seen in, in order of system, kind and text.
    fn sorted(&self) -> Vec<(u16, u32)> {
        let spaces = self.gathered.spaces.len();
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); self.gathered.sources.len() * spaces];
        for (key, facts) in (0u32..).zip(&self.gathered.facts) {
            let space = usize::from(self.gathered.keys[key as usize].space);
            let mut sources = facts.sources;
            while sources != 0 {
                buckets[sources.trailing_zeros() as usize * spaces + space].push(key);
                sources &= sources - 1;
            }
        }
        let name = |bucket: usize| {
            let kind = self.gathered.spaces[bucket % spaces].1;
            (&self.gathered.sources[bucket / spaces], &self.identity.kinds[kind].name)
        };
        let mut filled: Vec<(usize, Vec<u32>)> =
            buckets.into_iter().enumerate().filter(|(_, keys)| !keys.is_empty()).collect();
        filled.sort_by_key(|(bucket, _)| name(*bucket));
        std::thread::scope(|scope| {
            for (_, keys) in &mut filled {
                scope.spawn(|| self.sort_by_text(keys));
            }
        });
        let source = |bucket: usize| u16::try_from(bucket / spaces).expect("at most 64 systems");
        filled
            .iter()
            .flat_map(|(bucket, keys)| keys.iter().map(|key| (source(*bucket), *key)))
            .collect()
    }

    /// Sorts keys by text. Names of one system begin alike; the eight bytes after that mostly decide, and lie side by side.
    fn sort_by_text(&self, keys: &mut [u32]) {
        let Some(first) = keys.first().map(|key| self.text(*key).as_bytes()) else { return };
        let alike = |key: &u32| {
            first.iter().zip(self.text(*key).as_bytes()).take_while(|(a, b)| a == b).count()
        };
        let alike = keys.iter().map(alike).min().unwrap_or(0);
        let mut sorted: Vec<(u64, &str, u32)> = keys
            .iter()
            .map(|key| {
                let text = self.text(*key);
                let mut bytes = [0; 8];
                let rest = &text.as_bytes()[alike..];
                let length = rest.len().min(8);
                bytes[..length].copy_from_slice(&rest[..length]);
                (u64::from_be_bytes(bytes), text, *key)
            })
            .collect();
        sorted.sort_unstable();
        keys.iter_mut().zip(sorted).for_each(|(place, (_, _, key))| *place = key);
    }

    fn map_batch(&self, rows: &[(u16, u32)]) -> RecordBatch {
        let keys = || rows.iter().map(|(_, key)| *key);
        let facts = || keys().map(|key| self.gathered.facts[key as usize]);
        let source = |source: &u16| self.gathered.sources[usize::from(*source)].as_str();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(number, _)| source(number)))),
            Arc::new(StringArray::from_iter_values(keys().map(|key| self.kind(key)))),
            Arc::new(StringArray::from_iter_values(keys().map(|key| self.text(key)))),
            Arc::new(keys().map(|key| self.customer(key)).collect::<StringArray>()),
            moments(facts().map(|facts| facts.since)),
            moments(facts().map(|facts| facts.until)),
            Arc::new(StringArray::from_iter_values(keys().map(|key| self.known(key).0))),
            Arc::new(keys().map(|key| self.known(key).1).collect::<Float64Array>()),
        ];
        batch(Part::Map, columns)
    }

    fn conflict_batch(&self) -> RecordBatch {
        let mut rows: Vec<ConflictRow<'_>> = self
            .claims()
            .flat_map(|(is_nobodys, claim)| self.conflict_rows(is_nobodys, claim))
            .collect();
        rows.sort_by(|one, other| one.order().cmp(&other.order()));
        rows.dedup_by(|one, other| one.grain() == other.grain());
        let text = |of: fn(&ConflictRow<'_>) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
        };
        let columns = vec![
            text(|row| row.source.into()),
            text(|row| row.kind.into()),
            text(|row| row.source_key.into()),
            text(|row| row.claimed_by.into()),
            text(|row| row.via.clone()),
            Arc::new(rows.iter().map(|row| row.customer).collect::<StringArray>()),
            text(|row| row.method.into()),
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.confidence))),
            text(|row| row.outcome.into()),
        ];
        batch(Part::Conflict, columns)
    }

    /// A claim as it is seen in each system that has the key.
    fn conflict_rows(&self, is_nobodys: bool, claim: &Claim) -> Vec<ConflictRow<'_>> {
        let sources = self.gathered.facts[claim.key as usize].sources;
        let seen =
            self.gathered.sources.iter().enumerate().filter(|(place, _)| sources >> place & 1 == 1);
        seen.map(|(_, source)| ConflictRow {
            source,
            kind: self.kind(claim.key),
            source_key: self.text(claim.key),
            claimed_by: self.text(claim.anchor),
            via: self.long_name(claim.via),
            customer: self.customer(claim.key),
            method: self.method(claim.known),
            confidence: self.confidence(claim.known),
            outcome: if is_nobodys { "belongs to nobody" } else { "the weaker link lost" },
        })
        .collect()
    }

    fn match_batch(&self) -> RecordBatch {
        let matches = self.matches();
        let count = |of: fn(&super::resolved::Fates) -> u64| -> ArrayRef {
            let counts = matches.values().map(|fates| i64::try_from(of(fates)).unwrap_or(i64::MAX));
            Arc::new(Int64Array::from_iter_values(counts))
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(matches.keys().map(|(source, _)| source))),
            Arc::new(StringArray::from_iter_values(matches.keys().map(|(_, table)| table))),
            count(|fates| fates.rows),
            count(|fates| fates.known),
            count(|fates| fates.unknown),
            count(|fates| fates.contested),
            count(|fates| fates.without_key),
        ];
        batch(Part::Match, columns)
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
    fn order(&self) -> ([&str; 5], std::cmp::Reverse<u64>, &str) {
        (self.grain(), std::cmp::Reverse(self.confidence.to_bits()), self.method)
    }
}

/// The ends of the range stand for a moment nobody knows.
fn moments(values: impl Iterator<Item = i64>) -> ArrayRef {
    let known = values.map(|value| (value != i64::MAX && value != i64::MIN).then_some(value));
    Arc::new(known.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn batch(part: Part, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(part.schema(), columns).expect("columns are made by the schema")
}
