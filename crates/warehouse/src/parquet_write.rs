//! All that writes Parquet.
//!
//! ```text
//! SELECT, batches ──► row groups ────────────► FileWriter ─────┐
//! batches ─► encode_row_group ─► row groups ─┐                 ├─► HashingFile ─► StoredFile
//! files of the newest snapshot ─► row groups ┴► RowGroupWriter ┘
//! ```
//!
//! Columns of a row group are encoded in parallel. The rows of a model are encoded where its file is written. Raw tables
//! are written from row groups: workers encode them while files are read, and `splice` copies them, or those of an
//! earlier file, without decoding them.

mod compression;

mod column_chunk;

mod properties;

mod row_group;

mod splice;

mod hashing_file;

mod file_writer;
mod row_group_writer;

pub use file_writer::FileWriter;
pub use row_group::encode_row_group;
pub use row_group_writer::RowGroupWriter;
