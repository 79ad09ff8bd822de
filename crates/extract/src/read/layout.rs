//! Which of the layouts that a source allows a file has: its format, its encoding, what separates its fields.

use std::borrow::Cow;

use crate::refusal::{ReadError, Refusal};
use crate::source::{Dialect, FileFormat, OneOrMore, Source};

/// The source as one file is read: with the first layout whose reader finds the columns in it.
///
/// A file that has none of them is read by the layout that comes closest, so that its refusal says what is missing.
///
/// - `look`: reads what stands above the rows, by a source of one layout.
///
/// # Errors
///
/// Why the file cannot be read at all.
pub(super) fn resolved(
    source: &Source,
    look: impl Fn(&Source) -> Result<(), ReadError>,
) -> Result<Cow<'_, Source>, ReadError> {
    let mut layouts = layouts(source);
    if layouts.len() < 2 {
        return Ok(Cow::Borrowed(source));
    }
    let mut nearest: Option<(usize, Source)> = None;
    for layout in layouts.drain(..) {
        let missing = match look(&layout) {
            Ok(()) => return Ok(Cow::Owned(layout)),
            Err(ReadError::Refused(why)) => missing(&why),
            Err(aborted) => return Err(aborted),
        };
        if nearest.as_ref().is_none_or(|(least, _)| missing < *least) {
            nearest = Some((missing, layout));
        }
    }
    Ok(nearest.map_or(Cow::Borrowed(source), |(_, layout)| Cow::Owned(layout)))
}

/// How many columns a layout did not find; more than any where it could not look for them.
fn missing(why: &Refusal) -> usize {
    match why {
        Refusal::MissingColumns(missing) => missing.columns.len(),
        _ => usize::MAX,
    }
}

/// The source with each of its layouts.
fn layouts(source: &Source) -> Vec<Source> {
    source.format.0.iter().flat_map(|format| layouts_of(source, *format)).collect()
}

fn layouts_of(source: &Source, format: FileFormat) -> Vec<Source> {
    let alone = Source { format: OneOrMore(vec![format]), ..source.clone() };
    let Some(dialect) = source.csv.as_ref().filter(|_| format == FileFormat::Csv) else {
        return vec![alone];
    };
    let mut layouts = Vec::new();
    for encoding in &dialect.encoding.0 {
        for delimiter in &dialect.delimiter.0 {
            let dialect = Dialect {
                encoding: OneOrMore(vec![*encoding]),
                delimiter: OneOrMore(vec![delimiter.clone()]),
                ..dialect.clone()
            };
            layouts.push(Source { csv: Some(dialect), ..alone.clone() });
        }
    }
    layouts
}
