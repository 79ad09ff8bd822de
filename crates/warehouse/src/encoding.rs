//! How columns are encoded in Parquet: zstd, the same bytes for the same batches.

use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

/// Bytes of a page: more than any group has.
const PAGE: usize = 1 << 30;

/// How hard zstd tries.
pub(crate) const LEVEL: i32 = 1;

pub(crate) fn compression() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(LEVEL).expect("zstd has a level 1"))
}

/// For the rows of a model, in the order it gave them.
pub(crate) fn of_model(schema: &SchemaRef) -> WriterProperties {
    let mut builder = common();
    for field in
        schema.fields().iter().filter(|field| matches!(field.data_type(), DataType::Timestamp(..)))
    {
        builder = plain(builder, field, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}

/// For rows in no order of their values, as far as [`Chunk`](crate::chunk::Chunk) leaves their columns to the library.
///
/// Unsigned numbers are hashes that go no further than this run: they stay as they are, without a dictionary.
///
/// A group is small, so each of its columns is one page: the bytes then do not depend on how rows came in batches.
pub(crate) fn of_rows(schema: &SchemaRef) -> WriterProperties {
    let mut builder = common()
        .set_offset_index_disabled(true)
        .set_data_page_row_count_limit(usize::MAX)
        .set_data_page_size_limit(PAGE)
        .set_dictionary_page_size_limit(PAGE);
    for field in schema.fields() {
        builder = match field.data_type() {
            // The library would make a compressor for each of these, and never use it.
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
