//! Texts that hardly repeat: how much each shares with the one before, and the rest of it.
//!
//! Format: Apache Parquet, "Encodings", `DELTA_BYTE_ARRAY`: lengths shared, lengths of the rests, the rests.

use arrow::array::StringArray;
use parquet::basic::Encoding;
use parquet::file::statistics::Statistics;

use super::{Pages, Present, delta};

/// Bytes of the smallest and the largest text that are told.
const TOLD: usize = 64;

/// The page of a column of texts that comes in pieces.
pub(super) fn pages(pieces: &[&StringArray], present: Present) -> Pages {
    let nulls = present.nulls as u64;
    let count = present.rows - present.nulls;
    let (mut shared, mut lengths) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut rests = Vec::new();
    let (mut before, mut range) = (&b""[..], None);
    for text in pieces.iter().flat_map(|piece| piece.iter().flatten()).map(str::as_bytes) {
        let alike = alike(before, text);
        shared.push(signed(alike));
        lengths.push(signed(text.len() - alike));
        rests.extend_from_slice(&text[alike..]);
        range = Some(widened(range, text));
        before = text;
    }
    let pages = Pages::new(Encoding::DELTA_BYTE_ARRAY, present, |page| {
        delta::encode(&shared, page);
        delta::encode(&lengths, page);
        page.extend_from_slice(&rests);
    });
    let range = range.filter(|(least, most)| least.len().max(most.len()) <= TOLD);
    let told = |text: &[u8]| Some(text.to_vec().into());
    let statistics = range.map(|(least, most)| {
        Statistics::byte_array(told(least), told(most), None, Some(nulls), false)
    });
    Pages { statistics, ..pages }
}

/// The smallest and the largest text so far.
fn widened<'a>(range: Option<(&'a [u8], &'a [u8])>, text: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    match range {
        None => (text, text),
        Some((least, most)) if text > most => (least, text),
        Some((least, most)) => (least.min(text), most),
    }
}

/// Bytes at the start of two texts that are the same.
fn alike(left: &[u8], right: &[u8]) -> usize {
    let (left_words, right_words) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
    let words =
        left_words.iter().zip(right_words).take_while(|(left, right)| left == right).count();
    let rest = left[words * 8..].iter().zip(&right[words * 8..]);
    words * 8 + rest.take_while(|(left, right)| left == right).count()
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).expect("a group of rows is far smaller than 4 GiB")
}
