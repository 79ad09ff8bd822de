//! The bytes of files: expanded, as UTF-8, in blocks that many threads work on.
//!
//! ```text
//! expand, utf16 -> stream: blocks that begin with a record -> recognize: is it text at all -> pipeline
//! ```

mod expand;
mod utf16;

pub(crate) mod stream;

mod recognize;

pub(crate) mod pipeline;

pub use expand::Compression;
pub(crate) use recognize::{recognize, unmarked_utf16};
