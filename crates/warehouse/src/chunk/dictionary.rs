//! Texts as codes: each is hashed once a row, and written once.
//!
//! Format: Apache Parquet, "Encodings", `RLE_DICTIONARY`: how many bits a code has, then the codes.

use std::hash::{BuildHasher as _, Hasher as _};
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, StringArray};
use arrow::datatypes::Int32Type;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use parquet::basic::Encoding;

use super::{Pages, Present, hybrid, length};

/// Texts looked at to tell whether they repeat.
const SAMPLE: usize = 4_096;

/// Texts in the order they first appear, and which of them each row has.
#[derive(Default)]
pub(super) struct Dictionary {
    /// Each text after its length, as Parquet has them.
    page: Vec<u8>,
    /// Where the texts lie in the page.
    texts: Vec<Range<usize>>,
    known: HashTable<Known>,
    state: RandomState,
    /// One for each row that has a text.
    codes: Vec<u32>,
}

/// A text that has a code.
struct Known {
    mark: Mark,
    code: u32,
}

/// What tells texts apart: all of a short one, a hash and the end of a longer one.
#[derive(Clone, Copy, PartialEq)]
struct Mark {
    words: [u64; 2],
    length: usize,
}

impl Dictionary {
    /// The dictionary of a column that comes in pieces; none where texts that have no codes yet hardly repeat, as far
    /// as the first tell.
    pub(super) fn of(pieces: &[&ArrayRef]) -> Option<Self> {
        let rows = pieces.iter().copied().map(Array::len).sum();
        let mut found = Self { codes: Vec::with_capacity(rows), ..Self::default() };
        for piece in pieces {
            match piece.as_dictionary_opt() {
                Some(coded) => found.add_coded(coded),
                None => found.add(piece.as_string())?,
            }
        }
        let is_coded = pieces.iter().any(|piece| piece.as_dictionary_opt::<Int32Type>().is_some());
        (is_coded || !found.hardly_repeats()).then_some(found)
    }

    /// The pages of the column.
    pub(super) fn pages(self, present: Present) -> Pages {
        let most = length(self.texts.len().saturating_sub(1));
        let width = u32::BITS - most.leading_zeros();
        let pages = Pages::new(Encoding::RLE_DICTIONARY, present, |page| {
            page.reserve(self.codes.len() * 2);
            page.extend_from_slice(&width.to_le_bytes()[..1]);
            hybrid::encode(&self.codes, width, page);
        });
        Pages { texts: Some((self.page, length(self.texts.len()))), ..pages }
    }

    fn add(&mut self, texts: &StringArray) -> Option<()> {
        for text in texts.iter().flatten() {
            let code = self.code(text.as_bytes());
            self.codes.push(code);
            if self.codes.len() == SAMPLE && self.hardly_repeats() {
                return None;
            }
        }
        Some(())
    }

    fn add_coded(&mut self, coded: &DictionaryArray<Int32Type>) {
        let texts = coded.values().as_string::<i32>().iter();
        let ours: Vec<u32> =
            texts.map(|text| self.code(text.unwrap_or_default().as_bytes())).collect();
        self.codes.extend(coded.keys_iter().flatten().map(|key| ours[key]));
    }

    fn hardly_repeats(&self) -> bool {
        self.texts.len() * 2 > self.codes.len()
    }

    fn code(&mut self, text: &[u8]) -> u32 {
        let Self { page, texts, known, state, .. } = self;
        let mark = Mark::of(text, state);
        let is_same = |known: &Known| {
            known.mark == mark
                && (text.len() <= 16 || page[texts[known.code as usize].clone()] == *text)
        };
        match known.entry(mark.hash(state), is_same, |known| known.mark.hash(state)) {
            Entry::Occupied(known) => known.get().code,
            Entry::Vacant(place) => {
                let code = length(texts.len());
                place.insert(Known { mark, code });
                page.extend_from_slice(&length(text.len()).to_le_bytes());
                texts.push(page.len()..page.len() + text.len());
                page.extend_from_slice(text);
                code
            }
        }
    }
}

impl Mark {
    fn of(text: &[u8], state: &RandomState) -> Self {
        let words = match text.len() {
            // Both words together are all of the text, some of it twice.
            8..=16 => [first(text), last(text)],
            4..8 => [first_half(text), last_half(text)],
            0..4 => [text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0],
            _ => {
                let mut hasher = state.build_hasher();
                hasher.write(text);
                [hasher.finish(), last(text)]
            }
        };
        Self { words, length: text.len() }
    }

    fn hash(self, state: &RandomState) -> u64 {
        let mut hasher = state.build_hasher();
        hasher.write_u64(self.words[0]);
        hasher.write_u64(self.words[1]);
        hasher.finish()
    }
}

fn first(text: &[u8]) -> u64 {
    text.first_chunk().copied().map_or(0, u64::from_le_bytes)
}

fn last(text: &[u8]) -> u64 {
    text.last_chunk().copied().map_or(0, u64::from_le_bytes)
}

fn first_half(text: &[u8]) -> u64 {
    text.first_chunk().copied().map_or(0, u32::from_le_bytes).into()
}

fn last_half(text: &[u8]) -> u64 {
    text.last_chunk().copied().map_or(0, u32::from_le_bytes).into()
}
