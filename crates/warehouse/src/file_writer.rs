//! One Parquet file, written aside, hashed and synced.

use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;

use crate::encoding;
use crate::error::WarehouseError;
use crate::hashing::Hashing;
use crate::table::StoredFile;

/// Writes one Parquet file of a transaction: zstd, statistics, the same bytes for the same batches.
pub struct FileWriter {
    path: PathBuf,
    staged_name: String,
    writer: ArrowWriter<Hashing>,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(
        path: PathBuf,
        staged_name: String,
        schema: SchemaRef,
    ) -> Result<Self, WarehouseError> {
        let hashing = Hashing::create(&path)?;
        let properties = encoding::of_model(&schema);
        let writer = ArrowWriter::try_new(hashing, schema, Some(properties))
            .map_err(parquet_error(&path))?;
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
        let hashing = self.writer.into_inner().map_err(parquet_error(&self.path))?;
        hashing.finish(&self.path, self.staged_name, self.rows)
    }
}

pub(crate) fn parquet_error(
    path: &Path,
) -> impl FnOnce(parquet::errors::ParquetError) -> WarehouseError {
    let path = path.to_owned();
    move |source| WarehouseError::Parquet { path, source }
}
