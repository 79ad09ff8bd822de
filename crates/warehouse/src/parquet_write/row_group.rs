//! Rows encoded as one row group.

use std::io::Write;

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory};
use parquet::errors::{ParquetError, Result};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::SchemaDescriptor;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use super::column_chunk::{ColumnChunk, Leaf};
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
    append_row_group(&mut file, &factory, schema, batches)?;
    file.into_inner()
}

/// Encodes batches as the next row group of a file, its columns in parallel.
pub(super) fn append_row_group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    factory: &ArrowRowGroupWriterFactory,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<()> {
    let index_of_group = file.flushed_row_groups().len();
    let writers = factory.create_column_writers(index_of_group)?;
    let leaves = leaves_of_fields(file.schema_descr(), writers).into_par_iter().enumerate();
    let chunks = leaves.with_max_len(1).map(|(index, leaves)| {
        let arrays: Vec<&ArrayRef> = batches.iter().map(|batch| batch.column(index)).collect();
        ColumnChunk::encode(&arrays, schema.field(index), leaves)
    });
    let chunks = chunks.collect::<Result<Vec<_>>>()?;
    let mut row_group = file.next_row_group()?;
    chunks.into_iter().flatten().try_for_each(|chunk| chunk.append_to(&mut row_group))?;
    row_group.close()?;
    Ok(())
}

/// The columns of a file that each field has: one, but for records and lists.
fn leaves_of_fields(schema: &SchemaDescriptor, writers: Vec<ArrowColumnWriter>) -> Vec<Vec<Leaf>> {
    let mut fields: Vec<Vec<Leaf>> = Vec::new();
    for (index, writer) in writers.into_iter().enumerate() {
        let leaf = Leaf { column: schema.column(index), writer };
        fields.resize_with(schema.get_column_root_idx(index) + 1, Vec::new);
        fields.last_mut().expect("it was just made").push(leaf);
    }
    fields
}
