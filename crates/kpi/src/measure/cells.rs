//! What is known of each period and segment that has rows.

use std::collections::BTreeMap;

use scorewright_domain::{Grain, Period, Segment};

/// The period and segment of one value.
pub(super) type GridKey = (Period, Segment);

/// Something about the rows of each period and segment that has any.
///
/// Everything known is a period too. It begins with the first row there is, so it grows when
/// earlier rows come to it, and what was known of it moves along.
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

    pub(super) fn into_cells(self) -> impl Iterator<Item = (GridKey, T)> {
        self.cells.into_iter()
    }

    /// Whether there is a row of any day, counted or not.
    pub(super) fn is_known(&self) -> bool {
        self.everything.from < self.everything.until || !self.cells.is_empty()
    }

    /// The same, known from an earlier day on: that of the first row, though it does not count.
    pub(super) fn known_from(self, everything: Period) -> Self {
        Self::new(everything).merged(self, |one, _| one)
    }

    /// The cells of both, `merge` where a period and segment has rows in both.
    ///
    /// Both are of the same as-of day. Associative and commutative when `merge` is.
    pub(super) fn merged(self, other: Self, merge: impl Fn(T, T) -> T) -> Self {
        let everything = self.everything.min(other.everything);
        let mut merged = Self::new(everything);
        for ((period, segment), cell) in self.cells.into_iter().chain(other.cells) {
            let period = if period.grain == Grain::All { everything } else { period };
            let key = (period, segment);
            let cell = match merged.cells.remove(&key) {
                Some(known) => merge(known, cell),
                None => cell,
            };
            merged.insert(key, cell);
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    fn everything(from: Date) -> Period {
        Period { grain: Grain::All, from, until: date(2026, 11, 30) }
    }

    fn cells(from: Date, all: &[(Period, u32)]) -> GridCells<u32> {
        let mut cells = GridCells::new(everything(from));
        for (period, count) in all {
            cells.insert((*period, Segment::total()), *count);
        }
        cells
    }

    #[test]
    fn everything_begins_with_the_first_row_of_both() {
        let (early, late) = (date(2026, 11, 2), date(2026, 11, 9));
        let week = Period::containing(Grain::Week, late);
        let one = cells(late, &[(everything(late), 3), (week, 3)]);
        let other = cells(early, &[(everything(early), 4)]);
        let expected = cells(early, &[(everything(early), 7), (week, 3)]);
        assert_eq!(one.clone().merged(other.clone(), |one, other| one + other), expected);
        assert_eq!(other.merged(one, |one, other| one + other), expected);
    }
}
