//! Texts that hardly repeat: the length of the prefix each shares with the one before, and its suffix.
//!
//! Format: Apache Parquet, "Encodings", `DELTA_BYTE_ARRAY`: lengths of prefixes, lengths of suffixes, suffixes.

use arrow::array::StringArray;
use parquet::basic::Encoding;
use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;

use super::definition_levels::DefinitionLevels;
use super::delta_binary_packed;
use super::integers::as_i64;
use super::pages::ColumnPages;

/// Most bytes of the smallest and the largest text that statistics name.
const LONGEST_BOUND: usize = 64;

/// The smallest and the largest text.
type TextRange<'a> = (&'a [u8], &'a [u8]);

/// The page of a column of texts whose rows come in several arrays.
pub(super) fn pages(arrays: &[&StringArray], levels: DefinitionLevels) -> ColumnPages {
    let (nulls, count) = (levels.nulls, levels.values());
    let (mut prefixes, mut lengths) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut suffixes = Vec::new();
    let (mut before, mut range) = (&b""[..], None);
    for text in arrays.iter().flat_map(|array| array.iter().flatten()).map(str::as_bytes) {
        let prefix = common_prefix(before, text);
        prefixes.push(as_i64(prefix));
        lengths.push(as_i64(text.len() - prefix));
        suffixes.extend_from_slice(&text[prefix..]);
        range = Some(widen(range, text));
        before = text;
    }
    let pages = ColumnPages::new(Encoding::DELTA_BYTE_ARRAY, levels, |page| {
        delta_binary_packed::encode(&prefixes, page);
        delta_binary_packed::encode(&lengths, page);
        page.extend_from_slice(&suffixes);
    });
    pages.with_statistics(range.and_then(|range| statistics(range, nulls)))
}

/// The range of the texts; `None` where they are long.
fn statistics((least, most): TextRange, nulls: usize) -> Option<Statistics> {
    if least.len().max(most.len()) > LONGEST_BOUND {
        return None;
    }
    let (least, most) = (ByteArray::from(least.to_vec()), ByteArray::from(most.to_vec()));
    Some(Statistics::byte_array(Some(least), Some(most), None, Some(nulls as u64), false))
}

fn widen<'a>(range: Option<TextRange<'a>>, text: &'a [u8]) -> TextRange<'a> {
    match range {
        None => (text, text),
        Some((least, most)) if text > most => (least, text),
        Some((least, most)) => (least.min(text), most),
    }
}

/// Length of the longest prefix of both texts.
fn common_prefix(left: &[u8], right: &[u8]) -> usize {
    let (left_words, right_words) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let words =
        left_words.iter().zip(right_words).take_while(|(left, right)| left == right).count();
    let rest = left[words * 8..].iter().zip(&right[words * 8..]);
    words * 8 + rest.take_while(|(left, right)| left == right).count()
}
