//! Rows that are no data, by their first value: totals and remarks.

use crate::source::is_any;

/// Tells rows of data from others, by their first value.
#[derive(Debug, Clone)]
pub(crate) struct NotData {
    patterns: Vec<String>,
}

impl NotData {
    /// By the patterns that a source lists.
    pub(crate) fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.to_vec() }
    }

    /// Whether any value makes a row one that is no data.
    pub(crate) fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// Whether a row with this first value is no data.
    pub(crate) fn is(&self, first: &str) -> bool {
        is_any(&self.patterns, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_known_by_its_first_value() {
        let not_data = NotData::new(&["Grand Total*".into(), "Copyright (c)*".into()]);
        for (first, is_data) in [
            ("grand totals (8 records)", false),
            (" Copyright (c) 2026", false),
            ("Total", true),
            ("00002001", true),
        ] {
            assert_eq!(!not_data.is(first), is_data, "{first}");
        }
        assert!(!NotData::new(&[]).is("Grand Total"));
    }
}
