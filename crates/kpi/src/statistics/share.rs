//! Shares: hits of asked.

use scorewright_domain::ChangeTest;
use statrs::function::factorial::ln_binomial;

use super::distributions::{Z, two_sided};
use super::interval::{Interval, real};

/// Wilson 95 % interval of a share: how far it could move by chance alone.
///
/// - `hits` of `asked`, both counts.
/// - Returns `(low, high)`, shares from 0 to 1; `None` when nobody was asked.
/// - Formula: E. B. Wilson, JASA 22 (1927), pages 209-212.
///
/// ```
/// let (low, high) = scorewright_kpi::statistics::share_interval(8, 10).expect("ten were asked");
/// assert!((low - 0.490).abs() < 1e-3 && (high - 0.943).abs() < 1e-3);
/// ```
pub fn share_interval(hits: u64, asked: u64) -> Option<Interval> {
    (asked > 0 && hits <= asked).then(|| wilson(hits, asked, Z))
}

/// Newcombe 95 % interval of the difference of two shares, the first minus the second.
///
/// - Each share is `(hits, asked)`, counts of different people.
/// - `None` when nobody was asked on either side.
/// - Formula: R. G. Newcombe, Statistics in Medicine 17 (1998), pages 873-890, method 10.
pub fn share_difference(first: (u64, u64), second: (u64, u64)) -> Option<Interval> {
    share_interval(first.0, first.1)?;
    share_interval(second.0, second.1)?;
    Some(newcombe(first, second, Z))
}

/// The two-sided probability of shares so far apart where there is one for both, and the test it is of.
///
/// Pooled z; where one of the four counts is expected to be below 5, Fisher's exact test, whose probability is the sum over
/// all tables that are not likelier than this one (R. A. Fisher, Statistical Methods for Research Workers, 5th edition (1934)).
pub(super) fn share_test(first: (u64, u64), second: (u64, u64)) -> (f64, ChangeTest) {
    let (hits, asked) = (first.0 + second.0, first.1 + second.1);
    let fewest = real(hits.min(asked - hits)) * real(first.1.min(second.1)) / real(asked);
    if fewest < 5.0 {
        return (fisher(first, second), ChangeTest::Fisher);
    }
    let pooled = real(hits) / real(asked);
    let error = (pooled * (1.0 - pooled) * (1.0 / real(first.1) + 1.0 / real(second.1))).sqrt();
    let difference = real(first.0) / real(first.1) - real(second.0) / real(second.1);
    (two_sided(difference / error), ChangeTest::PooledZ)
}

fn fisher(first: (u64, u64), second: (u64, u64)) -> f64 {
    // Tables as likely as this one must not be left out for a rounded digit: R allows as much.
    const ROUNDING: f64 = 1.0 + 1e-7;
    let (hits, asked) = (first.0 + second.0, first.1 + second.1);
    let (fewest, most) = ((first.1 + hits).saturating_sub(asked), hits.min(first.1));
    let likely = |hits_of_first: u64| {
        (ln_binomial(first.1, hits_of_first) + ln_binomial(second.1, hits - hits_of_first)
            - ln_binomial(asked, hits))
        .exp()
    };
    let this = likely(first.0) * ROUNDING;
    let all = (fewest..=most).map(likely).filter(|one| *one <= this);
    all.sum::<f64>().min(1.0)
}

fn wilson(hits: u64, asked: u64, z: f64) -> Interval {
    let (is_none, is_all) = (hits == 0, hits == asked);
    let (hits, asked) = (real(hits), real(asked));
    let share = hits / asked;
    let z2 = z * z;
    let centre = (hits + z2 / 2.0) / (asked + z2);
    let half = z / (asked + z2) * (asked * share * (1.0 - share) + z2 / 4.0).sqrt();
    // All or none is exact at its end; rounding must not move it.
    let low = if is_none { 0.0 } else { (centre - half).max(0.0) };
    let high = if is_all { 1.0 } else { (centre + half).min(1.0) };
    (low, high)
}

