//! Plans that run within the limits of the project.
//!
//! ```text
//! machine_memory    what there is
//!       |
//!     watch         what a query may take: time, and memory that no pool counts
//!       |
//!    threads        where it runs, and who waits for it
//!       |
//! execution_mode    how it is run: beside others, alone, by plans that need little
//! guarded_plan      what is refused before, and can be stopped
//!  exhaustion       why it did not end
//! ```

mod machine_memory;

mod exhaustion;

mod watch;

mod threads;

mod execution_mode;
mod guarded_plan;

pub(super) use execution_mode::ExecutionMode;
pub(super) use exhaustion::Unfinished;
pub(super) use guarded_plan::guarded;
pub use machine_memory::memory_share;
pub(super) use threads::QueryThreads;
pub use watch::MemoryWatch;
pub(super) use watch::Watch;
