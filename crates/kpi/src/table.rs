//! Values and standings as tables of the warehouse, and back.

mod columns;
mod row_key;

mod write;

mod read;

#[cfg(test)]
mod tests;

pub use read::{BadValueRow, values_from_rows};
pub(crate) use row_key::row_key;
pub use write::{standing_schema, standings_to_batch, value_schema, values_to_batch};
