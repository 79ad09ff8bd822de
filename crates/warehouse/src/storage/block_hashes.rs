//! Hashes of the blocks of a file: any part of it is checked without reading the rest.

use std::num::NonZeroU64;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// Bytes of a block of the files that are written. Most files are smaller; of a large one a query reads some 1.2 times
/// what it asks for.
const BLOCK: NonZeroU64 = NonZeroU64::new(256 << 10).expect("it is not zero");

/// XXH3-128 of each block of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockHashes {
    /// Bytes of a block; the last of a file may be shorter.
    #[serde(rename = "bytes")]
    length: NonZeroU64,
    /// In the order of the file; as text they are 16 bytes each, most significant first, in base64.
    #[serde(rename = "xxh3", serialize_with = "as_text", deserialize_with = "from_text")]
    hashes: Vec<u128>,
}

impl BlockHashes {
    /// How many blocks there are.
    pub(super) fn count(&self) -> usize {
        self.hashes.len()
    }

    /// The blocks that a range of a file, which is not empty, lies in.
    pub(super) fn blocks_of(&self, bytes: &Range<u64>) -> Range<u64> {
        bytes.start / self.length..bytes.end.div_ceil(self.length.get())
    }

    /// Where a block lies in a file that goes on.
    pub(super) fn bytes_of(&self, block: u64) -> Range<u64> {
        let start = block * self.length.get();
        start..start + self.length.get()
    }

    /// Whether these are the bytes that a block was written with.
    pub(super) fn fits(&self, block: u64, bytes: &[u8]) -> bool {
        let hash = usize::try_from(block).ok().and_then(|block| self.hashes.get(block));
        hash.is_some_and(|hash| *hash == xxh3_128(bytes))
    }
}

fn as_text<S: Serializer>(hashes: &[u128], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect();
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u128>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
    let (hashes, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(D::Error::custom("a hash of a block has 16 bytes"));
    }
    Ok(hashes.iter().map(|hash| u128::from_be_bytes(*hash)).collect())
}

/// Hashes the blocks of a file while it is written.
pub(crate) struct BlockHasher {
    hasher: Xxh3,
    /// Bytes of the block that is not full yet.
    filled: u64,
    hashes: Vec<u128>,
}

impl BlockHasher {
    /// Before the first byte.
    pub(crate) fn new() -> Self {
        Self { hasher: Xxh3::new(), filled: 0, hashes: Vec::new() }
    }

    /// Adds the next bytes.
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let free = usize::try_from(BLOCK.get() - self.filled).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(free.min(bytes.len()));
            self.hasher.update(now);
            self.filled += now.len() as u64;
            if self.filled == BLOCK.get() {
                self.end_block();
            }
            bytes = later;
        }
    }

    /// After the last byte.
    pub(crate) fn finish(mut self) -> BlockHashes {
        if self.filled > 0 {
            self.end_block();
        }
        BlockHashes { length: BLOCK, hashes: self.hashes }
    }

    fn end_block(&mut self) {
        self.hashes.push(self.hasher.digest128());
        self.hasher.reset();
        self.filled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(bytes: &[u8], at_once: usize) -> BlockHashes {
        let mut hasher = BlockHasher::new();
        bytes.chunks(at_once).for_each(|chunk| hasher.update(chunk));
        hasher.finish()
    }

    #[test]
    fn how_bytes_arrive_does_not_matter() {
        let length = usize::try_from(BLOCK.get()).unwrap();
        let bytes: Vec<u8> = (0..=250).cycle().take(length * 2 + 5).collect();
        let hashes = hashed(&bytes, bytes.len());
        assert_eq!(hashes.count(), 3);
        for at_once in [997, length - 1, length, length + 1] {
            assert_eq!(hashed(&bytes, at_once), hashes);
        }
        assert!(hashes.fits(1, &bytes[length..length * 2]) && hashes.fits(2, &bytes[length * 2..]));
        assert!(!hashes.fits(0, &bytes[length..length * 2]) && !hashes.fits(3, b""));
        assert_eq!(hashed(&bytes[..length], 7).count(), 1);
        assert_eq!(hashed(b"", 1).count(), 0);
    }

    #[test]
    fn they_are_written_as_a_short_text() {
        let hashes = hashed(b"", 1);
        assert_eq!(serde_json::to_string(&hashes).unwrap(), r#"{"bytes":262144,"xxh3":""}"#);
        // As `xxhsum -H2` prints it: 06b05ab6733a618578af5f94892f3950.
        let hashes = hashed(b"abc", 2);
        let text = r#"{"bytes":262144,"xxh3":"BrBatnM6YYV4r1+UiS85UA=="}"#;
        assert_eq!(serde_json::to_string(&hashes).unwrap(), text);
        assert_eq!(serde_json::from_str::<BlockHashes>(text).unwrap(), hashes);
        for wrong in [r#"{"bytes":0,"xxh3":""}"#, r#"{"bytes":1,"xxh3":"BrBatg=="}"#] {
            assert!(serde_json::from_str::<BlockHashes>(wrong).is_err(), "{wrong}");
        }
    }
}
