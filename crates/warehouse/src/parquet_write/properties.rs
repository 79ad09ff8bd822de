//! What the Parquet library is asked for: zstd, and the same bytes for the same rows.

use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::column_chunk::ColumnChunk;
use super::compression::compression;

/// Most bytes of a page: more than a row group has.
const PAGE: usize = 1 << 30;

/// For the rows of a model, as far as [`ColumnChunk`](super::column_chunk::ColumnChunk) leaves their columns to the
/// library.
pub(super) fn for_model(schema: &SchemaRef) -> WriterProperties {
    encoded_here(common().set_offset_index_disabled(true), schema).build()
}

/// For row groups of unsorted rows, as far as [`ColumnChunk`](super::column_chunk::ColumnChunk) leaves their columns to
/// the library.
///
/// Unsigned integers are hashes that only this run reads: plain, without dictionary, statistics and compression.
///
/// A row group is small, so each of its columns is one page: its bytes then do not depend on the batches that the
/// rows came in.
pub(super) fn for_row_groups(schema: &SchemaRef) -> WriterProperties {
    let mut builder = common()
        .set_offset_index_disabled(true)
        .set_data_page_row_count_limit(usize::MAX)
        .set_data_page_size_limit(PAGE)
        .set_dictionary_page_size_limit(PAGE);
    for field in schema.fields().iter().filter(|it| *it.data_type() == DataType::UInt64) {
        builder = builder
            .set_column_dictionary_enabled(path(field), false)
            .set_column_encoding(path(field), Encoding::PLAIN)
            .set_column_statistics_enabled(path(field), EnabledStatistics::None)
            .set_column_compression(path(field), Compression::UNCOMPRESSED);
    }
    encoded_here(builder, schema).build()
}

/// Has the library create no compressor for a column that [`ColumnChunk`](super::column_chunk::ColumnChunk) encodes.
fn encoded_here(builder: WriterPropertiesBuilder, schema: &SchemaRef) -> WriterPropertiesBuilder {
    let fields = schema.fields().iter().filter(|field| ColumnChunk::encodes(field.data_type()));
    fields.fold(builder, |builder, field| {
        builder.set_column_compression(path(field), Compression::UNCOMPRESSED)
    })
}

fn common() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(compression())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("scorewright".into())
}

fn path(field: &Field) -> ColumnPath {
    ColumnPath::new(vec![field.name().clone()])
}
