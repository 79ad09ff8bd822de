//! The warehouse folder: what its commits record, who reads it, and the lock of its one writer.

mod block_hashes;
mod stored_file;
mod table;

mod checked_blocks;
mod checked_file;

mod snapshot;
mod stored_project;

mod manifest_pack;

mod manifests;

mod version_file;

mod warehouse;

mod readers;

mod history;
mod retention;

mod hint;

mod refused_rows;

mod lock;

mod garbage;

mod verification;

mod damaged_table;

pub(crate) use block_hashes::BlockHasher;
pub use block_hashes::BlockHashes;
pub use checked_file::CheckedFile;
pub(crate) use checked_file::CheckedRead;
pub use damaged_table::DamagedTable;
pub use garbage::{FileCount, Garbage};
pub use history::{VersionHistory, VersionOutline};
pub use lock::Lock;
pub use refused_rows::RefusedRows;
pub use retention::Retention;
pub use snapshot::Snapshot;
pub use stored_file::{FileVersions, StoredFile};
pub use stored_project::StoredProject;
pub use table::{ColumnEntry, Table, View};
pub use verification::{Damage, Verification, VerifyDepth};
pub(crate) use version_file::PackedSnapshot;
pub(crate) use warehouse::STAGE;
pub use warehouse::Warehouse;
