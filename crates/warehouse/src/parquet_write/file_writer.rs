//! One staged Parquet file of record batches.

use std::path::PathBuf;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;

use super::hashing_file::HashingFile;
use super::properties;
use crate::error::{WarehouseError, parquet_error};
use crate::storage::StoredFile;

/// Writes one Parquet file of a transaction: zstd, statistics, the same bytes for the same batches.
pub struct FileWriter {
    path: PathBuf,
    staged_name: String,
    writer: ArrowWriter<HashingFile>,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(
        path: PathBuf,
        staged_name: String,
        schema: SchemaRef,
    ) -> Result<Self, WarehouseError> {
        let file = HashingFile::create(&path)?;
        let properties = properties::for_model(&schema);
        let writer =
            ArrowWriter::try_new(file, schema, Some(properties)).map_err(parquet_error(&path))?;
        Ok(Self { path, staged_name, writer, rows: 0 })
    }

    /// Adds a batch; its schema is the one the file was opened with.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`], mostly a full disk.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WarehouseError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(parquet_error(&self.path))
    }

    /// Ends the file and syncs it to the disk.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] or [`WarehouseError::Io`], mostly a full disk.
    pub fn finish(self) -> Result<StoredFile, WarehouseError> {
        let file = self.writer.into_inner().map_err(parquet_error(&self.path))?;
        file.finish(&self.path, self.staged_name, self.rows)
    }
}
