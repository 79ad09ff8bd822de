//! Tables, snapshots and SQL: the only crate that names the query engine.
//!
//! A [`Warehouse`] is a folder of immutable Parquet files and one commit file
//! for each [`Snapshot`]. A [`Transaction`] stages the tables of a run and makes
//! all of them visible with one [`Transaction::commit`]; a [`Session`] answers
//! SQL over one snapshot and is not disturbed by later commits.
//!
//! ```text
//! warehouse/
//!   versions/0000000123.json     one commit: every file of every table, with length and SHA-256
//!   tables/fact/ticket/*.parquet named by content, never changed
//!   CURRENT.json                 a hint for people: the files of the newest commit
//!   lock                         held by the one writer
//!   .stage/                      files of a run that has not committed
//! ```

mod chunk;
mod encoding;
mod error;
mod file_writer;
mod fixture;
mod hashing;
mod lock;
mod model_sql;
mod parameters;
mod parquet_bytes;
mod query_result;
mod row_group_reader;
mod row_group_writer;
mod session;
mod snapshot;
mod sql_fault;
mod table;
mod transaction;

pub use arrow;
pub use error::WarehouseError;
pub use file_writer::FileWriter;
pub use lock::Lock;
pub use model_sql::{ModelSql, union_select};
pub use parameters::Parameters;
pub use parquet_bytes::ParquetBytes;
pub use query_result::{Cell, QueryResult};
pub use row_group_reader::{RowGroupReader, encode_row_group};
pub use row_group_writer::RowGroupWriter;
pub use session::{Refused, Session};
pub use snapshot::{Snapshot, Warehouse};
pub use sql_fault::SqlFault;
pub use table::{ColumnEntry, StoredFile, Table, View};
pub use transaction::{Commit, Transaction};
