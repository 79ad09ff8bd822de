//! How columns are encoded in Parquet: zstd, the same bytes for the same batches.

use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

/// Bytes of a page: more than any group has.
const PAGE: usize = 1 << 30;

/// For the rows of a model, in the order it gave them.
pub(crate) fn of_model(schema: &SchemaRef) -> WriterProperties {
    let mut builder = common();
    for field in schema.fields().iter().filter(|field| matches!(field.data_type(), DataType::Timestamp(..))) {
        builder = plain(builder, field, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}

/// For rows in no order of their values.
///
/// A dictionary of values that hardly repeat costs a hash for each and saves nothing: instants and numbers are
/// stored as differences, texts of `unique` columns as what they do not share with the one before. The smallest and
/// largest text of a column that is in no order lets no reader skip anything, so only `unique` texts have them.
/// Unsigned numbers are hashes that go no further than this run: they stay as they are.
///
/// A group is small, so each of its columns is one page: the bytes then do not depend on how rows came in batches.
pub(crate) fn of_rows(schema: &SchemaRef, unique: &[&str]) -> WriterProperties {
    let mut builder = common()
        .set_offset_index_disabled(true)
        .set_data_page_row_count_limit(usize::MAX)
        .set_data_page_size_limit(PAGE)
        .set_dictionary_page_size_limit(PAGE);
    for field in schema.fields() {
        let is_unique = unique.contains(&field.name().as_str());
        builder = match field.data_type() {
            DataType::Timestamp(..) | DataType::Int64 => plain(builder, field, Encoding::DELTA_BINARY_PACKED),
            DataType::Utf8 if is_unique => plain(builder, field, Encoding::DELTA_BYTE_ARRAY),
            DataType::Utf8 => without_statistics(builder, field),
            DataType::UInt64 => without_statistics(plain(builder, field, Encoding::PLAIN), field)
                .set_column_compression(path(field), Compression::UNCOMPRESSED),
            _ => builder,
        };
    }
    builder.build()
}

fn common() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).expect("zstd has a level 1")))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("scorewright".into())
}

fn plain(builder: WriterPropertiesBuilder, field: &Field, encoding: Encoding) -> WriterPropertiesBuilder {
    builder.set_column_dictionary_enabled(path(field), false).set_column_encoding(path(field), encoding)
}

fn without_statistics(builder: WriterPropertiesBuilder, field: &Field) -> WriterPropertiesBuilder {
    builder.set_column_statistics_enabled(path(field), EnabledStatistics::None)
}

fn path(field: &Field) -> ColumnPath {
    ColumnPath::new(vec![field.name().clone()])
}
