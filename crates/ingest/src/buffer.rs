//! Rows of one file on their way into a table: by partition, encoded as soon as there are enough.
//!
//! ```text
//! row_preparer: hashed and partitioned, by the reader's threads -> file_buffer of partition_buffers
//!   -> key_cache: repeated keys apart -> encoding_queue: row groups, by all processors -> memory, or a scratch file
//! ```

mod memory_budget;

mod row_preparer;

mod key_cache;

mod encoding_queue;
mod partition_buffer;

mod file_buffer;

#[cfg(test)]
mod tests;

pub(crate) use file_buffer::FileBuffer;
pub(crate) use memory_budget::MemoryBudget;
pub(crate) use row_preparer::RowPreparer;
