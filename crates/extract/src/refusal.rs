//! What an extract may be at most, and why one cannot be taken.
//!
//! ```text
//! exceeded: what is too much    missing_columns, renamed_column, bad_rows, date_order,
//! delivery_order: what is not there, or not sound
//! object_fault: what an object store did not give
//!   -> kind: each reason with what mends it -> read_error, refused_extract
//! truncate: texts of extracts in messages
//! ```

pub(crate) mod truncate;

mod exceeded;

pub(crate) mod object_fault;

mod bad_rows;
mod date_order;
mod delivery_order;
mod missing_columns;
mod renamed_column;

mod kind;

mod read_error;
mod refused_extract;

pub use bad_rows::{FirstSeen, count};
pub use date_order::DateOrderFault;
pub use delivery_order::DeliveryOrderFault;
pub(crate) use exceeded::AdmitExtract;
pub use exceeded::Exceeded;
pub use kind::Refusal;
pub use missing_columns::{MissingColumn, MissingColumns};
pub use object_fault::ObjectFault;
pub use read_error::ReadError;
pub use refused_extract::RefusedExtract;
pub use renamed_column::RenamedColumn;
