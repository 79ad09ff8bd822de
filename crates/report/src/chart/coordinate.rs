//! Coordinates as text.

/// A coordinate, rounded to a tenth: `12.5`.
pub(super) fn rounded(coordinate: f64) -> String {
    let tenths = (coordinate * 10.0).round() / 10.0;
    // Adding zero turns a negative zero into zero.
    format!("{}", tenths + 0.0)
}

/// A count of points as a number to divide by.
pub(super) fn steps(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
