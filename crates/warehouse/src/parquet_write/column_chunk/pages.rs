//! The pages of a column: perhaps one of a dictionary, always one of data.

use std::cell::RefCell;
use std::io;

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::definition_levels::DefinitionLevels;
use super::integers::{as_i64, as_u32};
use crate::parquet_write::compression::{ZSTD_LEVEL, compression};

/// A column before it is compressed.
pub(super) struct ColumnPages {
    /// The texts of a dictionary, each after its length, and how many there are.
    dictionary: Option<(Vec<u8>, u32)>,
    /// Definition levels, then the values.
    data: Vec<u8>,
    encoding: Encoding,
    rows: usize,
    statistics: Option<Statistics>,
}

/// A page as it stands in the column chunk.
struct WrittenPage {
    spec: PageWriteSpec,
    encoding: Encoding,
}

impl ColumnPages {
    /// A page of data: the levels, then what `add_values` adds.
    pub(super) fn new(
        encoding: Encoding,
        levels: DefinitionLevels,
        add_values: impl FnOnce(&mut Vec<u8>),
    ) -> Self {
        let mut data = levels.bytes;
        add_values(&mut data);
        Self { dictionary: None, data, encoding, rows: levels.rows, statistics: None }
    }

    pub(super) fn with_dictionary(self, texts: Vec<u8>, count: u32) -> Self {
        Self { dictionary: Some((texts, count)), ..self }
    }

    pub(super) fn with_statistics(self, statistics: Option<Statistics>) -> Self {
        Self { statistics, ..self }
    }

    /// The column in the form that a row group takes: its bytes and its metadata.
    pub(super) fn into_chunk(self, column: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
        let mut sink = TrackedWrite::new(Vec::with_capacity(self.data.len() / 2));
        let mut pages = SerializedPageWriter::new(&mut sink);
        let dictionary = match self.dictionary_page()? {
            Some(page) => Some(pages.write_page(page)?),
            None => None,
        };
        let data = pages.write_page(self.data_page()?)?;
        let close = self.close(column, dictionary, data)?;
        Ok((sink.into_inner()?.into(), close))
    }

    fn dictionary_page(&self) -> Result<Option<CompressedPage>> {
        let Some((texts, num_values)) = &self.dictionary else { return Ok(None) };
        let page = Page::DictionaryPage {
            buf: compress(texts)?.into(),
            num_values: *num_values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        Ok(Some(CompressedPage::new(page, texts.len())))
    }

    fn data_page(&self) -> Result<CompressedPage> {
        let page = Page::DataPage {
            buf: compress(&self.data)?.into(),
            num_values: as_u32(self.rows),
            encoding: self.encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        Ok(CompressedPage::new(page, self.data.len()))
    }

    /// The metadata of the chunk; offsets count from its own first byte.
    fn close(
        self,
        column: ColumnDescPtr,
        dictionary: Option<PageWriteSpec>,
        data: PageWriteSpec,
    ) -> Result<ColumnCloseResult> {
        let dictionary = dictionary.map(|spec| WrittenPage { spec, encoding: Encoding::PLAIN });
        let mut metadata = ColumnChunkMetaData::builder(column)
            .set_compression(compression())
            .set_num_values(as_i64(self.rows))
            .set_dictionary_page_offset(dictionary.as_ref().map(WrittenPage::offset))
            .set_data_page_offset(data.offset.cast_signed());
        let data = WrittenPage { spec: data, encoding: self.encoding };
        let pages: Vec<WrittenPage> = dictionary.into_iter().chain([data]).collect();
        let encodings = pages.iter().map(|page| page.encoding).chain([Encoding::RLE]);
        let compressed = pages.iter().map(|page| page.spec.compressed_size).sum();
        let uncompressed = pages.iter().map(|page| page.spec.uncompressed_size).sum();
        metadata = metadata
            .set_encodings(encodings.collect())
            .set_page_encoding_stats(pages.iter().map(WrittenPage::stats).collect())
            .set_total_compressed_size(as_i64(compressed))
            .set_total_uncompressed_size(as_i64(uncompressed));
        if let Some(statistics) = self.statistics {
            metadata = metadata.set_statistics(statistics);
        }
        Ok(ColumnCloseResult {
            bytes_written: pages.iter().map(|page| page.spec.bytes_written).sum(),
            rows_written: self.rows as u64,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        })
    }
}

impl WrittenPage {
    fn offset(&self) -> i64 {
        self.spec.offset.cast_signed()
    }

    fn stats(&self) -> PageEncodingStats {
        PageEncodingStats { page_type: self.spec.page_type, encoding: self.encoding, count: 1 }
    }
}

/// Compresses with a compressor that the thread keeps: creating one for each page costs more than a small page does.
fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    thread_local! {
        static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    }
    ZSTD.with_borrow_mut(|zstd| match zstd {
        Some(zstd) => zstd.compress(bytes),
        None => zstd.insert(Compressor::new(ZSTD_LEVEL)?).compress(bytes),
    })
}
