//! Means of whole numbers.

use super::distributions::t_point;
use super::interval::{Interval, real};

/// Student t 95 % interval of a mean.
///
/// - From the count, the sum and the sum of squares of the observations.
/// - `None` for fewer than two observations.
/// - Formula: Student, Biometrika 6 (1908); the variance divides by `n - 1`.
pub fn mean_interval(n: u64, sum: f64, sum_of_squares: f64) -> Option<Interval> {
    if n < 2 {
        return None;
    }
    let mean = sum / real(n);
    let variance = ((sum_of_squares - sum * mean) / (real(n) - 1.0)).max(0.0);
    let half = t_point(real(n) - 1.0)? * (variance / real(n)).sqrt();
    Some((mean - half, mean + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_agrees_with_scipy() {
        // scipy 1.17.1: stats.t.interval(.95, 9, mean, sem) of 7 6 5 7 7 2 6 4 7 6
        let (low, high) = mean_interval(10, 57.0, 349.0).unwrap();
        assert!(
            (low - 4.529_395_900_477_492).abs() < 1e-9
                && (high - 6.870_604_099_522_509).abs() < 1e-9
        );
    }

    #[test]
    fn one_answer_has_no_interval() {
        assert_eq!(mean_interval(1, 5.0, 25.0), None);
    }
}
