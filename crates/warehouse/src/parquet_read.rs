//! Parquet files of this program read back row group by row group, from memory or from disk.

mod file_slice;
mod offset_bytes;

mod parquet_bytes;
mod row_group_reader;

pub use parquet_bytes::ParquetBytes;
pub use row_group_reader::RowGroupReader;