fn newcombe(first: (u64, u64), second: (u64, u64), z: f64) -> Interval {
    let (one, two) = (real(first.0) / real(first.1), real(second.0) / real(second.1));
    let (low_one, high_one) = wilson(first.0, first.1, z);
    let (low_two, high_two) = wilson(second.0, second.1, z);
    let difference = one - two;
    (
        difference - (one - low_one).hypot(high_two - two),
        difference + (high_one - one).hypot(two - low_two),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(interval: Interval, low: f64, high: f64) {
        assert!(
            (interval.0 - low).abs() < 1e-10 && (interval.1 - high).abs() < 1e-10,
            "{interval:?}"
        );
    }

    #[test]
    fn wilson_agrees_with_newcombe_1998_and_statsmodels() {
        // Newcombe (1998b) prints 0.2553 to 0.3662 and 0.0624 to 0.1605; digits: statsmodels 0.15.0 proportion_confint
        close(share_interval(81, 263).unwrap(), 0.255_288_519_878, 0.366_209_576_983);
        close(share_interval(15, 148).unwrap(), 0.062_386_399_531, 0.160_487_241_723);
        close(share_interval(500_000, 1_000_000).unwrap(), 0.499_020_019_890, 0.500_979_980_110);
    }

    #[test]
    fn none_and_all_have_sane_ends() {
        // statsmodels 0.15.0 proportion_confint(method="wilson")
        close(share_interval(0, 20).unwrap(), 0.0, 0.161_125_158_053);
        close(share_interval(20, 20).unwrap(), 0.838_874_841_947, 1.0);
        close(share_interval(1, 1).unwrap(), 0.206_549_314_377, 1.0);
    }

    #[test]
    fn nobody_asked_has_no_interval() {
        assert_eq!(share_interval(0, 0), None);
        assert_eq!(share_difference((0, 0), (1, 2)), None);
    }

    #[test]
    fn newcombe_agrees_with_its_paper_and_statsmodels() {
        // The paper prints 0.0524 to 0.3339 for 56/70 against 48/80;
        // digits: statsmodels 0.15.0 confint_proportions_2indep(method="newcomb")
        close(share_difference((56, 70), (48, 80)).unwrap(), 0.052_431_472_402, 0.333_872_654_037);
        close(share_difference((10, 10), (0, 20)).unwrap(), 0.679_086_037_142, 1.0);
        close(share_difference((0, 10), (0, 20)).unwrap(), -0.161_125_158_053, 0.277_532_799_863);
        close(
            share_difference((840, 1000), (800, 1000)).unwrap(),
            0.006_312_391_601,
            0.073_621_179_760,
        );
    }

    /// scipy 1.17.1: `norm.sf` of the pooled z, and `fisher_exact`.
    #[test]
    fn shares_are_tested_by_z_and_where_few_are_expected_by_fisher() {
        for (first, second, probability, test) in [
            ((56, 70), (48, 80), 0.008_045_081_368_196, ChangeTest::PooledZ),
            ((840, 1000), (800, 1000), 0.019_906_741_973_364, ChangeTest::PooledZ),
            ((5, 10), (5, 10), 1.0, ChangeTest::PooledZ),
            ((1, 9), (8, 12), 0.024_359_541_387_405, ChangeTest::Fisher),
            ((2, 1000), (5, 800), 0.252_674_608_555_382, ChangeTest::Fisher),
            ((0, 40), (4, 40), 0.115_567_976_327_470, ChangeTest::Fisher),
            ((0, 10), (0, 20), 1.0, ChangeTest::Fisher),
            ((10, 10), (20, 20), 1.0, ChangeTest::Fisher),
        ] {
            let (found, by) = share_test(first, second);
            assert!((found - probability).abs() < 1e-12, "{first:?} {second:?}: {found}");
            assert_eq!(by, test, "{first:?} {second:?}");
        }
    }
}
