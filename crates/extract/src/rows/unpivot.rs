//! Columns of a file that become rows: one row of a record for each.

use super::row_binding::RowBinding;
use crate::refusal::Refusal;
use crate::refusal::truncate::shortened;
use crate::source::{Personal, Source, Unpivot, is_any};

/// Places of the columns that become rows, which are taken out of those that the source does not declare.
///
/// # Errors
///
/// [`Refusal::NothingToUnpivot`] when a pattern fits no column: it was renamed.
pub(super) fn places(
    source: &Source,
    header: &[String],
    undeclared: &mut Vec<usize>,
) -> Result<Vec<usize>, Refusal> {
    let Some(unpivot) = &source.unpivot else { return Ok(Vec::new()) };
    let is_one = |place: &usize| {
        is_any(&unpivot.columns, &header[*place]) && !source.is_ignored(&header[*place])
    };
    let (unpivoted, rest): (Vec<usize>, Vec<usize>) = undeclared.iter().partition(|it| is_one(it));
    let is_unmet = |pattern: &&String| {
        let pattern = std::slice::from_ref(*pattern);
        !unpivoted.iter().any(|place| is_any(pattern, &header[*place]))
    };
    let patterns: Vec<String> = unpivot.columns.iter().filter(is_unmet).cloned().collect();
    if !patterns.is_empty() {
        // Without any declared column the first line may be a row of somebody's.
        let has_any = undeclared.len() < header.len();
        let header = header
            .iter()
            .filter(|_| has_any)
            .map(|name| shortened(name.trim()))
            .take(SHOWN)
            .collect();
        return Err(Refusal::NothingToUnpivot { patterns, header });
    }
    *undeclared = rest;
    Ok(unpivoted)
}

/// Most columns that a message names.
const SHOWN: usize = 40;

/// Places whose values must not be shown, because the column that takes them is personal.
pub(super) fn personal<'a>(
    source: &Source,
    unpivoted: &'a [usize],
) -> impl Iterator<Item = usize> + 'a {
    let is_personal = |unpivot: &Unpivot| source.columns[&unpivot.value].personal != Personal::Keep;
    let is_personal = source.unpivot.as_ref().is_some_and(is_personal);
    unpivoted.iter().copied().filter(move |_| is_personal)
}

/// The rows that a record makes.
///
/// - `row`: what they have in common.
/// - `names`: those of the file, repeated ones told apart.
pub(super) fn rows(
    source: &Source,
    row: RowBinding,
    names: &[String],
    unpivoted: &[usize],
) -> Vec<RowBinding> {
    let place = |column: &str| source.stored().position(|(name, _)| name == column);
    let columns = source.unpivot.as_ref().map(|it| (place(&it.name), place(&it.value)));
    let Some((Some(name), Some(value))) = columns else { return vec![row] };
    unpivoted.iter().map(|place| row.of_column(name, value, *place, &names[*place])).collect()
}
