//! Digits: how many of them, and in which groups.

use scorewright_domain::group_digits;

/// The no-break space between a number and its unit.
pub(super) const NBSP: char = '\u{a0}';

/// A number with a fixed count of decimals; one too long to be read, as a power of ten.
pub(super) fn fixed(number: f64, decimals: u8) -> String {
    if number.abs() >= 1e15 {
        return format!("{number:.2e}");
    }
    group_digits(&format!("{number:.*}", usize::from(decimals)))
}

/// Whether rounding has left nothing but zeros.
pub(super) fn is_zero(shown: &str) -> bool {
    !shown.chars().any(|letter| ('1'..='9').contains(&letter))
}

/// Infinity and NaN are no values: JSON cannot carry them, and no reader can use them.
pub(crate) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}
