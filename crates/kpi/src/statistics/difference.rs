//! Whether two figures differ by more than chance.

use scorewright_domain::{ChangeTest, TestedChange};

use super::distributions::{Z, t_point, t_two_sided, two_sided};
use super::interval::{Interval, real};
use super::points::centre_and_error;
use super::share::{share_difference, share_test};

/// One side of a comparison, with what its method needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimate {
    /// Hits of asked; compared by Newcombe's interval.
    Share {
        /// Answers that count.
        hits: u64,
        /// All answers.
        asked: u64,
    },
    /// A net score on the scale -`scale` to `scale`; compared by z on the adjusted counts.
    Points {
        /// Promoters minus detractors.
        net: f64,
        /// All answers.
        answers: u64,
        /// 100 for the NPS.
        scale: f64,
        /// Its adjusted Wald interval, on that scale.
        interval: Interval,
    },
    /// A mean with its Student t interval; compared by Welch's t.
    Mean {
        /// The mean.
        mean: f64,
        /// Observations.
        n: u64,
        /// Its interval.
        interval: Interval,
    },
    /// Any figure with an interval; compared by combining the two intervals.
    Other {
        /// The figure.
        value: f64,
        /// Its interval.
        interval: Interval,
    },
}

/// Tests now minus before for two estimates of the same kind; `None` when they are not, or hold too little.
///
/// Interval and probability may disagree where they are close to the line: each is the usual one of its kind.
pub fn difference(now: &Estimate, before: &Estimate) -> Option<TestedChange> {
    match (*now, *before) {
        (
            Estimate::Share { hits, asked },
            Estimate::Share { hits: hits_before, asked: asked_before },
        ) => shares((hits, asked), (hits_before, asked_before)),
        (
            Estimate::Points { net, answers, scale, interval },
            Estimate::Points {
                net: net_before,
                answers: answers_before,
                interval: interval_before,
                ..
            },
        ) => {
            let now = centre_and_error(net, answers, on_one(interval, scale));
            let before =
                centre_and_error(net_before, answers_before, on_one(interval_before, scale));
            Some(points(now, before, scale))
        }
        (
            Estimate::Mean { mean, n, interval },
            Estimate::Mean { mean: mean_before, n: n_before, interval: interval_before },
        ) => welch((mean, n, interval), (mean_before, n_before, interval_before)),
        (
            Estimate::Other { value, interval },
            Estimate::Other { value: value_before, interval: interval_before },
        ) => Some(combined((value, interval), (value_before, interval_before))),
        _ => None,
    }
}

fn shares(now: (u64, u64), before: (u64, u64)) -> Option<TestedChange> {
    let interval = share_difference(now, before)?;
    let (probability, test) = share_test(now, before);
    Some(TestedChange { interval, standard_error: mean_error(interval), probability, test })
}

/// The standard error of an interval that need not be symmetric: that of a symmetric one as long as it.
fn mean_error((low, high): Interval) -> f64 {
    (high - low) / 2.0 / Z
}

fn on_one((low, high): Interval, scale: f64) -> Interval {
    (low / scale, high / scale)
}

/// Two-sample z on the counts with three pseudo-answers: Rocks (2016).
fn points(now: (f64, f64), before: (f64, f64), scale: f64) -> TestedChange {
    let change = now.0 - before.0;
    let error = now.1.hypot(before.1);
    TestedChange {
        interval: (scale * (change - Z * error), scale * (change + Z * error)),
        standard_error: scale * error,
        probability: two_sided(change / error),
        test: ChangeTest::AdjustedZ,
    }
}

/// B. L. Welch, Biometrika 34 (1947), pages 28-35; the standard errors are read back from the intervals.
fn welch(now: (f64, u64, Interval), before: (f64, u64, Interval)) -> Option<TestedChange> {
    let (one, two) = (squared_error(now.1, now.2)?, squared_error(before.1, before.2)?);
    let change = now.0 - before.0;
    let error = (one + two).sqrt();
    if error == 0.0 {
        return Some(exact(change, ChangeTest::Welch));
    }
    let degrees = (one + two).powi(2)
        / (one * one / (real(now.1) - 1.0) + two * two / (real(before.1) - 1.0));
    let half = t_point(degrees)? * error;
    let probability = t_two_sided(change / error, degrees)?;
    Some(TestedChange {
        interval: (change - half, change + half),
        standard_error: error,
        probability,
        test: ChangeTest::Welch,
    })
}

/// The square of the standard error that a Student t interval was made with.
fn squared_error(n: u64, (low, high): Interval) -> Option<f64> {
    let error = (high - low) / 2.0 / t_point(real(n) - 1.0)?;
    Some(error * error)
}

