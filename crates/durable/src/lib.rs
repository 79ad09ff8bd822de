//! Files that are there as a whole or not at all, power cut included.
//!
//! A file is staged under a name nobody reads, synced, renamed to its final name in one step, and the folder that has
//! the name is synced after it. This crate knows nothing of what is written: no table, extract or page.
//!
//! ```text
//! file, folder   what callers use: replace, publish, promote, stage; a file that grows, many files at once
//!   │
//! operation      every change of the disk, one function each
//!   │
//! readers        mode and group of what they create
//!   │
//! attempt        one of them at a time
//!   │
//! disturbed      which of them fails, for tests
//!   │
//! disturbance    how it fails
//!   │
//! change         what they can be
//!   │
//! error          which of them failed, on which path
//! ```

mod file;
mod staged_file;

mod folder;
mod growing_file;

mod operation;

mod readers;

mod attempt;

#[cfg(debug_assertions)]
mod disturbed;

mod disturbance;

mod change;

mod error;

pub use disturbance::Disturbance;
#[cfg(debug_assertions)]
pub use disturbed::{disturb, disturb_the_end};
pub use error::{DurableError, failed};
pub use file::{
    move_file, open_lock_file, promote_file, publish_file, remove_file, replace_file,
    replace_locked_file, write_synced,
};
pub use folder::{
    create_folder, folder_names, is_staged, promote_folder, remove_folder, remove_path,
    replace_folder, set_readers_below, stage_folder, sync_folder,
};
pub use growing_file::GrowingFile;
pub use readers::{GroupId, Readers};
pub use staged_file::StagedFile;
