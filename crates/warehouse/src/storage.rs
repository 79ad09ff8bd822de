//! The warehouse folder: what its commits record, who reads it, and the lock of its one writer.

mod stored_file;
mod table;

mod snapshot;
mod stored_project;
mod warehouse;

mod readers;

mod hint;

mod refused_rows;

mod lock;

pub use lock::Lock;
pub use refused_rows::RefusedRows;
pub use snapshot::Snapshot;
pub use stored_file::{FileVersions, StoredFile};
pub use stored_project::StoredProject;
pub use table::{ColumnEntry, Table, View};
pub(crate) use warehouse::STAGE;
pub use warehouse::Warehouse;
