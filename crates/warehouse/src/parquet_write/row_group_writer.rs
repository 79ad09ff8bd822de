//! One staged Parquet file of row groups that are encoded already.

use std::path::PathBuf;

use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::file::writer::SerializedFileWriter;

use super::hashing_file::HashingFile;
use super::properties;
use super::splice::splice;
use crate::error::{WarehouseError, parquet_error};
use crate::parquet_read::RowGroupReader;
use crate::storage::StoredFile;

/// Writes one Parquet file of a transaction, row group by row group.
pub struct RowGroupWriter {
    path: PathBuf,
    staged_name: String,
    writer: SerializedFileWriter<HashingFile>,
    rows: u64,
}

impl RowGroupWriter {
    pub(crate) fn create(
        path: PathBuf,
        staged_name: String,
        schema: SchemaRef,
    ) -> Result<Self, WarehouseError> {
        let file = HashingFile::create(&path)?;
        let properties = properties::for_row_groups(&schema);
        let (writer, _) = ArrowWriter::try_new(file, schema, Some(properties))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(parquet_error(&path))?;
        Ok(Self { path, staged_name, writer, rows: 0 })
    }

    /// Copies a row group without decoding it; columns that this file does not have are left out.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it lacks a column, or the disk is full.
    pub fn splice(
        &mut self,
        source: &RowGroupReader,
        row_group: usize,
    ) -> Result<(), WarehouseError> {
        let spliced = splice(source, row_group, &mut self.writer);
        self.rows += spliced.map_err(parquet_error(&self.path))?;
        Ok(())
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
