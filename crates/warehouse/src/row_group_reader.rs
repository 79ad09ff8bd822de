//! QueryResult encoded as Parquet row groups: read back by column, or put into another file as they are.

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use bytes::buf::Reader;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use crate::chunk::Chunk;
use crate::encoding;
use crate::parquet_bytes::ParquetBytes;

/// Encodes batches as one row group, its columns side by side; texts may come as dictionaries. The bytes are those of
/// a small Parquet file, the same however the rows are divided into batches.
///
/// # Errors
///
/// [`ParquetError`] when a batch does not fit the schema.
pub fn encode_row_group(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Vec<u8>> {
    let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(encoding::of_rows(schema)))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let columns = file.schema_descr().columns().to_vec();
    let writers = factory.create_column_writers(0)?.into_par_iter().zip(columns).enumerate();
    let chunks = writers.with_max_len(1).map(|(place, (writer, column))| {
        let pieces: Vec<&ArrayRef> = batches.iter().map(|batch| batch.column(place)).collect();
        Chunk::of(&pieces, schema.field(place), column, writer)
    });
    let chunks = chunks.collect::<Result<Vec<_>>>()?;
    let mut group = file.next_row_group()?;
    chunks.into_iter().try_for_each(|chunk| chunk.append_to(&mut group))?;
    group.close()?;
    file.into_inner()
}

/// Row groups of a Parquet file of our own, in memory or on disk.
#[derive(Debug, Clone)]
pub struct RowGroupReader {
    reader: ParquetBytes,
    metadata: ArrowReaderMetadata,
}

impl RowGroupReader {
    /// Reads what the file says of itself.
    ///
    /// # Errors
    ///
    /// [`ParquetError`] when it is no Parquet file.
    pub fn open(reader: ParquetBytes) -> Result<Self> {
        let metadata = ArrowReaderMetadata::load(&reader, ArrowReaderOptions::new())?;
        Ok(Self { reader, metadata })
    }

    /// QueryResult of each group.
    pub fn row_groups(&self) -> Vec<usize> {
        let rows =
            |group: &RowGroupMetaData| usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
        self.metadata.metadata().row_groups().iter().map(rows).collect()
    }

    /// The rows of a group as one batch or few: all columns, or the named ones in the order of the file.
    ///
    /// # Errors
    ///
    /// [`ParquetError`] when they cannot be read.
    pub fn read(&self, group: usize, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.reader.clone(),
            self.metadata.clone(),
        );
        let mask = columns.map_or_else(ProjectionMask::all, |columns| {
            ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied())
        });
        let rows = self.row_groups()[group];
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(rows)
            .build()?;
        reader.map(|batch| batch.map_err(ParquetError::from)).collect()
    }

    /// Puts a group into another file, as far as that has its columns; returns how many rows it has.
    pub(crate) fn splice<W: std::io::Write + Send>(
        &self,
        group: usize,
        into: &mut SerializedFileWriter<W>,
    ) -> Result<u64> {
        let group = self.metadata.metadata().row_group(group);
        let wanted: Vec<String> =
            into.schema_descr().columns().iter().map(|column| column.name().to_owned()).collect();
        let mut writer = into.next_row_group()?;
        wanted.iter().try_for_each(|name| self.splice_column(group, name, &mut writer))?;
        writer.close()?;
        Ok(group.num_rows().cast_unsigned())
    }

    fn splice_column<W: std::io::Write + Send>(
        &self,
        group: &RowGroupMetaData,
        name: &str,
        into: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<()> {
        let metadata = group.columns().iter().find(|column| column.column_descr().name() == name);
        let metadata =
            metadata.ok_or_else(|| ParquetError::General(format!("there is no column {name}")))?;
        let close = ColumnCloseResult {
            bytes_written: metadata.compressed_size().cast_unsigned(),
            rows_written: group.num_rows().cast_unsigned(),
            metadata: metadata.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        let start = metadata
            .dictionary_page_offset()
            .unwrap_or(metadata.data_page_offset())
            .cast_unsigned();
        let length = metadata.compressed_size().cast_unsigned();
        // A damaged file may claim any length; memory is taken only for bytes that are there.
        if start.checked_add(length).is_none_or(|end| end > self.reader.len()) {
            return Err(ParquetError::EOF(format!(
                "column {name} ends behind the end of the file"
            )));
        }
        let bytes = self.reader.get_bytes(start, usize::try_from(length).unwrap_or(usize::MAX))?;
        into.append_column(&Stretch { bytes, start }, close)
    }
}

/// Some bytes of a file, at the place they have in it.
struct Stretch {
    bytes: Bytes,
    start: u64,
}

impl Length for Stretch {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Stretch {
    type T = Reader<Bytes>;

    fn get_read(&self, from: u64) -> Result<Self::T> {
        self.bytes.get_read(from - self.start)
    }

    fn get_bytes(&self, from: u64, length: usize) -> Result<Bytes> {
        self.bytes.get_bytes(from - self.start, length)
    }
}
