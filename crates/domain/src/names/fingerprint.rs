//! SHA-256 in hexadecimal, which identifies a content; and bytes as hexadecimal digits.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes, in 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of bytes in memory.
    ///
    /// ```
    /// let abc = scorewright_domain::Fingerprint::of(b"abc");
    /// assert_eq!(abc.short(8), "ba7816bf");
    /// ```
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// A fingerprint read back from where it was recorded. The text is not checked: one that is no fingerprint equals none.
    pub fn noted(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// All its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first digits, enough to distinguish a few contents.
    pub fn short(&self, digits: usize) -> &str {
        self.0.get(..digits).unwrap_or(&self.0)
    }
}

/// The fingerprint of no bytes.
impl Default for Fingerprint {
    fn default() -> Self {
        Self::of(b"")
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Computes the fingerprint of bytes that arrive in several slices.
#[derive(Debug, Clone, Default)]
pub struct FingerprintHasher(Sha256);

impl FingerprintHasher {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The fingerprint of all bytes added.
    pub fn finish(self) -> Fingerprint {
        Fingerprint(hex(&self.0.finalize()))
    }
}

/// The first `N / 2` bytes of the SHA-256 of `bytes` as hexadecimal digits, without an allocation.
pub fn hash_digits<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut text = [0; N];
    for (pair, byte) in text.chunks_exact_mut(2).zip(Sha256::digest(bytes)) {
        [pair[0], pair[1]] = digits(byte);
    }
    text
}

/// Bytes as hexadecimal digits in lower case.
///
/// ```
/// assert_eq!(scorewright_domain::hex(&[0, 171]), "00ab");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| digits(*byte)).map(char::from).collect()
}

fn digits(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: `printf abc | sha256sum`.
    #[test]
    fn the_same_bytes_have_the_same_fingerprint_however_they_come() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Fingerprint::of(b"abc").as_str(), expected);
        let mut piecemeal = FingerprintHasher::default();
        for bytes in [&b"a"[..], b"", b"bc"] {
            piecemeal.update(bytes);
        }
        assert_eq!(piecemeal.finish(), Fingerprint::noted(expected));
        assert_eq!(hash_digits::<32>(b"abc"), expected.as_bytes()[..32]);
    }
}
