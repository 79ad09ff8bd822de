//! The tokens of one line of JSON (RFC 8259), proven as they are passed.
//!
//! No library gives all of what landing needs: numbers as they are written, places in the line, repeated
//! names, one pass and no tree.

use scorewright_domain::Reason;

/// A part of a line: first byte and the byte after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl ByteSpan {
    pub(crate) fn of(self, line: &[u8]) -> &[u8] {
        &line[self.start..self.end]
    }
}

/// A string without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub(crate) span: ByteSpan,
    /// It has escapes: the text is not what it says.
    pub(crate) is_escaped: bool,
}

/// Passes over the tokens of a line that is UTF-8.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a [u8],
    /// The next byte.
    pub(crate) at: usize,
}

/// Bytes that end the plain part of a string: the quote, the escape, and control characters, which must be escaped.
static IS_SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// The next byte that is not blank; it is not passed.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    /// Passes a byte if it is the next one that is not blank.
    #[inline]
    pub(crate) fn pass(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Passes a byte that must come next.
    #[inline]
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Reason> {
        if self.pass(byte) { Ok(()) } else { Err(Reason::BadJson) }
    }

    /// Passes a string.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Quoted, Reason> {
        self.expect(b'"')?;
        let (start, mut is_escaped) = (self.at, false);
        loop {
            while self.text.get(self.at).is_some_and(|byte| !IS_SPECIAL[usize::from(*byte)]) {
                self.at += 1;
            }
            match self.text.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Quoted { span: ByteSpan { start, end: self.at - 1 }, is_escaped });
                }
                Some(b'\\') => {
                    is_escaped = true;
                    self.escape()?;
                }
                _ => return Err(Reason::BadJson),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Reason> {
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit()? {
                0xD800..0xDC00 if (0xDC00..0xE000).contains(&self.unit()?) => {}
                0xD800..0xE000 => return Err(Reason::BadJson),
                _ => {}
            },
            _ => return Err(Reason::BadJson),
        }
        Ok(())
    }

    /// Passes one `\uXXXX`.
    fn unit(&mut self) -> Result<u16, Reason> {
        let unit = self.text.get(self.at..).and_then(unit).ok_or(Reason::BadJson)?;
        self.at += 6;
        Ok(unit)
    }

    /// Passes a number.
    pub(crate) fn number(&mut self) -> Result<ByteSpan, Reason> {
        let start = self.at;
        self.at += usize::from(self.text.get(self.at) == Some(&b'-'));
        match self.text.get(self.at) {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.text.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(ByteSpan { start, end: self.at })
    }

    fn digits(&mut self) -> Result<(), Reason> {
        let start = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Reason::BadJson) }
    }

    /// Passes `true`, `false` or `null`.
    pub(crate) fn literal(&mut self, word: &str) -> Result<ByteSpan, Reason> {
        let start = self.at;
        if !self.text[start..].starts_with(word.as_bytes()) {
            return Err(Reason::BadJson);
        }
        self.at += word.len();
        Ok(ByteSpan { start, end: self.at })
    }
}

/// The number in `\uXXXX` at the beginning of a text.
pub(super) fn unit(text: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text.get(..6)? else { return None };
    digits.iter().try_fold(0, |unit: u16, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}
