//! Which extracts there are, in the extracts folder and in object stores, and which of them have arrived.
//!
//! ```text
//! arrival, delivery: what a name and a moment say
//! file_hashes, object_hashes: contents known from earlier runs
//! object_store: objects and their content -> spool: copies while they are read -> extract_file: one file that may be read
//! object_folder: a folder of an object store that pages are written to
//! folder, store: where files are looked for -> discovered -> discover; unclaimed: what is there besides
//! ```

pub(crate) mod arrival;
pub(crate) mod delivery;

mod object_store;

mod file_hashes;
mod object_hashes;

mod spool;

mod object_folder;

pub(crate) mod extract_file;

mod discovered;
mod missing_extract;

pub(crate) mod folder;
mod store;

mod discover;

mod unclaimed;

pub use arrival::{AwaitedExtract, Wait};
pub use delivery::Deliveries;
pub use discover::{HashCaches, discover, find};
pub use discovered::Discovery;
pub use extract_file::ExtractFile;
pub use missing_extract::MissingExtract;
pub use object_folder::ObjectFolder;
pub use spool::SpoolGuard;
pub use unclaimed::unclaimed;
