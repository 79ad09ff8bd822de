//! Times on clocks that their rows name: known only when the whole row is.

use std::collections::VecDeque;

/// Rows of a column whose time is on the clock that the row names, until it is known; none in other columns.
#[derive(Default)]
pub(crate) struct RowClock {
    is_of_row: bool,
    /// In ascending order.
    rows: VecDeque<usize>,
}

impl RowClock {
    pub(crate) fn new(is_of_row: bool) -> Self {
        Self { is_of_row, rows: VecDeque::new() }
    }

    /// Notes a row, if its time states no offset.
    #[inline]
    pub(crate) fn note(&mut self, row: usize, is_on_clock: impl FnOnce() -> bool) {
        if self.is_of_row && is_on_clock() {
            self.rows.push_back(row);
        }
    }

    /// Whether the time of a row is still on the clock of the row; rows are asked for in ascending order.
    pub(crate) fn take(&mut self, row: usize) -> bool {
        while self.rows.front().is_some_and(|first| *first < row) {
            self.rows.pop_front();
        }
        self.rows.pop_front_if(|first| *first == row).is_some()
    }
}
