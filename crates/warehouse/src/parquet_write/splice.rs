//! Row groups of one file put into another as they are encoded.

use std::io::Write;

use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use crate::parquet_read::RowGroupReader;

/// Copies a row group into another file, as far as that file has its columns; returns how many rows it has.
pub(super) fn splice<W: Write + Send>(
    source: &RowGroupReader,
    row_group: usize,
    into: &mut SerializedFileWriter<W>,
) -> Result<u64> {
    let names: Vec<String> =
        into.schema_descr().columns().iter().map(|column| column.name().to_owned()).collect();
    let mut writer = into.next_row_group()?;
    names.iter().try_for_each(|name| splice_column(source, row_group, name, &mut writer))?;
    writer.close()?;
    Ok(source.row_counts()[row_group] as u64)
}

fn splice_column<W: Write + Send>(
    source: &RowGroupReader,
    row_group: usize,
    name: &str,
    into: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<()> {
    let (metadata, bytes) = source.column_chunk(row_group, name)?;
    let close = ColumnCloseResult {
        bytes_written: metadata.compressed_size().cast_unsigned(),
        rows_written: source.row_counts()[row_group] as u64,
        metadata: metadata.clone(),
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    into.append_column(&bytes, close)
}
