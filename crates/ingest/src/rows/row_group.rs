//! Row groups as tables hold them: how large they are, and how they are encoded.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, FieldRef, Fields, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use scorewright_warehouse::encode_row_group;

use crate::rows::moments::VersionMoments;
use crate::rows::table::{FILE, LINE, encoded_schema, file_schema, version_fields};
use scorewright_extract::{Load, Source};

/// Rows and bytes enough for a row group: either will do.
pub(crate) const ROWS: usize = 64 << 10;
const BYTES: usize = 8 << 20;

/// Rows of other partitions after which a file is taken to have left a partition.
pub(crate) const LEFT: usize = ROWS / 2;

/// Rows too few for a row group of their own, where others may join them.
pub(crate) const SMALL: usize = 8 << 10;

/// Bytes of a value beside its text.
const WIDTH: usize = 8;

pub(crate) fn is_enough(rows: usize, bytes: usize) -> bool {
    rows >= ROWS || bytes >= BYTES
}

/// Memory that rows take, about; the same for the same rows, however they came to be.
pub(crate) fn weight(rows: &RecordBatch) -> usize {
    let of_text = |texts: &StringArray| {
        let offsets = texts.value_offsets();
        usize::try_from(offsets[offsets.len() - 1] - offsets[0]).unwrap_or_default()
    };
    let of_column =
        |column: &ArrayRef| column.as_string_opt().map_or(0, of_text) + rows.num_rows() * WIDTH;
    rows.columns().iter().map(of_column).sum()
}

/// Encodes rows of one file as they were read: with their file, and with what only the way into the table needs.
#[derive(Clone)]
pub(crate) struct RowGroupEncoder {
    file: Arc<str>,
    /// Nothing for snapshots, which are read back before they are written.
    schema: Option<SchemaRef>,
    moments: Option<VersionMoments>,
}

impl RowGroupEncoder {
    pub(crate) fn new(source: &Source, file: &Arc<str>) -> Self {
        let schema = (source.load != Load::Snapshot).then(|| encoded_schema(source));
        Self { file: Arc::clone(file), schema, moments: VersionMoments::of(source, file) }
    }

    /// The rows, of which there is at least one batch, as one row group.
    pub(crate) fn encode(&self, rows: &[RecordBatch]) -> Result<Vec<u8>, ParquetError> {
        let Some(schema) = &self.schema else {
            return encode_row_group(rows[0].schema_ref(), rows);
        };
        let coded = with_coded_file(schema);
        let rows: Result<Vec<_>, _> = rows
            .iter()
            .map(|rows| {
                let rows = with_versions(rows, self.moments.as_ref())?;
                with_files(&rows, coded_file(&self.file, rows.num_rows()), &coded)
            })
            .collect();
        encode_row_group(schema, &rows?)
    }
}

/// The schema with the file as a dictionary: it is the same in every row.
fn with_coded_file(schema: &SchemaRef) -> SchemaRef {
    let kind = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
    let coded = |field: &FieldRef| match field.name().as_str() {
        FILE => Arc::new(field.as_ref().clone().with_data_type(kind.clone())),
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(coded).collect::<Fields>()))
}

fn coded_file(file: &str, rows: usize) -> ArrayRef {
    let names = Arc::new(StringArray::from_iter_values([file]));
    Arc::new(DictionaryArray::new(Int32Array::from(vec![0; rows]), names))
}

/// Rows of one file that were just read, as the table of their source has them.
pub(crate) fn of_file(
    rows: &RecordBatch,
    file: &str,
    source: &Source,
) -> Result<RecordBatch, ArrowError> {
    let rows = with_versions(rows, VersionMoments::of(source, file).as_ref())?;
    with_file(&rows, file, &file_schema(source))
}

/// Rows with what tells versions apart before the line, as if each were the only one of its key.
fn with_versions(
    rows: &RecordBatch,
    moments: Option<&VersionMoments>,
) -> Result<RecordBatch, ArrowError> {
    let Some(moments) = moments else { return Ok(rows.clone()) };
    let line = rows.schema_ref().index_of(LINE)?;
    let (mut columns, mut fields) = (rows.columns().to_vec(), rows.schema_ref().fields().to_vec());
    columns.splice(line..line, moments.only_versions(rows));
    fields.splice(line..line, version_fields().map(Arc::new));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Rows of one file with the file before the line; the columns after those of `schema` go.
pub(crate) fn with_file(
    rows: &RecordBatch,
    file: &str,
    schema: &SchemaRef,
) -> Result<RecordBatch, ArrowError> {
    let files = std::iter::repeat_n(file, rows.num_rows());
    with_files(rows, Arc::new(StringArray::from_iter_values(files)), schema)
}

fn with_files(
    rows: &RecordBatch,
    files: ArrayRef,
    schema: &SchemaRef,
) -> Result<RecordBatch, ArrowError> {
    let line = rows.schema_ref().index_of(LINE)?;
    let mut columns = rows.columns()[..line].to_vec();
    columns.push(files);
    columns.extend_from_slice(&rows.columns()[line..schema.fields().len() - 1]);
    RecordBatch::try_new(Arc::clone(schema), columns)
}
