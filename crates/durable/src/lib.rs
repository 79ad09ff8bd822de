//! Files that are there as a whole or not at all, power cut included: the one way this program writes what lasts.
//!
//! A file is staged under a name nobody reads, synced, given its lasting name in one step, and the folder that has
//! the name is synced after it. What is written here knows no table, extract or page.
//!
//! ```text
//! file, folder   what callers ask for: replace, publish, promote, stage
//! operation      every change of the disk, one function each
//! error          which of them failed, on which path
//! ```

mod error;
mod operation;

mod file;
mod folder;

pub use error::{DurableError, failed};
pub use file::{move_file, promote_file, publish_file, remove_file, replace_file, write_synced};
pub use folder::{
    create_folder, folder_names, is_staged, promote_folder, remove_folder, stage_folder,
    sync_folder,
};
pub use operation::Readers;
