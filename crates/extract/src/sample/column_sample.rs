//! What a sample holds in one column.

use indexmap::IndexMap;

/// What stands for a list or another thing that is no value of one column.
pub(crate) const LIST: &str = "[…]";

/// The values of one column of a sample: each text once, with how often it was seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnSample {
    /// Name in the file.
    pub(crate) from: String,
    /// Where it stands above the rows: what finds it.
    pub(crate) above: Option<String>,
    /// Rows without a value.
    pub(crate) empty: u32,
    /// Rows with a value.
    pub(crate) filled_so_far: u32,
    /// Values in the order they were first seen.
    pub(crate) values: IndexMap<String, u32>,
}

impl ColumnSample {
    pub(crate) fn named(from: &str) -> Self {
        Self { from: from.to_owned(), ..Self::default() }
    }

    pub(crate) fn add(&mut self, value: &str) {
        if value.trim().is_empty() {
            self.empty += 1;
            return;
        }
        self.filled_so_far += 1;
        if let Some(count) = self.values.get_mut(value) {
            *count += 1;
        } else {
            self.values.insert(value.to_owned(), 1);
        }
    }

    /// Rows with a value.
    pub(crate) fn filled(&self) -> u32 {
        self.values.values().sum()
    }

    /// Whether every row has a value of its own.
    pub(crate) fn is_unique(&self) -> bool {
        self.empty == 0 && !self.values.is_empty() && self.values.values().all(|count| *count == 1)
    }

    /// One value alone.
    pub(crate) fn single(value: &str) -> Self {
        Self { values: [(value.to_owned(), 1)].into_iter().collect(), ..Self::default() }
    }

    #[cfg(test)]
    pub(crate) fn of(from: &str, values: &[&str]) -> Self {
        let mut seen = Self::named(from);
        for value in values {
            seen.add(value);
        }
        seen
    }
}
