//! Whether settings fit the values seen: proven by the reader that a run will use.

use arrow::array::Array as _;
use arrow::compute::{SortOptions, sort_to_indices};
use arrow::util::display::array_value_to_string;
use scorewright_domain::ProjectFile;

use super::column_sample::ColumnSample;
use crate::source::Column;
use crate::typed::TypedColumn;

/// How values meet settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Rows whose value does not fit.
    pub(crate) misfits: u32,
    /// The first value that does not.
    pub(crate) first: Option<String>,
}

/// Tries settings on every value; `None` when they are none, or when more than `most` rows do not fit.
pub(crate) fn fit(settings: &str, seen: &ColumnSample, most: u32) -> Option<Fit> {
    let mut typed = column(settings)?;
    let mut found = Fit { misfits: 0, first: None };
    for (value, count) in &seen.values {
        if typed.push_text(value.as_bytes()).is_err() {
            found.misfits += count;
            found.first.get_or_insert_with(|| value.clone());
            if found.misfits > most {
                return None;
            }
        }
    }
    Some(found)
}

/// The smallest and the largest value, as the settings read them.
pub(crate) fn range(settings: &str, seen: &ColumnSample) -> Option<(String, String)> {
    let mut typed = column(settings)?;
    for value in seen.values.keys() {
        // A misfit leaves a null, which is neither smallest nor largest.
        let _ = typed.push_text(value.as_bytes());
    }
    let values = typed.finish().ok()?;
    let edge = |descending| {
        let order = Some(SortOptions { descending, nulls_first: false });
        let first = sort_to_indices(&values, order, Some(1)).ok()?;
        let first = usize::try_from(*first.values().first()?).ok()?;
        values.is_valid(first).then(|| array_value_to_string(&values, first).ok())?
    };
    Some((edge(false)?, edge(true)?))
}

fn column(settings: &str) -> Option<TypedColumn> {
    let column: Column = ProjectFile::new("column", settings).toml().ok()?;
    Some(TypedColumn::new(&column, false, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_tried_on_all_values() {
        let seen = ColumnSample::of("n", &["1", "22", "x", "x", "3"]);
        assert_eq!(
            fit("type = \"integer\"", &seen, 2),
            Some(Fit { misfits: 2, first: Some("x".into()) })
        );
        assert_eq!(fit("type = \"integer\"", &seen, 1), None);
        assert_eq!(fit("type = \"no such type\"", &seen, 9), None);
        assert_eq!(range("type = \"integer\"", &seen), Some(("1".into(), "22".into())));
    }
}
