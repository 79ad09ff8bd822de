//! Values that a file states once, above its rows.

use std::borrow::Cow;

use regex::Regex;

use crate::refusal::{ReadError, Refusal};
use crate::source::{Column, Source};

/// The source as one file is read: columns with what stands for them above its rows.
///
/// - `text_above`: reads what stands above the rows of the file; `None` where it is no text.
///
/// # Errors
///
/// [`Refusal::NotAbove`] when nothing there is what a column looks for that is not optional; why the file cannot be read.
pub(super) fn resolved(
    source: Cow<'_, Source>,
    text_above: impl FnOnce(&Source) -> Result<Option<String>, ReadError>,
) -> Result<Cow<'_, Source>, ReadError> {
    if source.columns.values().all(|column| column.above.is_none()) {
        return Ok(source);
    }
    let text = text_above(&source)?.unwrap_or_default();
    let mut resolved = source.into_owned();
    for (name, column) in &mut resolved.columns {
        column.found_above = found(column, &text);
        if column.above.is_some() && column.found_above.is_none() && !column.optional {
            return Err(Refusal::NotAbove(name.clone()).into());
        }
    }
    Ok(Cow::Owned(resolved))
}

fn found(column: &Column, text: &str) -> Option<String> {
    let pattern = Regex::new(column.above.as_deref()?).ok()?;
    Some(pattern.captures(text)?.get(1)?.as_str().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.id]\ntype = \"text\"\n\
        [columns.begins_on]\nabove = 'Start date: (\\d{8})'\ntype = \"date\"\nformat = \"%Y%m%d\"\n";

    fn found_in(text: &str, lines: &str) -> Result<Option<String>, ReadError> {
        let source = source(&format!("{SOURCE}{lines}"));
        let resolved = resolved(Cow::Borrowed(&source), |_| Ok(Some(text.to_owned())))?;
        Ok(resolved.columns["begins_on"].found_above.clone())
    }

    #[test]
    fn what_a_file_states_above_its_rows_is_found_or_the_file_is_refused() {
        let text = "# Start date: 20261101\n# End date: 20261128\nid\n";
        assert_eq!(found_in(text, "").unwrap().as_deref(), Some("20261101"));
        assert!(matches!(
            found_in("id\n", ""),
            Err(ReadError::Refused(Refusal::NotAbove(column))) if column == "begins_on"
        ));
        assert_eq!(found_in("id\n", "optional = true\n").unwrap(), None);
    }
}