/// Recovers the variances from the two intervals, each on the side that faces the other figure.
///
/// G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008), pages 1693-1702; for
/// Wilson intervals this is Newcombe's method.
fn combined(now: (f64, Interval), before: (f64, Interval)) -> TestedChange {
    let change = now.0 - before.0;
    let below = (now.0 - now.1.0).hypot(before.1.1 - before.0);
    let above = (now.1.1 - now.0).hypot(before.0 - before.1.0);
    let facing_zero = if change > 0.0 { below } else { above };
    let without_spread = exact(change, ChangeTest::CombinedIntervals);
    let interval = (change - below, change + above);
    let probability = if facing_zero > 0.0 {
        two_sided(Z * change / facing_zero)
    } else {
        without_spread.probability
    };
    TestedChange { interval, standard_error: mean_error(interval), probability, ..without_spread }
}

/// Without any spread a difference is what it is.
fn exact(change: f64, test: ChangeTest) -> TestedChange {
    TestedChange {
        interval: (change, change),
        standard_error: 0.0,
        probability: if change == 0.0 { 1.0 } else { 0.0 },
        test,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::mean::mean_interval;
    use crate::statistics::points::points_interval;
    use crate::statistics::share::share_interval;

    #[test]
    fn welch_agrees_with_scipy() {
        // scipy 1.17.1: ttest_ind_from_stats(5.7, 1.6, 40, 5.1, 1.9, 55, equal_var=False): p = 0.0990682,
        // interval from -0.1152028 to 1.3152028
        let mean = |mean: f64, deviation: f64, n: u64| {
            let squares = deviation * deviation * (real(n) - 1.0) + mean * mean * real(n);
            Estimate::Mean { mean, n, interval: mean_interval(n, mean * real(n), squares).unwrap() }
        };
        let result = difference(&mean(5.7, 1.6, 40), &mean(5.1, 1.9, 55)).unwrap();
        assert!((result.probability - 0.099_068_238_585).abs() < 1e-8);
        assert!((result.interval.0 + 0.115_202_825_780).abs() < 1e-7);
        assert!((result.interval.1 - 1.315_202_825_780).abs() < 1e-7);
        // numpy: sqrt(1.6**2 / 40 + 1.9**2 / 55)
        assert!((result.standard_error - 0.360_050_501_931).abs() < 1e-8);
        assert_eq!(result.test, ChangeTest::Welch);
    }

    #[test]
    fn points_are_compared_on_their_adjusted_counts() {
        // numpy: 30/10 of 60 (centre 31.746, error 9.4108) against 40/0 of 40 (93.023, 4.8172):
        // change -61.2772, error 10.572079, interval -81.9981 to -40.5563
        let points = |net: i64, extreme: u64, answers: u64| {
            let (low, high) = points_interval(net, extreme, answers).unwrap();
            #[allow(clippy::cast_precision_loss, reason = "small numbers")]
            Estimate::Points {
                net: net as f64,
                answers,
                scale: 100.0,
                interval: (100.0 * low, 100.0 * high),
            }
        };
        let result = difference(&points(20, 40, 60), &points(40, 40, 40)).unwrap();
        assert!((result.interval.0 + 81.998_118_115).abs() < 1e-6, "{result:?}");
        assert!((result.interval.1 + 40.556_330_021).abs() < 1e-6, "{result:?}");
        assert!(result.probability < 1e-8);
        assert!(
            (result.standard_error - 10.572_078_982).abs() < 1e-8
                && result.test == ChangeTest::AdjustedZ
        );
    }

    #[test]
    fn combining_wilson_intervals_is_newcombe() {
        let share = |hits: u64, asked: u64| Estimate::Other {
            value: real(hits) / real(asked),
            interval: share_interval(hits, asked).unwrap(),
        };
        let result = difference(&share(56, 70), &share(48, 80)).unwrap();
        let (low, high) = share_difference((56, 70), (48, 80)).unwrap();
        assert!(
            (result.interval.0 - low).abs() < 1e-12 && (result.interval.1 - high).abs() < 1e-12
        );
    }

    #[test]
    fn no_spread_on_either_side_is_exact() {
        let all_fives = |mean: f64| Estimate::Mean { mean, n: 10, interval: (mean, mean) };
        assert!(difference(&all_fives(5.0), &all_fives(5.0)).unwrap().probability > 0.99);
        assert!(difference(&all_fives(5.0), &all_fives(4.0)).unwrap().probability < 0.01);
    }
}
