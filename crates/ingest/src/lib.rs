//! Typed rows into raw tables, with quarantine.
//!
//! [`land`] reads what is new of the extracts into `raw.<source>`, rejected rows into `quarantine.<source>`, and
//! closes the books of every extract. [`pending`] asks beforehand whether there is anything to do.
//!
//! ```text
//! rows      columns, hashes, partitions and row groups of rows on their way
//! arrivals  which extracts are taken
//! plan      what is new, from names, contents and books alone
//! left_out  what is refused and stops nothing; pending: whether anything is new
//! buffer    rows of a file, hashed and partitioned, encoded as row groups      <- read by scorewright-extract
//! merge     rows of all files: once, twice, or in conflict
//! history   the same for snapshots: every version of a key
//! load      one source: read, merged, written, accounted for
//! land      all sources of a run
//! reach     how far each source has delivered, and how far it should
//! ```

mod error;

mod rows;

mod arrivals;

mod plan;

mod merge;

mod buffer;

mod history;

mod left_out;
mod pending;
mod quarantine;
mod undeclared;

mod load;

mod land;

mod reach;

#[cfg(test)]
mod tests;

pub use arrivals::Arrivals;
pub use error::IngestError;
pub use land::{LandReport, LandStop, land, reload::reload};
pub use pending::{Pending, pending};
pub use quarantine::{
    CannotExport, ExportedQuarantine, export as export_quarantine, schema as quarantine_schema,
};
pub use reach::{ReachDay, reaches};
pub use rows::table::{history_schema, landed_schemas, raw_schema};
