//! `kpi.value`, `kpi.standing` and `kpi.coverage`: figures and verdicts as rows, and back.

mod row_key;

mod columns;
mod write;

mod read;

mod serialized;

mod coverage_rows;
mod standing_row;
mod standings;

#[cfg(test)]
mod tests;

pub use coverage_rows::{coverage_schema, coverage_to_batch};
pub use read::{BadKpiRow, values_from_rows};
pub(crate) use row_key::row_key;
pub use standings::{standing_schema, standings_from_batches, standings_to_batch};
pub use write::{value_schema, values_to_batch};
