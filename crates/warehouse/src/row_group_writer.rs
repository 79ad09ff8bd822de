//! One Parquet file made of row groups that are encoded already.

use std::path::PathBuf;

use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::file::writer::SerializedFileWriter;

use crate::encoding;
use crate::error::WarehouseError;
use crate::file_writer::parquet_error;
use crate::hashing::Hashing;
use crate::row_group_reader::RowGroupReader;
use crate::table::StoredFile;

/// Writes one Parquet file of a transaction, group by group.
pub struct RowGroupWriter {
    path: PathBuf,
    staged_name: String,
    writer: SerializedFileWriter<Hashing>,
    rows: u64,
}

impl RowGroupWriter {
    pub(crate) fn create(
        path: PathBuf,
        staged_name: String,
        schema: SchemaRef,
    ) -> Result<Self, WarehouseError> {
        let properties = encoding::of_rows(&schema);
        let writer = ArrowWriter::try_new(Hashing::create(&path)?, schema, Some(properties))
            .and_then(ArrowWriter::into_serialized_writer);
        let (writer, _) = writer.map_err(parquet_error(&path))?;
        Ok(Self { path, staged_name, writer, rows: 0 })
    }

    /// Adds a group as it is; columns that this file does not have are left out.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] when it lacks a column, or the disk is full.
    pub fn splice(&mut self, packed: &RowGroupReader, group: usize) -> Result<(), WarehouseError> {
        self.rows += packed.splice(group, &mut self.writer).map_err(parquet_error(&self.path))?;
        Ok(())
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
