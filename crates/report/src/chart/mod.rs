//! Where lines and dots of a chart lie. Geometry only: the markup is a template's.
//!
//! Coordinates are text, rounded to a tenth, so that the same scorecard gives
//! the same bytes and no `NaN` can reach a path.

mod blocks;
mod scale;
mod sparkline;
mod strip;

pub(crate) use blocks::blocks;
pub(crate) use scale::nice_scale;
pub(crate) use sparkline::Sparkline;
pub(crate) use strip::Strip;

/// A coordinate, rounded to a tenth: `12.5`.
fn place(coordinate: f64) -> String {
    let rounded = (coordinate * 10.0).round() / 10.0;
    // Adding zero turns a negative zero into zero.
    format!("{}", rounded + 0.0)
}

/// A count of points as a number to divide by.
fn steps(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
