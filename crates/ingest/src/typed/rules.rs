//! What a value may be, apart from its type.

use super::number;
use crate::quarantine::Reason;
use crate::source::{Column, Kind};

/// Rules of one column, ready to be asked millions of times.
pub(crate) struct Rules {
    pub(crate) is_required: bool,
    /// Whether any rule is about texts, so that even a typed value has to be looked at as one.
    pub(crate) has_texts: bool,
    /// Whether blanks around a value mean nothing: everywhere but in texts.
    is_trimmed: bool,
    null: Vec<Vec<u8>>,
    /// One bit for each length a null token has; the last bit for all that are longer.
    null_lengths: u64,
    /// Sorted by the text replaced.
    map: Vec<(Vec<u8>, Vec<u8>)>,
    /// Sorted; empty when everything is accepted.
    accepted: Vec<Vec<u8>>,
    range: Option<(i128, i128)>,
}

impl Rules {
    pub(crate) fn new(column: &Column, is_required: bool) -> Self {
        let bytes = |text: &String| text.clone().into_bytes();
        let mut map: Vec<_> = column.map.iter().map(|(from, to)| (bytes(from), bytes(to))).collect();
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
            null_lengths: column.null.iter().fold(0, |lengths, token| lengths | length_bit(token.as_bytes())),
            map,
            accepted,
            range: is_ranged.then(|| range(column)).flatten(),
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
            self.null_lengths & length_bit(text) != 0 && self.null.iter().any(|token| is_same(token, text))
        };
        is_token(text) || (self.is_trimmed && is_token(text.trim_ascii()))
    }

    #[inline]
    pub(crate) fn is_accepted(&self, text: &[u8]) -> bool {
        self.accepted.is_empty()
            || self.accepted.binary_search_by(|accepted| accepted.as_slice().cmp(text)).is_ok()
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

#[inline]
fn length_bit(text: &[u8]) -> u64 {
    1 << text.len().min(63)
}

/// The smallest and largest number accepted, in the smallest unit of the column;
/// `None` when a bound is not a number of the column's type.
pub(crate) fn range(column: &Column) -> Option<(i128, i128)> {
    let read = |text: &str| match column.kind {
        Kind::Integer => number::integer(text.as_bytes()).map(i128::from),
        Kind::Decimal => number::decimal(text.as_bytes(), column.scale()),
        _ => None,
    };
    let min = column.min.as_ref().map_or(Some(i128::MIN), |bound| read(&bound.0))?;
    let max = column.max.as_ref().map_or(Some(i128::MAX), |bound| read(&bound.0))?;
    Some((min, max))
}
