//! Delimiters and line ends, found in many bytes at once.

use wide::u8x16;

/// Bytes looked at together: as many as a word has bits.
const WINDOW: usize = 64;

/// What ends a field: the delimiter, LF and CR.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separators([u8; 3]);

/// Where separators are among the bytes of a block that were looked at last.
#[derive(Debug, Default)]
pub(super) struct Window {
    start: usize,
    /// One past the last byte; nothing was looked at yet when it is the start.
    end: usize,
    /// One bit for each byte.
    found: u64,
}

impl Separators {
    pub(super) fn new(delimiter: u8) -> Self {
        Self([delimiter, b'\n', b'\r'])
    }

    /// The next separator at or after `from`, or the end of the block. `window`: of the same block.
    #[inline]
    pub(super) fn next(self, block: &[u8], from: usize, window: &mut Window) -> usize {
        let mut from = from;
        loop {
            if from >= window.start && from < window.end {
                let found = window.found >> (from - window.start);
                if found != 0 {
                    return from + found.trailing_zeros() as usize;
                }
                from = window.end;
            }
            let Some(bytes) = block.get(from..).and_then(<[u8]>::first_chunk) else {
                let is_separator = |byte: &u8| self.0.contains(byte);
                return block[from..]
                    .iter()
                    .position(is_separator)
                    .map_or(block.len(), |found| from + found);
            };
            *window = Window { start: from, end: from + WINDOW, found: self.among(bytes) };
        }
    }

    #[inline]
    fn among(self, bytes: &[u8; WINDOW]) -> u64 {
        let [delimiter, feed, carriage] = self.0.map(u8x16::splat);
        let (parts, _) = bytes.as_chunks();
        parts.iter().rev().fold(0, |found, part| {
            let bytes = u8x16::new(*part);
            let is_any = bytes.simd_eq(delimiter) | bytes.simd_eq(feed) | bytes.simd_eq(carriage);
            found << part.len() | u64::from(is_any.to_bitmask())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Byte by byte is the reference, from every place, with one window for all of them and back again.
    #[test]
    fn separators_are_found_from_wherever_one_looks() {
        let text: Vec<u8> =
            (0..1_000_u32).map(|at| b"abc,d\ne\rf;"[(at * at % 97 % 10) as usize]).collect();
        for delimiter in [b',', b';', b'\t', 0xA7] {
            let (separators, mut window) = (Separators::new(delimiter), Window::default());
            for from in (0..=text.len()).chain((0..text.len()).rev()) {
                let plain = |byte: &u8| [delimiter, b'\n', b'\r'].contains(byte);
                let expected =
                    text[from..].iter().position(plain).map_or(text.len(), |found| from + found);
                assert_eq!(
                    separators.next(&text, from, &mut window),
                    expected,
                    "{delimiter} from {from}"
                );
            }
        }
    }
}
