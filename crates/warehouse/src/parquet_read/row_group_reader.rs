//! Row groups of one Parquet file: decoded as record batches, or taken as they are encoded.

use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader as _, Length as _};
use parquet::file::statistics::Statistics;

use super::offset_bytes::OffsetBytes;
use super::parquet_bytes::ParquetBytes;
use crate::error::{WarehouseError, parquet_error};
use crate::storage::{CheckedFile, StoredFile};

/// Row groups of a Parquet file that this program wrote, in memory or on disk.
#[derive(Debug, Clone)]
pub struct RowGroupReader {
    bytes: ParquetBytes,
    metadata: ArrowReaderMetadata,
    row_counts: Vec<usize>,
}

impl RowGroupReader {
    /// Reads the footer of the file.
    ///
    /// # Errors
    ///
    /// [`ParquetError`] when it is no Parquet file.
    pub fn open(bytes: ParquetBytes) -> Result<Self> {
        let metadata = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new());
        let metadata = metadata.map_err(|error| bytes.cause(error))?;
        let row_groups = metadata.metadata().row_groups();
        let row_counts = row_groups.iter().map(row_count).collect::<Result<_>>()?;
        Ok(Self { bytes, metadata, row_counts })
    }

    /// Opens a file of a table, below the warehouse folder `root`.
    pub(crate) fn open_stored(root: &Path, stored: &StoredFile) -> Result<Self, WarehouseError> {
        let bytes = ParquetBytes::Stored(Arc::new(CheckedFile::open(root, stored)?));
        Self::open(bytes).map_err(parquet_error(&root.join(&stored.path)))
    }

    /// Its columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(self.metadata.schema())
    }

    /// How many rows each row group has.
    pub fn row_counts(&self) -> &[usize] {
        &self.row_counts
    }

    /// Decodes a row group into one batch or a few: all columns, or the named ones in the order of the file.
    ///
    /// # Errors
    ///
    /// [`ParquetError`] when they cannot be read.
    pub fn read(&self, row_group: usize, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>> {
        self.decode(row_group, columns).map_err(|error| self.bytes.cause(error))
    }

    fn decode(&self, row_group: usize, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.bytes.clone(),
            self.metadata.clone(),
        );
        let mask = columns.map_or_else(ProjectionMask::all, |columns| {
            ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied())
        });
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![row_group])
            .with_batch_size(self.row_counts[row_group])
            .build()?;
        reader.map(|batch| batch.map_err(ParquetError::from)).collect()
    }

    /// The newest instant of a column of timestamps, by its statistics, and how many rows have none.
    pub fn newest(&self, column: &str) -> (Option<i64>, u64) {
        let groups = self.metadata.metadata().row_groups().iter();
        let statistics = groups.filter_map(|group| {
            let named = |chunk: &&ColumnChunkMetaData| chunk.column_descr().name() == column;
            match group.columns().iter().find(named)?.statistics()? {
                Statistics::Int64(found) => {
                    Some((found.max_opt().copied(), found.null_count_opt().unwrap_or(0)))
                }
                _ => None,
            }
        });
        statistics.fold((None, 0), |all, one| (all.0.max(one.0), all.1 + one.1))
    }

    /// Decodes all row groups, in file order: all columns, or the named ones.
    pub(crate) fn read_all(&self, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>> {
        let read = (0..self.row_counts.len()).map(|row_group| self.read(row_group, columns));
        Ok(read.collect::<Result<Vec<_>>>()?.concat())
    }

    /// A column of a row group as it is encoded.
    pub(crate) fn column_chunk(
        &self,
        row_group: usize,
        name: &str,
    ) -> Result<(&ColumnChunkMetaData, OffsetBytes)> {
        let columns = self.metadata.metadata().row_group(row_group).columns();
        let metadata = columns
            .iter()
            .find(|column| column.column_descr().name() == name)
            .ok_or_else(|| ParquetError::General(format!("there is no column {name}")))?;
        let start = metadata.dictionary_page_offset().unwrap_or(metadata.data_page_offset());
        let (start, length) = (start.cast_unsigned(), metadata.compressed_size().cast_unsigned());
        // A damaged file may claim any length; memory is taken only for bytes that are there.
        let is_inside = start.checked_add(length).is_some_and(|end| end <= self.bytes.len());
        let length = usize::try_from(length).ok().filter(|_| is_inside).ok_or_else(|| {
            ParquetError::EOF(format!("column {name} ends behind the end of the file"))
        })?;
        let bytes = self.bytes.get_bytes(start, length)?;
        Ok((metadata, OffsetBytes { bytes, start }))
    }
}

fn row_count(row_group: &RowGroupMetaData) -> Result<usize> {
    let rows = row_group.num_rows();
    usize::try_from(rows)
        .map_err(|_| ParquetError::General(format!("a row group claims to have {rows} rows")))
}
