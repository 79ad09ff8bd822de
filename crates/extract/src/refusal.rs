//! Extracts that cannot be taken, and why.

pub(crate) mod truncate;

mod bad_rows;
mod missing_columns;

mod kind;

mod read_error;
mod refused_extract;

pub use bad_rows::{FirstSeen, count};
pub use kind::Refusal;
pub use missing_columns::{MissingColumn, MissingColumns};
pub use read_error::ReadError;
pub use refused_extract::RefusedExtract;
