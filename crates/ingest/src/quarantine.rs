//! Rejected rows: as a table, and as a file that can be mended and delivered again.

mod rows;

mod export;

pub use export::{CannotExport, ExportedQuarantine, export};
pub use rows::schema;
pub(crate) use rows::{batch, rows};
