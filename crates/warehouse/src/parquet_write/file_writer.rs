//! One staged Parquet file of record batches.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::AsArray as _;
use arrow::compute::{BatchCoalescer, cast};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowRowGroupWriterFactory;
use parquet::file::writer::SerializedFileWriter;
use scorewright_durable::remove_file;

use super::hashing_file::HashingFile;
use super::properties;
use super::row_group::append_row_group;
use crate::error::{WarehouseError, parquet_error};
use crate::storage::StoredFile;

/// Rows of a batch once they are made equally long.
const BATCH_ROWS: usize = 8192;

/// Batches of a row group, of which a reader takes several at a time.
const ROW_GROUP_BATCHES: usize = 16;

/// Bytes of text after which a row group ends: it is held in memory until it is encoded.
const ROW_GROUP_TEXT: usize = 32 << 20;

/// Writes one Parquet file of a transaction: zstd, statistics, the same bytes for the same rows in the same order.
///
/// Where the engine ends its batches depends on its threads. So all batches are made equally long, and a row group ends
/// after a number of them that their rows alone decide.
pub struct FileWriter {
    path: PathBuf,
    staged_name: String,
    batches: BatchCoalescer,
    row_group: Vec<RecordBatch>,
    /// Bytes of text in the row group.
    text: usize,
    writer: SerializedFileWriter<HashingFile>,
    columns: ArrowRowGroupWriterFactory,
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
        let (writer, columns) = ArrowWriter::try_new(file, schema, Some(properties))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(parquet_error(&path))?;
        let row_group = Vec::new();
        Ok(Self { path, staged_name, batches, row_group, text: 0, writer, columns, rows: 0 })
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
        self.take_batches()
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
        self.take_batches()?;
        self.end_row_group()?;
        let file = self.writer.into_inner().map_err(parquet_error(&self.path))?;
        file.finish(&self.path, self.staged_name, self.rows)
    }

    fn take_batches(&mut self) -> Result<(), WarehouseError> {
        while let Some(batch) = self.batches.next_completed_batch() {
            self.text += bytes_of_text(&batch);
            self.row_group.push(batch);
            if self.row_group.len() == ROW_GROUP_BATCHES || self.text >= ROW_GROUP_TEXT {
                self.end_row_group()?;
            }
        }
        Ok(())
    }

    fn end_row_group(&mut self) -> Result<(), WarehouseError> {
        if !self.row_group.is_empty() {
            let schema = self.batches.schema();
            append_row_group(&mut self.writer, &self.columns, &schema, &self.row_group)
                .map_err(parquet_error(&self.path))?;
            self.row_group.clear();
            self.text = 0;
        }
        Ok(())
    }
}

/// Bytes of the texts of a batch: the rest of it has a width that is known.
fn bytes_of_text(batch: &RecordBatch) -> usize {
    let texts = batch.columns().iter().filter_map(|column| column.as_string_opt::<i32>());
    texts.map(|texts| width(texts.value_offsets())).sum()
}

fn width(offsets: &[i32]) -> usize {
    let range = offsets.first().zip(offsets.last()).map_or(0, |(first, last)| last - first);
    usize::try_from(range).unwrap_or_default()
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
    use arrow::array::{
        ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, ListArray, StringArray,
        StructArray, TimestampMicrosecondArray,
    };
    use arrow::compute::concat_batches;
    use arrow::datatypes::{Field, Int64Type};

    use super::*;
    use crate::parquet_read::{ParquetBytes, RowGroupReader};

    /// Enough rows for more than one row group.
    const ROWS: usize = 150_000;

    /// Texts that repeat and that hardly do, numbers, records and lists, each with rows that have none.
    fn rows() -> RecordBatch {
        let present = |row: usize| !row.is_multiple_of(7);
        let small = |row: usize| i32::try_from(row * 31 % 1_000).unwrap();
        let some = |row: usize| present(row).then(|| i64::from(small(row)));
        let all = 0..ROWS;
        let numbers: ArrayRef = Arc::new(all.clone().map(some).collect::<Int64Array>());
        let text = |row: usize| present(row).then(|| format!("{:032}", row * 7919 % ROWS));
        let texts: ArrayRef = Arc::new(all.clone().map(text).collect::<StringArray>());
        let few = all.clone().map(|row| present(row).then_some(["few", "texts"][row % 2]));
        let few: ArrayRef = Arc::new(few.collect::<StringArray>());
        let at = all.clone().map(some).collect::<TimestampMicrosecondArray>();
        let amount = all.clone().map(|row| some(row).map(i128::from)).collect::<Decimal128Array>();
        let share = all.clone().map(|row| present(row).then(|| f64::from(small(row)) / 7.0));
        let is_even = all.clone().map(|row| some(row).map(|number| number % 2 == 0));
        let list = all.clone().map(|row| present(row).then(|| (0..row % 3).map(some)));
        let record = StructArray::from(vec![
            (Arc::new(Field::new("text", texts.data_type().clone(), true)), Arc::clone(&texts)),
            (
                Arc::new(Field::new("number", numbers.data_type().clone(), true)),
                Arc::clone(&numbers),
            ),
        ]);
        RecordBatch::try_from_iter_with_nullable([
            ("number", numbers, true),
            ("text", texts, true),
            ("record", Arc::new(record) as ArrayRef, true),
            ("few", few, true),
            ("list", Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(list)), true),
            ("at", Arc::new(at.with_timezone("UTC")), true),
            ("amount", Arc::new(amount), true),
            ("share", Arc::new(share.collect::<Float64Array>()), true),
            ("is_even", Arc::new(is_even.collect::<BooleanArray>()), true),
        ])
        .unwrap()
    }

    fn bytes_in_batches_of(rows: &RecordBatch, length: usize) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.parquet");
        let mut writer =
            FileWriter::create(path.clone(), "file.parquet".into(), rows.schema()).unwrap();
        for start in (0..rows.num_rows()).step_by(length) {
            writer.write(&rows.slice(start, length.min(rows.num_rows() - start))).unwrap();
        }
        writer.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    fn read(bytes: Vec<u8>) -> (usize, RecordBatch) {
        let reader = RowGroupReader::open(ParquetBytes::Memory(bytes.into())).unwrap();
        let batches = reader.read_all(None).unwrap();
        (reader.row_counts().len(), concat_batches(&reader.schema(), &batches).unwrap())
    }

    #[test]
    fn where_batches_end_decides_no_byte_and_all_values_are_read_back() {
        let rows = rows();
        let whole = bytes_in_batches_of(&rows, ROWS);
        for length in [997, 8192, 10_000] {
            assert!(bytes_in_batches_of(&rows, length) == whole, "batches of {length} rows");
        }
        assert!(read(whole) == (2, rows));
    }

    #[test]
    fn long_texts_end_a_row_group_earlier() {
        let text: String = "0123456789".repeat(250);
        let texts = (0..40_000).map(|row| Some(format!("{row}{text}"))).collect::<StringArray>();
        let rows = RecordBatch::try_from_iter([("text", Arc::new(texts) as ArrayRef)]).unwrap();
        // A batch has 20 million bytes.
        let (groups, found) = read(bytes_in_batches_of(&rows, 3_000));
        assert_eq!(groups, 3);
        assert!(found.column(0) == rows.column(0));
    }

    #[test]
    fn a_file_without_rows_has_its_columns() {
        let rows = rows();
        let (groups, found) = read(bytes_in_batches_of(&rows.slice(0, 0), 1));
        assert_eq!((groups, found.num_rows(), found.schema()), (0, 0, rows.schema()));
    }
}
