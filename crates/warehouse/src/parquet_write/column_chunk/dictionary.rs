//! Texts as codes of a dictionary: each row is hashed once, each text is written once.
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
use parquet::errors::{ParquetError, Result};

use super::definition_levels::DefinitionLevels;
use super::integers::as_u32;
use super::pages::ColumnPages;
use super::rle_bit_packed;

/// Texts after which a column that hardly repeats is encoded without a dictionary.
const SAMPLE: usize = 4_096;

/// Longest text that a [`TextKey`] holds all of.
const WHOLE: usize = 16;

/// The texts of a column in the order they first appear, and the code of each row.
#[derive(Default)]
pub(super) struct TextDictionary {
    /// The dictionary page: each text after its length.
    page: Vec<u8>,
    /// Range of each text in the page, by code.
    texts: Vec<Range<usize>>,
    entries: HashTable<DictionaryEntry>,
    state: RandomState,
    /// One for each row that has a text.
    codes: Vec<u32>,
}

struct DictionaryEntry {
    key: TextKey,
    code: u32,
}

/// What texts are compared by: all of a short one; length, hash and last bytes of a longer one.
#[derive(Clone, Copy, PartialEq)]
struct TextKey {
    words: [u64; 2],
    length: usize,
}

impl TextDictionary {
    /// The dictionary of a column whose rows come in several arrays. `None` where texts hardly repeat, as far as
    /// the first ones show; dictionary arrays stay what they are.
    pub(super) fn of(arrays: &[&ArrayRef]) -> Result<Option<Self>> {
        let rows = arrays.iter().copied().map(Array::len).sum();
        let mut dictionary = Self { codes: Vec::with_capacity(rows), ..Self::default() };
        let mut is_coded = false;
        for array in arrays {
            if let Some(coded) = array.as_dictionary_opt() {
                dictionary.add_coded(coded)?;
                is_coded = true;
            } else if !dictionary.add(array.as_string()) {
                return Ok(None);
            }
        }
        Ok((is_coded || !dictionary.hardly_repeats()).then_some(dictionary))
    }

    /// The pages of the column.
    pub(super) fn into_pages(self, levels: DefinitionLevels) -> ColumnPages {
        let largest = as_u32(self.texts.len().saturating_sub(1));
        let width = u32::BITS - largest.leading_zeros();
        let pages = ColumnPages::new(Encoding::RLE_DICTIONARY, levels, |page| {
            page.reserve(self.codes.len() * 2);
            page.extend_from_slice(&width.to_le_bytes()[..1]);
            rle_bit_packed::encode(&self.codes, width, page);
        });
        pages.with_dictionary(self.page, as_u32(self.texts.len()))
    }

    /// Adds the rows of an array; `false` as soon as texts turn out to hardly repeat.
    fn add(&mut self, texts: &StringArray) -> bool {
        for text in texts.iter().flatten() {
            let code = self.code(text.as_bytes());
            self.codes.push(code);
            if self.codes.len() == SAMPLE && self.hardly_repeats() {
                return false;
            }
        }
        true
    }

    fn add_coded(&mut self, array: &DictionaryArray<Int32Type>) -> Result<()> {
        let texts = array.values().as_string::<i32>();
        if texts.null_count() > 0 {
            return Err(ParquetError::General("a dictionary has a text that is null".into()));
        }
        let codes: Vec<u32> =
            texts.iter().flatten().map(|text| self.code(text.as_bytes())).collect();
        self.codes.extend(array.keys_iter().flatten().map(|key| codes[key]));
        Ok(())
    }

    fn hardly_repeats(&self) -> bool {
        self.texts.len() * 2 > self.codes.len()
    }

    /// The code of a text, which it gets when it first appears.
    fn code(&mut self, text: &[u8]) -> u32 {
        let Self { page, texts, entries, state, .. } = self;
        let key = TextKey::of(text, state);
        let is_same = |entry: &DictionaryEntry| {
            entry.key == key
                && (text.len() <= WHOLE || page[texts[entry.code as usize].clone()] == *text)
        };
        match entries.entry(key.hash(state), is_same, |entry| entry.key.hash(state)) {
            Entry::Occupied(entry) => entry.get().code,
            Entry::Vacant(entry) => {
                let code = as_u32(texts.len());
                entry.insert(DictionaryEntry { key, code });
                page.extend_from_slice(&as_u32(text.len()).to_le_bytes());
                texts.push(page.len()..page.len() + text.len());
                page.extend_from_slice(text);
                code
            }
        }
    }
}

impl TextKey {
    fn of(text: &[u8], state: &RandomState) -> Self {
        let words = if let Some((first, last)) = ends::<8>(text) {
            // The first and the last eight bytes are all of up to 16 bytes, some of them twice.
            let is_whole = text.len() <= WHOLE;
            let first = if is_whole { u64::from_le_bytes(first) } else { hash(text, state) };
            [first, u64::from_le_bytes(last)]
        } else if let Some((first, last)) = ends::<4>(text) {
            [u32::from_le_bytes(first).into(), u32::from_le_bytes(last).into()]
        } else {
            [text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0]
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

/// The first and the last `N` bytes of a text that has as many.
fn ends<const N: usize>(text: &[u8]) -> Option<([u8; N], [u8; N])> {
    Some((*text.first_chunk()?, *text.last_chunk()?))
}

fn hash(text: &[u8], state: &RandomState) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(text);
    hasher.finish()
}
