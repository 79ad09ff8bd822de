//! One Parquet file, written aside, hashed and synced.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use crate::durable::{WarehouseError, io};
use crate::snapshot::hexadecimal;
use crate::table::StoredFile;

/// Writes one Parquet file of a transaction: zstd, statistics, the same bytes for the same batches.
pub struct FileWriter {
    path: PathBuf,
    staged_name: String,
    writer: ArrowWriter<Hashing>,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(
        path: PathBuf,
        staged_name: String,
        schema: SchemaRef,
        unique: Option<&[&str]>,
    ) -> Result<Self, WarehouseError> {
        let file = File::create(&path).map_err(io("create", &path))?;
        let properties = properties(&schema, unique);
        let hashing = Hashing { file: BufWriter::new(file), hash: Sha256::new(), bytes: 0 };
        let writer = ArrowWriter::try_new(hashing, schema, Some(properties)).map_err(parquet_error(&path))?;
        Ok(Self { path, staged_name, writer, rows: 0 })
    }

    /// Adds a batch; its schema is the one the file was opened with.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`], mostly a full disk.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WarehouseError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(parquet_error(&self.path))
    }

    /// Ends the file and syncs it to the disk.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Parquet`] or [`WarehouseError::Io`], mostly a full disk.
    pub fn finish(self) -> Result<StoredFile, WarehouseError> {
        let Hashing { file, hash, bytes } = self.writer.into_inner().map_err(parquet_error(&self.path))?;
        let file = file.into_inner().map_err(|failed| io("write", &self.path)(failed.into_error()))?;
        file.sync_all().map_err(io("sync", &self.path))?;
        Ok(StoredFile {
            path: self.staged_name,
            bytes,
            sha256: hexadecimal(&hash.finalize()),
            rows: self.rows,
            part: None,
        })
    }
}

/// How columns are encoded.
///
/// A dictionary of values that hardly repeat costs a hash for each and saves nothing: instants and numbers are
/// stored as differences, texts of `unique` columns as what they do not share with the one before. The smallest and
/// largest text of a column that is in no order lets no reader skip anything, so only `unique` texts have them.
fn properties(schema: &SchemaRef, unique: Option<&[&str]>) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).expect("zstd has a level 1")))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("scorewright".into());
    for field in schema.fields() {
        let column = ColumnPath::new(vec![field.name().clone()]);
        let is_unique = unique.is_some_and(|unique| unique.contains(&field.name().as_str()));
        let encoding = match field.data_type() {
            DataType::Timestamp(..) => Encoding::DELTA_BINARY_PACKED,
            DataType::Int64 if unique.is_some() => Encoding::DELTA_BINARY_PACKED,
            DataType::Utf8 if is_unique => Encoding::DELTA_BYTE_ARRAY,
            DataType::Utf8 if unique.is_some() => {
                builder = builder.set_column_statistics_enabled(column, EnabledStatistics::None);
                continue;
            }
            _ => continue,
        };
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, encoding);
    }
    builder.build()
}

fn parquet_error(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> WarehouseError {
    let path = path.to_owned();
    move |source| WarehouseError::Parquet { path, source }
}

/// Passes bytes on and hashes them on the way, so that no file is read again to know its hash.
struct Hashing {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
