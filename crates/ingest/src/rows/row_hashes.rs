//! What tells rows apart without looking at them again: hashes of their key and of all they say.
//!
//! Two rows have the same key when 128 bits of hash agree, and are equal when 64 more do. The seeds are new in every
//! process, so nobody can make rows that agree by design; by chance, among ten thousand million keys, two agree once
//! in 10^19 runs.

pub(crate) mod column_values;

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, UInt64Array};
use arrow::datatypes::{DataType, Field};

use scorewright_extract::{Load, Source, VersionMoment};

pub(crate) const KEY: &str = "_key";
pub(crate) const KEY_CHECK: &str = "_key_check";
pub(crate) const CONTENT: &str = "_content";

static SEEDS: LazyLock<[u64; 3]> = LazyLock::new(|| {
    let state = RandomState::new();
    [0, 1, 2].map(|which: u64| state.hash_one(which))
});

/// Whether rows of a source are told apart by key.
pub(crate) fn has_row_hashes(source: &Source) -> bool {
    !source.key.is_empty() && source.load != Load::Snapshot
}

/// The columns of [`of`].
pub(crate) fn fields() -> [Field; 3] {
    [KEY, KEY_CHECK, CONTENT].map(|name| Field::new(name, DataType::UInt64, false))
}

/// The marks of rows, given their stored columns.
pub(crate) fn of(source: &Source, stored: &[ArrayRef]) -> [ArrayRef; 3] {
    let key: Vec<&ArrayRef> = key(source).map(|place| &stored[place]).collect();
    let compared: Vec<&ArrayRef> = compared(source).map(|place| &stored[place]).collect();
    let [first, check, content] = *SEEDS;
    [(&key, first), (&key, check), (&compared, content)]
        .map(|(columns, seed)| -> ArrayRef { hashed(columns, seed) })
}

/// The first mark alone, given the columns of the key in their order.
pub(crate) fn of_key(key: &[&ArrayRef]) -> Arc<UInt64Array> {
    hashed(key, SEEDS[0])
}

/// Places of the key among the stored columns.
pub(crate) fn key(source: &Source) -> impl Iterator<Item = usize> {
    source.key.iter().filter_map(|key| source.stored().position(|(name, _)| name == key))
}

/// Places of the columns in which rows that say the same are equal: all, but when the row was delivered where that is
/// what says from when it holds.
fn compared(source: &Source) -> impl Iterator<Item = usize> {
    let moment = match source.version_moment() {
        Some(VersionMoment::Delivered(column)) => Some(column),
        Some(VersionMoment::UpdatedAt(_) | VersionMoment::Name) | None => None,
    };
    let stored = source.stored().enumerate();
    stored.filter(move |(_, (name, _))| Some(*name) != moment).map(|(place, _)| place)
}

fn hashed(columns: &[&ArrayRef], seed: u64) -> Arc<UInt64Array> {
    Arc::new(UInt64Array::from(column_values::hashes(columns.iter().copied(), seed)))
}
