//! What is known of each period and segment that has rows.

use std::collections::BTreeMap;

use scorewright_domain::{Period, Segment};

/// The period and segment of one value.
pub(super) type GridKey = (Period, Segment);

/// Something about the rows of each period and segment that has any.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridCells<T> {
    everything: Period,
    cells: BTreeMap<GridKey, T>,
}

impl<T> GridCells<T> {
    /// Of no rows as yet; `everything` begins with the first row and ends before the as-of day.
    pub(super) fn new(everything: Period) -> Self {
        Self { everything, cells: BTreeMap::new() }
    }

    pub(super) fn everything(&self) -> Period {
        self.everything
    }

    pub(super) fn insert(&mut self, key: GridKey, cell: T) {
        self.cells.insert(key, cell);
    }

    pub(super) fn get(&self, key: &GridKey) -> Option<&T> {
        self.cells.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &GridKey> {
        self.cells.keys()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}
