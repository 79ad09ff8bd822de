//! How a CSV file is written.

use serde::Deserialize;

use super::written::{Names, OneOrMore};

/// The `[csv]` part of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// What separates fields: one ASCII character; of several, each file has the first under which it has the columns.
    pub delimiter: Names,
    /// What encloses fields that hold separators: one ASCII character, or nothing.
    pub quote: String,
    /// What makes a letter of the character after it: one ASCII character, or nothing.
    pub escape: String,
    /// How characters are written as bytes; of several, each file has the first that it can be.
    pub encoding: OneOrMore<Encoding>,
    /// Lines above the header, whatever they hold.
    pub skip_rows: usize,
    /// Header rows in all.
    pub header_rows: usize,
    /// Which of them holds the names, from 1.
    pub names_row: usize,
    /// Names of the columns of a file without header rows.
    pub names: Vec<String>,
    /// Records at the end that are no data.
    pub footer_rows: usize,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: OneOrMore(vec![",".into()]),
            quote: "\"".into(),
            escape: String::new(),
            encoding: OneOrMore(vec![Encoding::Utf8]),
            skip_rows: 0,
            header_rows: 1,
            names_row: 1,
            names: Vec::new(),
            footer_rows: 0,
        }
    }
}

impl Dialect {
    /// The delimiter as a byte, or the first of several; `None` when it is not one ASCII character.
    pub(crate) fn delimiter_byte(&self) -> Option<u8> {
        single(self.delimiter.0.first()?)
    }

    /// The encoding, or the first of several.
    pub fn encoding(&self) -> Encoding {
        self.encoding.0.first().copied().unwrap_or(Encoding::Utf8)
    }

    /// The quote as a byte; `None` when fields are never quoted.
    pub(crate) fn quote_byte(&self) -> Option<u8> {
        single(&self.quote)
    }

    /// The escape character as a byte; `None` when there is none.
    pub(crate) fn escape_byte(&self) -> Option<u8> {
        single(&self.escape)
    }
}

/// Whether a text is one ASCII character that can separate fields.
pub(crate) fn is_character(text: &str) -> bool {
    single(text).is_some()
}

fn single(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Some(*byte),
        _ => None,
    }
}

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16 in the order its byte order mark says; little endian without one.
    #[serde(rename = "utf-16")]
    Utf16,
    /// UTF-16, little endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// ISO 8859-1: every byte is the character of that number.
    #[serde(rename = "latin-1")]
    Latin1,
    /// Latin-1 with typographic quotes, dashes and the euro sign between 0x80 and 0x9F.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// Which byte of a UTF-16 unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// The byte order mark says so.
    Marked,
    Little,
    Big,
}

impl ByteOrder {
    /// The order of a file that begins with `bytes`.
    pub(crate) fn read_from(self, bytes: &[u8]) -> Self {
        match self {
            Self::Marked if bytes.starts_with(&[0xFE, 0xFF]) => Self::Big,
            Self::Marked => Self::Little,
            order => order,
        }
    }
}

/// Characters of windows-1252 from 0x80 to 0x9F; `\0` where the code page has none.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

impl Encoding {
    /// The byte order of an encoding whose units have two bytes.
    pub(crate) fn byte_order(self) -> Option<ByteOrder> {
        match self {
            Self::Utf16 => Some(ByteOrder::Marked),
            Self::Utf16Le => Some(ByteOrder::Little),
            Self::Utf16Be => Some(ByteOrder::Big),
            Self::Utf8 | Self::Latin1 | Self::Windows1252 => None,
        }
    }

    /// The encoding of the text that is split: UTF-16 is made UTF-8 before, the others keep ASCII and stay.
    pub(crate) fn of_stream(self) -> Self {
        if self.byte_order().is_some() { Self::Utf8 } else { self }
    }

    /// Writes `bytes` to `out` as UTF-8; `None` when they are not of this encoding.
    pub(crate) fn decode<'a>(self, bytes: &'a [u8], out: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        match self {
            Self::Utf8 | Self::Utf16 | Self::Utf16Le | Self::Utf16Be => Some(bytes),
            _ if bytes.is_ascii() => Some(bytes),
            _ => {
                out.clear();
                for byte in bytes {
                    let letter = self.decoded(*byte)?;
                    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(out)
            }
        }
    }

    fn decoded(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (Self::Windows1252, 0x80..=0x9F) => {
                Some(WINDOWS_1252[usize::from(byte - 0x80)]).filter(|letter| *letter != '\0')
            }
            _ => Some(char::from(byte)),
        }
    }

    /// The bytes as a person may read them, whatever they are.
    pub(crate) fn show(self, bytes: &[u8]) -> String {
        match self.of_stream() {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            _ => bytes
                .iter()
                .map(|byte| self.decoded(*byte).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected characters: Python's `bytes([0x80, 0x93, 0xe9]).decode("cp1252")`.
    #[test]
    fn the_euro_sign_is_windows_1252_and_not_latin_1() {
        let mut out = Vec::new();
        assert_eq!(
            Encoding::Windows1252.decode(&[0x80, 0x93, 0xE9], &mut out),
            Some("€“é".as_bytes())
        );
        assert_eq!(Encoding::Latin1.decode(&[0x80, 0xE9], &mut out), Some("\u{80}é".as_bytes()));
        assert_eq!(
            Encoding::Windows1252.decode(&[0x81], &mut out),
            None,
            "the code page has no 0x81"
        );
    }

    #[test]
    fn a_separator_is_one_ascii_character() {
        for text in ["", ";;", "é", "\n", "\r"] {
            assert_eq!(single(text), None, "{text:?}");
        }
        assert_eq!(single("\t"), Some(b'\t'));
    }
}
