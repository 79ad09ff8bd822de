//! SHA-256 in hexadecimal: what a content is known by.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The fingerprint of bytes in memory.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The fingerprint of bytes that come one after the other.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Digits of a [`short`] fingerprint.
pub(crate) const SHORT: usize = 32;

/// The first 32 hexadecimal digits of the fingerprint: enough to tell values apart.
pub(crate) fn short(bytes: &[u8]) -> [u8; SHORT] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(bytes);
    let mut text = [0; SHORT];
    for (pair, byte) in text.chunks_exact_mut(2).zip(hash.iter()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all that is written");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: `printf abc | sha256sum`.
    #[test]
    fn the_same_bytes_have_the_same_fingerprint_however_they_are_read() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc"), expected);
        let mut piecemeal = Fingerprint::default();
        for bytes in [&b"a"[..], b"", b"bc"] {
            piecemeal.add(bytes);
        }
        assert_eq!(piecemeal.finish(), expected);
        assert_eq!(short(b"abc"), expected.as_bytes()[..32]);
    }
}
