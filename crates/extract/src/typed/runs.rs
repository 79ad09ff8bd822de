//! Rows that are kept, as runs of neighbours: most blocks have few bad rows, so moving runs together is quick.

use std::ops::Range;

use arrow::array::NullBufferBuilder;

/// Some of a number of rows; by default all there are.
#[derive(Default)]
pub(crate) struct Runs {
    /// Rows in all.
    of: usize,
    runs: Vec<Range<usize>>,
}

impl Runs {
    pub(crate) fn of(is_kept: &[bool]) -> Self {
        let (mut runs, mut start) = (Vec::new(), 0);
        for (row, is_kept) in is_kept.iter().chain([&false]).enumerate() {
            if !is_kept {
                if row > start {
                    runs.push(start..row);
                }
                start = row + 1;
            }
        }
        Self { of: is_kept.len(), runs }
    }

    /// Whether no row is left out.
    pub(super) fn are_all(&self) -> bool {
        self.len() == self.of
    }

    /// Rows that are kept.
    pub(super) fn len(&self) -> usize {
        self.runs.iter().map(Range::len).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        self.runs.iter().cloned()
    }

    /// Leaves the values of these rows.
    pub(crate) fn keep<T: Copy>(&self, values: &mut Vec<T>) {
        if !self.are_all() {
            let kept = moved_together(values, self.iter());
            values.truncate(kept);
        }
    }

    /// Which of these rows have a value.
    pub(super) fn keep_valid(&self, valid: &mut NullBufferBuilder) {
        if self.are_all() {
            return;
        }
        let Some(nulls) = valid.finish() else { return valid.append_n_non_nulls(self.len()) };
        for run in self.iter() {
            let nulls = nulls.slice(run.start, run.len());
            if nulls.null_count() == 0 {
                valid.append_n_non_nulls(run.len());
            } else {
                valid.append_buffer(&nulls);
            }
        }
    }
}

/// Moves stretches of values to the front; returns how many values there are then.
pub(super) fn moved_together<T: Copy>(
    values: &mut [T],
    stretches: impl Iterator<Item = Range<usize>>,
) -> usize {
    let mut end = 0;
    for stretch in stretches {
        let length = stretch.len();
        values.copy_within(stretch, end);
        end += length;
    }
    end
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, BooleanArray};
    use arrow::compute::filter;
    use proptest::prelude::*;

    use super::*;
    use crate::source::tests::source;
    use crate::typed::TypedColumn;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n\
                          [columns.a]\ntype = \"integer\"\n[columns.b]\ntype = \"text\"\n\
                          [columns.c]\ntype = \"boolean\"\n[columns.d]\ntype = \"decimal\"\nscale = 1\n\
                          [columns.e]\ntype = \"date\"\n[columns.f]\ntype = \"timestamp\"\n";

    const TEXTS: [&str; 6] = ["7", "", "a text", "true", "2026-11-22", "2026-11-22 10:00:00Z"];

    proptest! {
        // Expected: Arrow's own filter.
        #[test]
        fn what_is_kept_is_what_a_filter_leaves(
            rows in proptest::collection::vec((0..TEXTS.len(), proptest::bool::weighted(0.8)), 0..200),
        ) {
            let is_kept: Vec<bool> = rows.iter().map(|(_, is_kept)| *is_kept).collect();
            let source = source(SOURCE);
            for (_, column) in source.stored() {
                let filled = || {
                    let mut typed = TypedColumn::new(column, false, None);
                    for (text, _) in &rows {
                        let _ = typed.push_text(TEXTS[*text].as_bytes());
                    }
                    typed
                };
                let all: ArrayRef = filled().finish().unwrap();
                let expected = filter(&all, &BooleanArray::from(is_kept.clone())).unwrap();
                prop_assert_eq!(&filled().finish_some(&Runs::of(&is_kept)).unwrap(), &expected);
            }
        }
    }
}
