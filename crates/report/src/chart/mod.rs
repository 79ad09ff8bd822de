//! Coordinates of the lines and dots of a chart. Geometry only: the markup is a template's.
//!
//! Coordinates are text, rounded to a tenth, so that the same scorecard gives
//! the same bytes and no `NaN` can reach a path.

mod scale;

mod blocks;
mod sparkline;
mod strip;

mod coordinate;

pub(crate) use blocks::blocks;
pub(crate) use scale::nice_scale;
pub(crate) use sparkline::Sparkline;
pub(crate) use strip::Strip;
