//! Rows encoded as one row group.

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::errors::{ParquetError, Result};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use super::column_chunk::ColumnChunk;
use super::properties;

/// Encodes batches as one row group, its columns in parallel; texts may come as dictionaries. The bytes are those of
/// a small Parquet file, the same however the rows are divided into batches.
///
/// # Errors
///
/// [`ParquetError`] when a batch does not fit the schema, or a dictionary has a text that is null.
pub fn encode_row_group(
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Vec<u8>, ParquetError> {
    let properties = properties::for_row_groups(schema);
    let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let columns = file.schema_descr().columns().to_vec();
    let writers = factory.create_column_writers(0)?.into_par_iter().zip(columns).enumerate();
    let chunks = writers.with_max_len(1).map(|(index, (writer, column))| {
        let arrays: Vec<&ArrayRef> = batches.iter().map(|batch| batch.column(index)).collect();
        ColumnChunk::encode(&arrays, schema.field(index), column, writer)
    });
    let chunks = chunks.collect::<Result<Vec<_>>>()?;
    let mut row_group = file.next_row_group()?;
    chunks.into_iter().try_for_each(|chunk| chunk.append_to(&mut row_group))?;
    row_group.close()?;
    file.into_inner()
}
