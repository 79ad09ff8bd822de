//! All that writes Parquet.
//!
//! ```text
//! SELECT, batches ─────────────────────────────► FileWriter ─────┐
//! batches ─► encode_row_group ─► row groups ─┐                   ├─► HashingFile ─► StoredFile
//! files of the newest snapshot ─► row groups ┴► RowGroupWriter ──┘
//! ```
//!
//! A model is written by the Parquet library alone. Raw tables are written from row groups: workers encode them
//! in parallel while files are read, and `splice` copies them, or those of an earlier file, without decoding them.

mod properties;

mod column_chunk;
mod row_group;

mod splice;

mod hashing_file;

mod file_writer;
mod row_group_writer;

pub use file_writer::FileWriter;
pub use row_group::encode_row_group;
pub use row_group_writer::RowGroupWriter;
