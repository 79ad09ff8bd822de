//! Tables, snapshots and SQL: the only crate that names the query engine.
//!
//! A [`Warehouse`] is a folder of immutable Parquet files and one commit file
//! for each [`Snapshot`]. A [`Transaction`] stages the tables of a run and makes
//! all of them visible with one [`Transaction::commit`]; a [`Session`] answers
//! SQL over one snapshot and is not disturbed by later commits.
//!
//! ```text
//! record batches, encoded row groups
//!   │
//!   ▼ parquet_write    one Parquet file: encoded or spliced, hashed, synced
//!   ▼ transaction      the files of one run: staged, then visible with its commit
//!   ▼ storage          the folder below: lock, snapshots, their tables and files
//!   ├─► parquet_read   row groups of one file: decoded, or spliced into the next one
//!   └─► sql            SELECT over all tables of one snapshot
//!
//! warehouse/
//!   versions/0000000123.json     one commit: where the manifests of its tables, books and issues lie
//!   manifests/*.json             manifests that one commit wrote anew: every file of a table, with length and hashes
//!   tables/fact/ticket/*.parquet named by content, never changed
//!   projects/*.json              the project's text files a version was made from, named by content
//!   refused/<source>/*.json      bad rows of extracts that are refused because of them, for their owner alone
//!   CURRENT.json                 a hint for people: the files of the newest commit
//!   lock                         held by the one writer
//!   .stage/                      files of a run that has not committed
//!   .spill/                      what a query cannot hold in memory
//! ```
//!
//! Versions, tables but those of quarantine, and what is needed to understand them may be open to a group; all else is for
//! the owner alone.

mod error;

mod parquet_write;

mod transaction;

mod storage;

mod parquet_read;

mod sql;

pub use arrow;
pub use error::WarehouseError;
pub use parquet_read::{ParquetBytes, RowGroupReader};
pub use parquet_write::{FileWriter, RowGroupWriter, encode_row_group};
pub use sql::{
    AnswerColumn, Cell, ColumnLineage, MaterializeError, Materialized, MemoryWatch, ModelSql,
    NumberKind, Parameters, PassedOn, QueryResult, Quotient, RowBranch, RowSum, RowlessSelect,
    Session, SqlFault, SumExpression, SumFormula, counts_rows, identifier, memory_share, quotients,
    rowless_select, union_select, verify_expression,
};
pub use storage::{
    BlockHashes, CheckedFile, ColumnEntry, Damage, DamagedTable, FileCount, FileVersions, Garbage,
    Lock, RefusedRows, Retention, Snapshot, StoredFile, StoredProject, Table, Verification,
    VerifyDepth, VersionHistory, VersionOutline, View, Warehouse,
};
pub use transaction::{Commit, Transaction};
