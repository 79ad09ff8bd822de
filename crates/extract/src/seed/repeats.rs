//! Rows of a seed whose grain another row has too.

use std::collections::HashMap;

use arrow::array::Array as _;
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

use crate::rows::sink::CollectedRows;

/// A row whose grain an earlier one has.
pub(super) struct Repeat {
    pub(super) line: u64,
    first: u64,
    key: Vec<String>,
}

impl Repeat {
    pub(super) fn message(&self, grain: &[String]) -> String {
        let column = |(name, value): (&String, &String)| format!("{name} = {value}");
        let key: Vec<String> = grain.iter().zip(&self.key).map(column).collect();
        format!("`{}` is on line {} already", key.join(", "), self.first)
    }
}

/// The rows that repeat the grain of an earlier one, in the order of their lines.
///
/// Columns of a grain have a value in every row that is accepted, and equal values are written alike.
pub(super) fn find(grain: &[String], batch: &RecordBatch, rows: &CollectedRows) -> Vec<Repeat> {
    let lines = rows.accepted.iter().flat_map(|block| &block.positions);
    let columns: Vec<_> = grain.iter().filter_map(|name| batch.column_by_name(name)).collect();
    let mut seen: HashMap<Vec<String>, u64> = HashMap::new();
    let mut repeats = Vec::new();
    for (row, position) in lines.enumerate() {
        let value = |column: &&arrow::array::ArrayRef| {
            debug_assert!(column.is_valid(row), "the grain is required");
            array_value_to_string(column, row).unwrap_or_default()
        };
        let key: Vec<String> = columns.iter().map(value).collect();
        match seen.get(&key) {
            Some(first) => repeats.push(Repeat { line: position.line, first: *first, key }),
            None => drop(seen.insert(key, position.line)),
        }
    }
    repeats
}
