//! Two ends, and counts as real numbers.

/// An interval: its lower and its upper end.
pub type Interval = (f64, f64);

/// A count as a real number. Counts of rows stay far below 2^53, where this is exact.
#[allow(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}
