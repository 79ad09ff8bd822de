//! Decoding a Parquet file of others, in whichever process.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;

/// What a file says of itself.
#[derive(Debug)]
pub(crate) struct Outline {
    /// Its columns, at most as many as asked for and one more.
    pub(crate) schema: SchemaRef,
    /// Bytes of its columns when expanded, as it claims.
    pub(crate) expanded: u64,
    /// Rows, as it claims.
    pub(crate) rows: u64,
}

/// Batches of a file, or why there are no more.
pub(crate) type Batches = Box<dyn Iterator<Item = Result<RecordBatch, String>>>;

/// Rows decoded together.
const ROWS: usize = 8_192;
/// Bytes handed over together, as far as rows can be told apart: the rows of a batch may be small in the file and large
/// in memory.
const PIECE: usize = 16 << 20;

pub(super) fn outline(file: File, most_columns: usize) -> Result<Outline, String> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    // Only names and types: whatever else the file says of its columns is nobody's business.
    let plain = |field: &Arc<Field>| {
        Field::new(field.name(), unpacked(field.data_type()), field.is_nullable())
    };
    let fields = builder.schema().fields().iter().take(most_columns.saturating_add(1));
    let metadata = builder.metadata();
    let expanded: i64 = metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::total_byte_size)
        .fold(0, i64::saturating_add);
    Ok(Outline {
        schema: Arc::new(Schema::new(fields.map(plain).collect::<Vec<_>>())),
        expanded: expanded.cast_unsigned(),
        rows: metadata.file_metadata().num_rows().cast_unsigned(),
    })
}

/// The rows of a file, of some of its columns by their places.
pub(super) fn batches(file: File, columns: &[usize]) -> Result<Batches, String> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(ROWS)
        .build()
        .map_err(|error| error.to_string())?;
    Ok(Box::new(reader.flat_map(|batch| match batch.and_then(|batch| unpack(&batch)) {
        Ok(batch) => pieces(batch),
        Err(error) => vec![Err(error.to_string())],
    })))
}

/// The type of the values themselves: what is shared between rows in memory would grow when it is told sandbox.
fn unpacked(of: &DataType) -> DataType {
    match of {
        DataType::Dictionary(_, value) => unpacked(value),
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        other => other.clone(),
    }
}

fn unpack(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    let plain = |(field, column): (&Arc<Field>, &ArrayRef)| {
        let of = unpacked(field.data_type());
        let column = if of == *field.data_type() { Arc::clone(column) } else { cast(column, &of)? };
        Ok((Field::new(field.name(), of, column.is_nullable()), column))
    };
    let columns = schema.fields().iter().zip(batch.columns()).map(plain);
    let (fields, columns): (Vec<_>, Vec<_>) =
        columns.collect::<Result<Vec<_>, ArrowError>>()?.into_iter().unzip();
    let fields: Vec<_> = fields.into_iter().map(|field: Field| field.with_nullable(true)).collect();
    let rows = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &rows)
}

fn pieces(batch: RecordBatch) -> Vec<Result<RecordBatch, String>> {
    let (rows, bytes) = (batch.num_rows(), batch.get_array_memory_size());
    if bytes <= PIECE || rows < 2 {
        return vec![Ok(batch)];
    }
    let each = (rows / (bytes / PIECE + 1)).max(1);
    (0..rows).step_by(each).map(|start| Ok(batch.slice(start, each.min(rows - start)))).collect()
}
