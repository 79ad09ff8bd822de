//! What the Parquet library is asked for: zstd, and the same bytes for the same rows.

use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

/// Most bytes of a page: more than a row group has.
const PAGE: usize = 1 << 30;

/// Compression level of zstd.
pub(super) const ZSTD_LEVEL: i32 = 1;

pub(super) fn compression() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL).expect("zstd has a level 1"))
}

/// For the sorted rows of a model.
pub(super) fn for_model(schema: &SchemaRef) -> WriterProperties {
    let mut builder = common();
    for field in
        schema.fields().iter().filter(|field| matches!(field.data_type(), DataType::Timestamp(..)))
    {
        builder = plain(builder, field, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
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
    for field in schema.fields() {
        builder = match field.data_type() {
            // `ColumnChunk` encodes these: the library would only create a compressor for each and not use it.
            DataType::Utf8 | DataType::Int64 | DataType::Timestamp(..) => {
                builder.set_column_compression(path(field), Compression::UNCOMPRESSED)
            }
            DataType::UInt64 => plain(builder, field, Encoding::PLAIN)
                .set_column_statistics_enabled(path(field), EnabledStatistics::None)
                .set_column_compression(path(field), Compression::UNCOMPRESSED),
            _ => builder,
        };
    }
    builder.build()
}

fn common() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(compression())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("scorewright".into())
}

fn plain(
    builder: WriterPropertiesBuilder,
    field: &Field,
    encoding: Encoding,
) -> WriterPropertiesBuilder {
    builder
        .set_column_dictionary_enabled(path(field), false)
        .set_column_encoding(path(field), encoding)
}

fn path(field: &Field) -> ColumnPath {
    ColumnPath::new(vec![field.name().clone()])
}
