//! UTF-16 made UTF-8 on the way, so that whoever splits it sees one encoding.

use std::io::{self, Read};

use crate::source::ByteOrder;

/// Stands for what is no character: no byte of UTF-8, so its row is found to be badly encoded.
const NO_CHARACTER: u8 = 0xFF;

const RAW_BLOCK: usize = 64 << 10;

/// Reads UTF-16 and gives UTF-8.
///
/// - A byte order mark stays, as the three bytes it has in UTF-8.
/// - A surrogate without its partner and an odd byte at the end become a byte that no UTF-8 has.
pub(super) struct Utf16<R> {
    reader: R,
    order: ByteOrder,
    is_begun: bool,
    raw: Vec<u8>,
    /// The first half of a pair, waiting for the second.
    high: Option<u16>,
    text: Vec<u8>,
    /// Bytes of `text` that were handed out.
    taken: usize,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(reader: R, order: ByteOrder) -> Self {
        Self {
            reader,
            order,
            is_begun: false,
            raw: Vec::new(),
            high: None,
            text: Vec::new(),
            taken: 0,
        }
    }

    /// Reads and converts a block; `text` stays empty at the end of the file only.
    fn convert(&mut self) -> io::Result<()> {
        self.text.clear();
        self.taken = 0;
        while self.text.is_empty() {
            let left = self.raw.len();
            self.raw.resize(RAW_BLOCK, 0);
            let read = self.reader.read(&mut self.raw[left..]);
            self.raw.truncate(left + read.as_ref().map_or(0, |read| *read));
            if read? == 0 {
                self.end();
                return Ok(());
            }
            if !self.is_begun && self.raw.len() >= 2 {
                self.order = self.order.read_from(&self.raw);
                self.is_begun = true;
            }
            self.units();
        }
        Ok(())
    }

    fn units(&mut self) {
        let is_big = self.order == ByteOrder::Big;
        let (pairs, odd) = self.raw.as_chunks::<2>();
        for pair in pairs {
            let unit = if is_big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
            match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii() && self.high.is_none() => self.text.push(byte),
                _ => push(&mut self.text, &mut self.high, unit),
            }
        }
        let odd = odd.first().copied();
        self.raw.clear();
        self.raw.extend(odd);
    }

    fn end(&mut self) {
        if self.high.take().is_some() {
            self.text.push(NO_CHARACTER);
        }
        if !self.raw.is_empty() {
            self.raw.clear();
            self.text.push(NO_CHARACTER);
        }
    }
}

fn push(text: &mut Vec<u8>, high: &mut Option<u16>, unit: u16) {
    let first = high.take();
    if (0xD800..0xDC00).contains(&unit) {
        text.extend(first.map(|_| NO_CHARACTER));
        *high = Some(unit);
        return;
    }
    for letter in char::decode_utf16(first.into_iter().chain([unit])) {
        match letter {
            Ok(letter) => text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(_) => text.push(NO_CHARACTER),
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() {
            self.convert()?;
        }
        let read = (&self.text[self.taken..]).read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(bytes: &[u8], order: ByteOrder) -> Vec<u8> {
        let whole = read_by(bytes, order, bytes.len().max(1));
        for step in 1..4 {
            assert_eq!(read_by(bytes, order, step), whole, "{step} bytes at a time");
        }
        whole
    }

    fn read_by(bytes: &[u8], order: ByteOrder, step: usize) -> Vec<u8> {
        let mut text = Vec::new();
        Utf16::new(Trickle(bytes, step), order).read_to_end(&mut text).unwrap();
        text
    }

    // Bytes: Python's `"aé€😀".encode("utf-16-be")`.
    const BIG: [u8; 10] = [0x00, 0x61, 0x00, 0xE9, 0x20, 0xAC, 0xD8, 0x3D, 0xDE, 0x00];

    #[test]
    fn both_byte_orders_say_the_same() {
        let little: Vec<u8> = BIG.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        assert_eq!(read(&BIG, ByteOrder::Big), "aé€😀".as_bytes());
        assert_eq!(read(&little, ByteOrder::Little), "aé€😀".as_bytes());
        assert_eq!(
            read(&little, ByteOrder::Marked),
            "aé€😀".as_bytes(),
            "little endian without a mark"
        );
        let marked = [&[0xFE, 0xFF], &BIG[..]].concat();
        assert_eq!(read(&marked, ByteOrder::Marked), "\u{feff}aé€😀".as_bytes());
    }

    #[test]
    fn what_is_no_character_stays_visible() {
        assert_eq!(
            read(&BIG[..9], ByteOrder::Big),
            b"a\xC3\xA9\xE2\x82\xAC\xFF\xFF",
            "half a pair and an odd byte"
        );
        assert_eq!(
            read(&[0xDE, 0x00, 0x00, 0x61], ByteOrder::Big),
            b"\xFFa",
            "a second half alone"
        );
        assert_eq!(read(&[0xD8, 0x3D, 0x00, 0x61], ByteOrder::Big), b"\xFFa", "a first half alone");
        let twice = [0xD8, 0x3D, 0xD8, 0x3D, 0xDE, 0x00];
        assert_eq!(
            read(&twice, ByteOrder::Big),
            b"\xFF\xF0\x9F\x98\x80",
            "the second of two begins a pair"
        );
        assert_eq!(read(&[], ByteOrder::Marked), b"");
    }
}
