//! Where the values of one row of a record stand.

use crate::source::Source;
use crate::typed::FieldValue;

/// Where the values of one row of a record stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RowBinding {
    /// For each stored column, in the order of the table, its place in the file.
    pub(crate) places: Vec<Option<usize>>,
    /// For each stored column what it is where it has no place: the same in every record.
    pub(super) constants: Vec<Option<String>>,
    /// Names of the stored columns, then of the barred ones, as the file has them; canonical where it lacks them.
    pub(crate) names: Vec<String>,
    /// The stored columns in the order in which they are judged: that of columns which become rows comes first, because a
    /// record in which it has no value makes no row, whatever else is wrong.
    pub(crate) order: Vec<usize>,
}

impl RowBinding {
    /// A row of a source, without a place yet.
    pub(super) fn new(source: &Source) -> Self {
        let value = source.unpivot.as_ref().map(|unpivot| unpivot.value.as_str());
        let mut order: Vec<(bool, usize)> = source
            .stored()
            .enumerate()
            .map(|(index, (name, _))| (Some(name) != value, index))
            .collect();
        order.sort_unstable();
        Self { order: order.into_iter().map(|(_, index)| index).collect(), ..Self::default() }
    }

    /// The row of a column that becomes rows: `value` is at `place`, and `name` has the column's own.
    pub(super) fn of_column(&self, name: usize, value: usize, place: usize, own: &str) -> Self {
        let mut row = self.clone();
        row.constants[name] = Some(own.to_owned());
        row.places[value] = Some(place);
        own.clone_into(&mut row.names[value]);
        row
    }

    /// The value of a column that has no place in the file.
    pub(crate) fn constant(&self, column: usize) -> FieldValue<'_> {
        match &self.constants[column] {
            Some(text) => FieldValue::Text(text.as_bytes()),
            None => FieldValue::Null,
        }
    }
}
