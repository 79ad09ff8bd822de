//! The first bytes of a file, expanded, as text.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::refusal::Refusal;
use crate::source::Encoding;

/// Expanded bytes looked at: enough to see a month of most sources, little enough to keep in memory.
pub(crate) const BYTES: usize = 32 << 20;

/// What a file begins with.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(crate) is_whole: bool,
}

impl Head {
    /// Reads it; the last line is left out when it is cut.
    pub(crate) fn read(path: &Path) -> Result<Self, Refusal> {
        // Looked at before it is opened: whoever opens a pipe waits until somebody writes to it.
        if !std::fs::metadata(path).map_err(Refusal::Unreadable)?.is_file() {
            return Err(Refusal::NotRegular("a folder, pipe or device"));
        }
        let file = File::open(path).map_err(Refusal::Unreadable)?;
        let mut bytes = Vec::new();
        decompressed(path, file)?
            .take(BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(Refusal::Unreadable)?;
        let is_whole = bytes.len() <= BYTES;
        if !is_whole {
            bytes.truncate(BYTES & !1);
            let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            // In UTF-16 the other half of the line end comes after it or before it.
            bytes.truncate(end + usize::from(bytes.get(end) == Some(&0) && end % 2 == 1));
        }
        if bytes.is_empty() { Err(Refusal::Empty) } else { Ok(Self { bytes, is_whole }) }
    }
}

fn decompressed(path: &Path, file: File) -> Result<Box<dyn Read>, Refusal> {
    let is =
        |ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    let file = BufReader::with_capacity(256 << 10, file);
    if is("gz") {
        return Ok(Box::new(MultiGzDecoder::new(file)));
    }
    if is("zst") {
        let decoder = zstd::Decoder::with_buffer(file).map_err(Refusal::Unreadable)?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(file))
}

/// Text, and how it was written.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) content: String,
    /// As a source file states it.
    pub(crate) encoding: &'static str,
    /// How that was found.
    pub(crate) because: String,
}

impl Text {
    /// Decodes bytes by their mark, or by what they can be.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let new = |text: String, encoding, because: &str| Self {
            content: text,
            encoding,
            because: because.to_owned(),
        };
        match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] => new(
                String::from_utf8_lossy(rest).into_owned(),
                "utf-8",
                "its byte order mark says so",
            ),
            [0xFF, 0xFE, rest @ ..] => {
                new(utf_16(rest, u16::from_le_bytes), "utf-16", "its byte order mark says so")
            }
            [0xFE, 0xFF, rest @ ..] => {
                new(utf_16(rest, u16::from_be_bytes), "utf-16", "its byte order mark says so")
            }
            _ => match zeros(bytes) {
                Some("utf-16le") => {
                    new(utf_16(bytes, u16::from_le_bytes), "utf-16le", "every second byte is zero")
                }
                Some(name) => {
                    new(utf_16(bytes, u16::from_be_bytes), name, "every second byte is zero")
                }
                None => of_bytes(bytes),
            },
        }
    }
}

/// Which of the two bytes of a character is always zero, if it is UTF-16 without a mark.
fn zeros(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros =
        |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count() * 10;
    let enough = head.len() / 2 * 7;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > enough => Some("utf-16le"),
        (even, 0) if even > enough => Some("utf-16be"),
        _ => None,
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn of_bytes(bytes: &[u8]) -> Text {
    if bytes.is_ascii() {
        return Text {
            content: decoded(bytes),
            encoding: "utf-8",
            because: "all of it is ASCII".into(),
        };
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii());
    let (good, bad): (Vec<&[u8]>, Vec<&[u8]>) =
        lines.partition(|line| std::str::from_utf8(line).is_ok());
    // Two bytes of Latin-1 in a row hardly ever make a character of UTF-8 by chance.
    if bad.is_empty() || bad.len() * 10 < good.len() {
        let because = match bad.len() {
            0 => "all of it is valid".to_owned(),
            lines => format!(
                "{} lines of it say so; {lines} are no UTF-8 and go to quarantine",
                good.len()
            ),
        };
        return Text { content: decoded(bytes), encoding: "utf-8", because };
    }
    let text = Encoding::Windows1252.show(bytes);
    let is_certain = bytes.iter().any(|byte| (0x80..=0x9F).contains(byte));
    let because = if is_certain {
        "it is no UTF-8, and has characters that Latin-1 does not have"
    } else {
        "it is no UTF-8; Latin-1 would read the same, compare a letter with an accent"
    };
    Text { content: text, encoding: "windows-1252", because: because.into() }
}

fn decoded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Bytes: Python's `"Größe €".encode(...)`.
    #[test]
    fn the_encoding_is_found_by_mark_or_validity() {
        for (bytes, encoding, text) in [
            (&b"Gr\xC3\xB6\xC3\x9Fe \xE2\x82\xAC"[..], "utf-8", "Größe €"),
            (b"\xEF\xBB\xBFGr\xC3\xB6\xC3\x9Fe", "utf-8", "Größe"),
            (b"Gr\xF6\xDFe \x80", "windows-1252", "Größe €"),
            (b"Gr\xF6\xDFe", "windows-1252", "Größe"),
            (b"\xFF\xFEa\0;\0", "utf-16", "a;"),
            (b"\xFE\xFF\0a\0;", "utf-16", "a;"),
            (b"a\0;\0b\0\n\0", "utf-16le", "a;b\n"),
            (b"plain", "utf-8", "plain"),
        ] {
            let found = Text::of(bytes);
            assert_eq!((found.encoding, found.content.as_str()), (encoding, text), "{bytes:?}");
        }
    }

    #[test]
    fn a_broken_line_in_much_utf_8_is_a_broken_line() {
        let mut bytes = "é\n".repeat(20).into_bytes();
        bytes.extend(b"\xE9\n");
        let found = Text::of(&bytes);
        assert_eq!(found.encoding, "utf-8");
        assert_eq!(found.because, "20 lines of it say so; 1 are no UTF-8 and go to quarantine");
    }
}
