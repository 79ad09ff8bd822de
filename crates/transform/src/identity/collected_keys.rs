//! Keys, links and rows of the declared tables, as numbers.

use std::hash::{Hash, Hasher};

use indexmap::{Equivalent, IndexSet};

use super::clusters::Link;

/// No key in this cell.
pub(super) const NONE: u32 = u32::MAX;

/// All that the declared tables say about which names belong together.
#[derive(Debug, Default)]
pub(crate) struct CollectedKeys {
    /// Every key once.
    pub(super) keys: IndexSet<IdentityKey>,
    /// What is known of each key.
    pub(super) facts: Vec<KeyFacts>,
    /// Where a key means what: the system, none for a shared kind, and the kind.
    pub(super) spaces: IndexSet<(Option<u16>, usize)>,
    /// Systems named, in the order they were met.
    pub(super) sources: IndexSet<String>,
    /// Keys that are a customer's own.
    pub(super) anchors: Vec<u32>,
    pub(super) links: Vec<Link>,
    /// One for each declared table.
    pub(super) combinations: Vec<KeyCombinations>,
}

/// A key: its space and its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IdentityKey {
    pub(super) space: u16,
    pub(super) text: Box<str>,
}

// As a `KeyLookup` hashes, so that one finds the other.
impl Hash for IdentityKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.space, &*self.text).hash(state);
    }
}

/// A key that is only looked up, without a text of its own.
#[derive(Hash)]
pub(super) struct KeyLookup<'a>(pub(super) u16, pub(super) &'a str);

impl Equivalent<IdentityKey> for KeyLookup<'_> {
    fn equivalent(&self, key: &IdentityKey) -> bool {
        self.0 == key.space && *self.1 == *key.text
    }
}

/// What is known of a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyFacts {
    /// Systems it is seen in, as bits.
    pub(super) sources: u64,
    /// Earliest moment it is known from, in microseconds; the greatest number when none is known.
    pub(super) since: i64,
    /// Latest moment it ends; the greatest number while it lasts.
    pub(super) until: i64,
}

/// The keys of a table's rows: each combination once, with its number of rows.
#[derive(Debug, Default)]
pub(super) struct KeyCombinations {
    /// Keys of each combination, as many as the table has key columns; [`NONE`] where there is none.
    pub(super) cells: Vec<u32>,
    pub(super) sources: Vec<u16>,
    pub(super) rows: Vec<u64>,
}
