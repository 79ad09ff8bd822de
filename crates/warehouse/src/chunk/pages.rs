//! The pages of a column: perhaps one of texts, always one of values.

use std::cell::RefCell;
use std::io;

use bytes::Bytes;
use parquet::basic::{Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter as _};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::{Present, length};
use crate::encoding;

/// A column before it is compressed.
pub(super) struct Pages {
    /// Texts that codes stand for, as Parquet has them, and how many.
    pub(super) texts: Option<(Vec<u8>, u32)>,
    /// Which rows have a value, then the values.
    pub(super) values: Vec<u8>,
    pub(super) encoding: Encoding,
    pub(super) rows: usize,
    pub(super) statistics: Option<Statistics>,
}

impl Pages {
    /// A page of values that `add` puts behind what says which rows have one.
    pub(super) fn new(
        encoding: Encoding,
        present: Present,
        add: impl FnOnce(&mut Vec<u8>),
    ) -> Self {
        let mut values = present.levels;
        add(&mut values);
        Self { texts: None, values, encoding, rows: present.rows, statistics: None }
    }

    /// The column in the form that a row group takes: its bytes, and what is to be said of them.
    pub(super) fn into_chunk(self, column: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
        let mut sink = TrackedWrite::new(Vec::with_capacity(self.values.len() / 2));
        let mut pages = SerializedPageWriter::new(&mut sink);
        let mut written = Vec::with_capacity(2);
        if let Some((texts, num_values)) = &self.texts {
            let page = |buf| Page::DictionaryPage {
                buf,
                num_values: *num_values,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            written.push((pages.write_page(compressed(texts, page)?)?, Encoding::PLAIN));
        }
        let page = |buf| Page::DataPage {
            buf,
            num_values: length(self.rows),
            encoding: self.encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        written.push((pages.write_page(compressed(&self.values, page)?)?, self.encoding));
        let close = self.closed(column, &written)?;
        Ok((sink.into_inner()?.into(), close))
    }

    /// What a file says of the chunk, its pages counted from its own first byte.
    fn closed(
        self,
        column: ColumnDescPtr,
        written: &[(PageWriteSpec, Encoding)],
    ) -> Result<ColumnCloseResult> {
        let sum = |of: fn(&PageWriteSpec) -> usize| {
            signed(written.iter().map(|(page, _)| of(page)).sum())
        };
        let offset = |wanted: PageType| {
            let page = written.iter().find(|(page, _)| page.page_type == wanted);
            page.map(|(page, _)| page.offset.cast_signed())
        };
        let stats = |(page, encoding): &(PageWriteSpec, Encoding)| PageEncodingStats {
            page_type: page.page_type,
            encoding: *encoding,
            count: 1,
        };
        let encodings = written.iter().map(|(_, encoding)| *encoding).chain([Encoding::RLE]);
        let mut metadata = ColumnChunkMetaData::builder(column)
            .set_compression(encoding::compression())
            .set_encodings(encodings.collect())
            .set_page_encoding_stats(written.iter().map(stats).collect())
            .set_total_compressed_size(sum(|page| page.compressed_size))
            .set_total_uncompressed_size(sum(|page| page.uncompressed_size))
            .set_num_values(signed(self.rows))
            .set_dictionary_page_offset(offset(PageType::DICTIONARY_PAGE))
            .set_data_page_offset(offset(PageType::DATA_PAGE).unwrap_or_default());
        if let Some(statistics) = self.statistics {
            metadata = metadata.set_statistics(statistics);
        }
        Ok(ColumnCloseResult {
            bytes_written: written.iter().map(|(page, _)| page.bytes_written).sum(),
            rows_written: self.rows as u64,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        })
    }
}

fn compressed(bytes: &[u8], page: impl FnOnce(Bytes) -> Page) -> Result<CompressedPage> {
    Ok(CompressedPage::new(page(compress(bytes)?.into()), bytes.len()))
}

/// Compresses with what the thread has at hand: making it anew for each page would cost more than a small page does.
fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    thread_local! {
        static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    }
    ZSTD.with_borrow_mut(|zstd| match zstd {
        Some(zstd) => zstd.compress(bytes),
        None => zstd.insert(Compressor::new(encoding::LEVEL)?).compress(bytes),
    })
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
