//! Intervals of quotients, from their sums.

use super::aggregates::Sums;
use super::exact_number::ExactNumber;
use crate::metric::IntervalChoice;
use crate::statistics::{Interval, mean_interval, points_interval, share_interval};

/// The interval of the plain quotient; `None` where the sums do not fit the method, or where sums are not enough for it.
pub(super) fn interval(
    choice: IntervalChoice,
    sums: &Sums,
    denominator: ExactNumber,
) -> Option<Interval> {
    let numerator = sums.numerator;
    match choice {
        IntervalChoice::Wilson => share_interval(numerator.as_u64()?, denominator.as_u64()?),
        IntervalChoice::AdjustedWald => points_interval(
            numerator.as_i64()?,
            sums.sum_of_squares?.as_u64()?,
            denominator.as_u64()?,
        ),
        IntervalChoice::StudentT => {
            mean_interval(denominator.as_u64()?, numerator.as_f64(), sums.sum_of_squares?.as_f64())
        }
        IntervalChoice::OrderStatistics
        | IntervalChoice::Bootstrap
        | IntervalChoice::Greenwood
        | IntervalChoice::None => None,
    }
}
