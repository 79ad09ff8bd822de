//! Points: the mean of answers that count -1, 0 or +1, such as the NPS.

use super::distributions::Z;
use super::interval::{Interval, real};

/// Answers added before the interval is taken: three quarters for, three quarters against, the rest between.
const ADDED: f64 = 3.0;
const ADDED_EXTREME: f64 = 1.5;

/// Adjusted Wald 95 % interval of a net score as a share of the answers, from -1 to 1.
///
/// - `net` is promoters minus detractors, `extreme` promoters plus detractors, of `answers`.
/// - Three pseudo-answers (0.75, 1.5, 0.75) are added first: the plain interval
///   has no width when everybody is a promoter.
/// - Clipped to -1 and 1; `None` when nobody answered.
/// - Source: B. Rocks, The American Statistician 70 (2016), pages 365-372, "adjusted Wald (3, T)".
pub fn points_interval(net: i64, extreme: u64, answers: u64) -> Option<Interval> {
    if answers == 0 || extreme > answers || net.unsigned_abs() > extreme {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
    let centre = net as f64 / (real(answers) + ADDED);
    let variance = (real(extreme) + ADDED_EXTREME) / (real(answers) + ADDED) - centre * centre;
    let half = Z * (variance / (real(answers) + ADDED)).sqrt();
    Some(((centre - half).max(-1.0), (centre + half).min(1.0)))
}

/// Centre and standard error the interval above was made with, read back from its ends.
///
/// At most one end is clipped, so the longer side still has its full length.
pub(super) fn centre_and_error(net: f64, answers: u64, (low, high): Interval) -> (f64, f64) {
    let centre = net / (real(answers) + ADDED);
    (centre, (high - centre).max(centre - low) / Z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_wald_agrees_with_an_independent_computation() {
        // numpy, by the formula of the paper: 30 promoters, 10 detractors of 60
        let (low, high) = points_interval(20, 40, 60).unwrap();
        assert!(
            (low - 0.133_011_825_356_38).abs() < 1e-12
                && (high - 0.501_908_809_564_25).abs() < 1e-12
        );
        let (centre, error) = centre_and_error(20.0, 60, (low, high));
        assert!(
            (centre - 20.0 / 63.0).abs() < 1e-15 && (error - 0.094_108_102_780_89).abs() < 1e-12
        );
    }

    #[test]
    fn all_promoters_still_have_a_width_and_stay_below_one() {
        // numpy: 40 of 40 gives 83.58 and a clipped 102.46, standard error 4.817
        let (low, high) = points_interval(40, 40, 40).unwrap();
        assert!((low - 0.835_816_993_896_11).abs() < 1e-12 && (high - 1.0).abs() < 1e-15);
        let (_, error) = centre_and_error(40.0, 40, (low, high));
        assert!((error - 0.048_172_091_420_13).abs() < 1e-12, "the clipped end is not used");
    }

    #[test]
    fn nobody_answered_has_no_interval() {
        assert_eq!(points_interval(0, 0, 0), None);
    }
}
