//! What a value may be, apart from its type.

use super::bounds::range;
use super::placeholder;
use crate::source::{Column, Kind};
use scorewright_domain::Reason;

/// Rules of one column, ready to be asked millions of times.
pub(crate) struct Rules {
    pub(crate) is_required: bool,
    /// Whether any rule is about texts, so that even a typed value has to be looked at as one.
    pub(crate) has_texts: bool,
    /// Whether blanks around a value mean nothing: everywhere but in texts.
    is_trimmed: bool,
    null: Vec<Vec<u8>>,
    /// Days that mean no value, at whatever time of day and in whatever format.
    null_days: Vec<i32>,
    /// One bit for each length a null token has; the last bit for all that are longer.
    null_lengths: u64,
    /// Sorted by the text replaced.
    map: Vec<(Vec<u8>, Vec<u8>)>,
    /// Sorted; empty when everything is accepted.
    accepted: Vec<Vec<u8>>,
    range: Option<(i128, i128)>,
    /// Most bytes a text has that need no counting of characters, and most characters.
    longest: Longest,
}

/// Texts that are looked for one by one: most differ in their length or first byte.
const FEW: usize = 12;

/// How long a text may be.
#[derive(Debug, Clone, Copy)]
enum Longest {
    Bytes(usize),
    Characters(usize),
}

impl Rules {
    pub(crate) fn new(column: &Column, is_required: bool, key_bytes: Option<usize>) -> Self {
        let bytes = |text: &String| text.clone().into_bytes();
        let mut map: Vec<_> =
            column.map.iter().map(|(from, to)| (bytes(from), bytes(to))).collect();
        map.sort();
        let mut accepted: Vec<_> = column.accepted.iter().map(bytes).collect();
        accepted.sort();
        let is_ranged = column.min.is_some() || column.max.is_some();
        Self {
            is_required,
            has_texts: !column.map.is_empty()
                || !column.accepted.is_empty()
                || column.null.iter().any(|token| !token.is_empty()),
            is_trimmed: column.kind != Kind::Text,
            null: column.null.iter().map(bytes).collect(),
            null_days: placeholder::days(&column.null),
            null_lengths: column
                .null
                .iter()
                .fold(0, |lengths, token| lengths | length_bit(token.as_bytes())),
            map,
            accepted,
            range: is_ranged.then(|| range(column)).flatten(),
            longest: match column.max_length {
                Some(characters) => Longest::Characters(characters),
                None => Longest::Bytes(key_bytes.unwrap_or(usize::MAX)),
            },
        }
    }

    /// What stands for the text.
    #[inline]
    pub(crate) fn replaced<'a>(&'a self, text: &'a [u8]) -> &'a [u8] {
        if self.map.is_empty() {
            return text;
        }
        match self.map.binary_search_by(|(from, _)| from.as_slice().cmp(text)) {
            Ok(at) => &self.map[at].1,
            Err(_) => text,
        }
    }

    #[inline]
    pub(crate) fn is_null(&self, text: &[u8]) -> bool {
        let is_token = |text: &[u8]| {
            // Most values have another length than any token: no need to look at their bytes.
            self.null_lengths & length_bit(text) != 0
                && self.null.iter().any(|token| is_same(token, text))
        };
        is_token(text) || (self.is_trimmed && is_padded(text) && is_token(text.trim_ascii()))
    }

    #[inline]
    pub(crate) fn is_accepted(&self, text: &[u8]) -> bool {
        match self.accepted.len() {
            0 => true,
            1..=FEW => self.accepted.iter().any(|accepted| is_same(accepted, text)),
            _ => self.accepted.binary_search_by(|accepted| accepted.as_slice().cmp(text)).is_ok(),
        }
    }

    /// Whether a text has more characters than it may have; bytes that are no text are counted one by one.
    #[inline]
    pub(crate) fn is_too_long(&self, text: &[u8]) -> bool {
        match self.longest {
            Longest::Bytes(bytes) => text.len() > bytes,
            // No text has more characters than bytes.
            Longest::Characters(characters) => text.len() > characters && count(text) > characters,
        }
    }

    /// Whether a moment is one; `false` where it stands for no value.
    ///
    /// - `day`: its day in UTC.
    /// - `written`: its day as it is written.
    #[inline]
    pub(crate) fn is_moment(
        &self,
        day: i64,
        written: impl FnOnce() -> Option<i32>,
    ) -> Result<bool, Reason> {
        if placeholder::is_real_everywhere(day) {
            return Ok(true);
        }
        let written = written();
        match written.or(i32::try_from(day).ok()) {
            Some(day) if placeholder::is_real(day) => Ok(true),
            _ => self.is_null_day(written),
        }
    }

    /// `false` for a day that means no value.
    fn is_null_day(&self, day: Option<i32>) -> Result<bool, Reason> {
        match day {
            Some(day) if !self.null_days.contains(&day) => Err(Reason::PlaceholderDate),
            None => Err(Reason::PlaceholderDate),
            Some(_) if self.is_required => Err(Reason::MissingValue),
            Some(_) => Ok(false),
        }
    }

    /// `value`, when the number behind it lies in the range.
    #[inline]
    pub(crate) fn within<T>(&self, number: i128, value: T) -> Result<T, Reason> {
        match self.range {
            Some((min, max)) if number < min || number > max => Err(Reason::OutOfRange),
            _ => Ok(value),
        }
    }
}

/// Tokens are short and mostly differ in their first byte: a call to compare memory is dearer than this.
#[inline]
fn is_same(token: &[u8], text: &[u8]) -> bool {
    token.len() == text.len() && token.first() == text.first() && (token.len() < 2 || token == text)
}

/// Whether there are blanks around a text.
#[inline]
fn is_padded(text: &[u8]) -> bool {
    [text.first(), text.last()].iter().flatten().any(|byte| byte.is_ascii_whitespace())
}

#[inline]
fn length_bit(text: &[u8]) -> u64 {
    1 << text.len().min(63)
}

/// Characters of a text: bytes that do not go on with the one before them.
fn count(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}
