//! One staged Parquet file of record batches.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::compute::{BatchCoalescer, cast};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use scorewright_durable::remove_file;

use super::hashing_file::HashingFile;
use super::properties;
use crate::error::{WarehouseError, parquet_error};
use crate::storage::StoredFile;

/// Rows that the Parquet library is given at once.
const BATCH_ROWS: usize = 8192;

/// Writes one Parquet file of a transaction: zstd, statistics, the same bytes for the same rows in the same order.
///
/// The library may end a page where a batch ends, and where the engine ends its batches depends on its threads. So all
/// batches are made equally long before they are written.
pub struct FileWriter {
    path: PathBuf,
    staged_name: String,
    batches: BatchCoalescer,
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
        let batches = BatchCoalescer::new(SchemaRef::clone(&schema), BATCH_ROWS);
        let writer =
            ArrowWriter::try_new(file, schema, Some(properties)).map_err(parquet_error(&path))?;
        Ok(Self { path, staged_name, batches, writer, rows: 0 })
    }

    /// Adds a batch; its schema is the one the file was opened with.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`], mostly a full disk.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WarehouseError> {
        self.rows += batch.num_rows() as u64;
        let pushed = as_declared(batch, &self.batches.schema())
            .and_then(|batch| self.batches.push_batch(batch));
        pushed.map_err(|error| parquet_error(&self.path)(error.into()))?;
        self.write_full_batches()
    }

    /// Bytes written so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.writer.bytes_written() as u64
    }

    /// Removes the file: it will not be written to its end.
    pub(crate) fn abandon(self) -> Result<(), WarehouseError> {
        drop(self.writer);
        Ok(remove_file(&self.path)?)
    }

    /// Ends the file and syncs it to the disk.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] or [`WarehouseError::Io`], mostly a full disk.
    pub fn finish(mut self) -> Result<StoredFile, WarehouseError> {
        let rest = self.batches.finish_buffered_batch();
        rest.map_err(|error| parquet_error(&self.path)(error.into()))?;
        self.write_full_batches()?;
        let file = self.writer.into_inner().map_err(parquet_error(&self.path))?;
        file.finish(&self.path, self.staged_name, self.rows)
    }

    fn write_full_batches(&mut self) -> Result<(), WarehouseError> {
        while let Some(batch) = self.batches.next_completed_batch() {
            self.writer.write(&batch).map_err(parquet_error(&self.path))?;
        }
        Ok(())
    }
}

/// A batch with the types of the file: the engine hands over texts in more than one form.
fn as_declared(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| {
        if column.data_type() == field.data_type() {
            Ok(Arc::clone(column))
        } else {
            cast(column, field.data_type())
        }
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, StringArray};

    use super::*;

    /// Enough rows for more than one page, with more texts than a dictionary holds.
    const ROWS: usize = 50_000;

    fn rows() -> RecordBatch {
        let numbers: ArrayRef = Arc::new((0_i64..).take(ROWS).collect::<Int64Array>());
        let texts = (0..ROWS).map(|row| Some(format!("{:032}", row * 7919 % ROWS)));
        let texts: ArrayRef = Arc::new(texts.collect::<StringArray>());
        RecordBatch::try_from_iter([("number", numbers), ("text", texts)]).unwrap()
    }

    fn bytes_in_batches_of(length: usize) -> Vec<u8> {
        let (folder, rows) = (tempfile::tempdir().unwrap(), rows());
        let path = folder.path().join("file.parquet");
        let mut writer =
            FileWriter::create(path.clone(), "file.parquet".into(), rows.schema()).unwrap();
        for start in (0..ROWS).step_by(length) {
            writer.write(&rows.slice(start, length.min(ROWS - start))).unwrap();
        }
        writer.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn where_batches_end_decides_no_byte() {
        let whole = bytes_in_batches_of(ROWS);
        for length in [997, 8192, 10_000] {
            assert!(bytes_in_batches_of(length) == whole, "batches of {length} rows");
        }
    }
}
