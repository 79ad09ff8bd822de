//! Files that plainly are of another format than their name says.

use crate::refusal::Refusal;

/// Refuses a text file that plainly is no text, with a word on what it is.
pub(crate) fn recognize(bytes: &[u8]) -> Result<(), Refusal> {
    let (what, help) = match bytes {
        [] => return Err(Refusal::Empty),
        [0x1F, 0x8B, ..] => ("gzip", "give it a name that ends in `.gz`"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ("zstd", "give it a name that ends in `.zst`"),
        [b'P', b'K', 3, 4, ..] => (
            "a zip archive or a spreadsheet",
            "unpack it, or set `format = \"xlsx\"` in the source file",
        ),
        [b'P', b'A', b'R', b'1', ..] => {
            ("Parquet", "set `format = \"parquet\"` in the source file")
        }
        _ => return Ok(()),
    };
    Err(Refusal::OtherFormat(what, help))
}

/// What a text is that is UTF-16 and does not say so: every other byte of its first letters is none.
pub(crate) fn unmarked_utf16(bytes: &[u8]) -> Option<&'static str> {
    let [first, second, third, fourth, ..] = bytes else { return None };
    match [first, second, third, fourth].map(|byte| *byte != 0) {
        [true, false, true, false] => Some("UTF-16, little endian, without a byte order mark"),
        [false, true, false, true] => Some("UTF-16, big endian, without a byte order mark"),
        _ => None,
    }
}
