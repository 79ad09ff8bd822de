//! Exact quantiles of whole numbers, with intervals by order statistics.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::distributions::Z;
use super::interval::{Interval, real};

/// Parts of a share: quantiles are asked for to a thousandth.
const PARTS: u64 = 1000;

/// Observations in ascending order: enough for every quantile, the mean and their intervals.
///
/// Values are whole numbers in units of the data (seconds, ten-thousandths of
/// a currency), so that sums do not depend on the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    values: Vec<i64>,
}

impl Distribution {
    /// Sorts observations that come in any order.
    pub fn new(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        Self { values }
    }

    /// The observations of both.
    #[must_use]
    #[allow(
        clippy::stable_sort_primitive,
        reason = "the stable sort merges two ascending runs in one pass"
    )]
    pub fn merged(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.values.sort();
        self
    }

    /// All of them, ascending.
    pub(crate) fn values(&self) -> &[i64] {
        &self.values
    }

    /// Observations.
    pub fn n(&self) -> u64 {
        self.values.len() as u64
    }

    /// The value that `share` of the observations do not exceed; `None` without observations.
    ///
    /// Interpolates linearly between the closest ranks, at rank `share * (n - 1)`
    /// counted from 0; for one half that is the mean of the two middle values.
    /// Definition 7 of Hyndman and Fan, The American Statistician 50 (1996), pages 361-365.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        // In whole numbers, so that it is rounded once.
        let rank =
            u128::from(whole((share * real(PARTS)).round())) * u128::from(self.n().checked_sub(1)?);
        let (below, rest) =
            (rank / u128::from(PARTS), i128::try_from(rank % u128::from(PARTS)).ok()?);
        let at = |rank: u128| self.values.get(usize::try_from(rank).ok()?).copied().map(i128::from);
        let below_value = at(below)?;
        let above_value = if rest == 0 { below_value } else { at(below + 1)? };
        let sum = below_value * (i128::from(PARTS) - rest) + above_value * rest;
        Some(rounded(sum) / real(PARTS))
    }

    /// 95 % interval of the quantile: the values at two ranks that hold it with at least that probability.
    ///
    /// `None` when an end would need more observations than there are.
    /// Source: W. J. Conover, Practical Nonparametric Statistics, 3rd edition (1999), section 3.2.
    pub fn quantile_interval(&self, share: f64) -> Option<Interval> {
        let (low, high) = order_ranks(self.n(), share)?;
        Some((self.ranked(low - 1)?, self.ranked(high - 1)?))
    }

    /// Sum of all observations.
    pub fn sum(&self) -> f64 {
        rounded(self.values.iter().map(|value| i128::from(*value)).sum())
    }

    /// Sum of the squares of all observations.
    pub fn sum_of_squares(&self) -> f64 {
        rounded(self.values.iter().map(|value| i128::from(*value) * i128::from(*value)).sum())
    }

    /// The mean; `None` without observations.
    pub fn mean(&self) -> Option<f64> {
        (!self.values.is_empty()).then(|| self.sum() / real(self.n()))
    }

    /// The observation at a rank, from 0, in ascending order.
    fn ranked(&self, rank: u64) -> Option<f64> {
        let value = self.values.get(usize::try_from(rank).ok()?)?;
        Some(rounded(i128::from(*value)))
    }
}

/// Ranks, from 1, of the two order statistics that enclose a quantile with at least 95 %.
///
/// `None` when there are too few observations: the median needs six.
pub fn order_ranks(n: u64, share: f64) -> Option<(u64, u64)> {
    let below = Binomial::new(share, n).ok().filter(|_| n > 0)?;
    let deviation = (real(n) * share * (1.0 - share)).sqrt();
    let guess = |z: f64| whole((real(n) * share + z * deviation).clamp(0.0, real(n)));
    // The lower rank is the largest with at most 2.5 % below it, the upper the smallest with at least 97.5 %.
    let is_low = |rank: u64| rank == 0 || below.cdf(rank - 1) <= 0.025;
    let is_high = |rank: u64| rank > 0 && below.cdf(rank - 1) >= 0.975;
    let mut low = guess(-Z);
    while !is_low(low) {
        low -= 1;
    }
    while low < n && is_low(low + 1) {
        low += 1;
    }
    let mut high = guess(Z);
    while high <= n && !is_high(high) {
        high += 1;
    }
    while is_high(high - 1) {
        high -= 1;
    }
    (low >= 1 && high <= n).then_some((low, high))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and n"
)]
fn whole(rank: f64) -> u64 {
    rank as u64
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a sum beyond 2^53 is rounded once, the same way everywhere"
)]
fn rounded(sum: i128) -> f64 {
    sum as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fifteen() -> Distribution {
        let values = [3, 9, 27, 10, 12, 5, 8, 100, 7, 6, 11, 14, 2, 33, 20];
        Distribution::new(values.to_vec())
    }

    #[test]
    fn quantiles_agree_with_numpy() {
        // numpy.percentile, default method: 10.0, 30.6, mean 17.8
        let all = fifteen();
        assert_eq!(all.quantile(0.5), Some(10.0));
        assert!((all.quantile(0.9).unwrap() - 30.6).abs() < 1e-12);
        assert!((all.mean().unwrap() - 17.8).abs() < 1e-12);
    }

    #[test]
    fn the_median_of_an_even_count_is_the_mean_of_the_two_in_the_middle() {
        let four = Distribution::new(vec![1, 10, 4, 5]);
        assert_eq!(four.quantile(0.5), Some(4.5));
    }

    #[test]
    fn two_distributions_are_merged_into_that_of_all_observations() {
        let (some, others) = (vec![5, 1, 9, 1], vec![-3, 9, 2]);
        let all = Distribution::new(some.iter().chain(&others).copied().collect());
        let (some, others) = (Distribution::new(some), Distribution::new(others));
        assert_eq!(some.clone().merged(others.clone()), all);
        assert_eq!(others.merged(some), all);
    }

    #[test]
    fn ties_are_counted_as_often_as_they_occur() {
        let tied = Distribution::new(vec![5, 5, 7, 5, 5, 5]);
        assert_eq!((tied.n(), tied.quantile(0.5), tied.sum()), (6, Some(5.0), 32.0));
    }

    #[test]
    fn one_observation_is_every_quantile_and_has_no_interval() {
        let one = Distribution::new(vec![42]);
        assert_eq!((one.quantile(0.5), one.quantile(0.9)), (Some(42.0), Some(42.0)));
        assert_eq!(one.quantile_interval(0.5), None);
        assert_eq!(Distribution::new(Vec::new()).quantile(0.5), None);
    }

    #[test]
    fn the_interval_of_a_median_agrees_with_scipy() {
        // scipy 1.17.1: stats.quantile_test(...).confidence_interval(): 6 to 20; for p90 14 to nan
        assert_eq!(fifteen().quantile_interval(0.5), Some((6.0, 20.0)));
        assert_eq!(fifteen().quantile_interval(0.9), None);
    }

    #[test]
    fn ranks_agree_with_the_binomial_distribution() {
        // scipy 1.17.1: scan of stats.binom(n, q).cdf
        let cases = [
            (5, 0.5, None),
            (6, 0.5, Some((1, 6))),
            (10, 0.5, Some((2, 9))),
            (30, 0.5, Some((10, 21))),
            (30, 0.9, None),
            (100, 0.9, Some((84, 96))),
            (1000, 0.5, Some((469, 532))),
            (1_000_000, 0.9, Some((899_412, 900_589))),
        ];
        for (n, share, expected) in cases {
            assert_eq!(order_ranks(n, share), expected, "{n} {share}");
        }
    }
}
