//! Whether one distribution lies above another, and by how much.

use scorewright_domain::{ChangeTest, TestedChange};

use super::distributions::{Z, two_sided};
use super::interval::real;

/// How far one sample lies above another, by the ranks of their values; `None` where one of them is empty.
///
/// - `one`, `other`: ascending; `unit` is what one of their numbers stands for.
/// - The probability is that of the normal approximation with ties and continuity allowed for:
///   H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947), pages 50-60.
/// - The interval holds the differences between a value of `one` and one of `other` that are not among the lowest or highest:
///   J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963), pages 598-611; ranks as in M. Hollander and
///   D. A. Wolfe, Nonparametric Statistical Methods, 2nd edition (1999), section 4.3.
pub(crate) fn rank_shift(one: &[i64], other: &[i64], unit: f64) -> Option<TestedChange> {
    let pairs = Pairs { one, other };
    let all = pairs.count()?;
    let half = Z * (real(all) * real(pairs.observations() + 1) / 12.0).sqrt();
    let lowest = whole((real(all) / 2.0 - half).floor().max(1.0));
    let at = |rank: u64| as_real(pairs.difference(rank)) * unit;
    let interval = (at(lowest), at(all + 1 - lowest));
    Some(TestedChange {
        interval,
        standard_error: (interval.1 - interval.0) / 2.0 / Z,
        probability: pairs.probability(all),
        test: ChangeTest::MannWhitney,
    })
}

/// Every value of one sample beside every value of another.
struct Pairs<'a> {
    one: &'a [i64],
    other: &'a [i64],
}

impl Pairs<'_> {
    /// How many; `None` for none.
    fn count(&self) -> Option<u64> {
        let count = (self.one.len() as u64).checked_mul(self.other.len() as u64)?;
        (count > 0).then_some(count)
    }

    fn observations(&self) -> u64 {
        (self.one.len() + self.other.len()) as u64
    }

    fn probability(&self, all: u64) -> f64 {
        let above = self.at_most(-1);
        let below = all - self.at_most(0);
        // Twice the distance of the statistic from its middle: ties count half on either side.
        let distance = (real(below) - real(above)).abs();
        let n = real(self.observations());
        let variance = real(all) / 12.0 * ((n + 1.0) - self.ties() / (n * (n - 1.0)));
        if distance == 0.0 || variance <= 0.0 {
            return 1.0;
        }
        two_sided((distance / 2.0 - 0.5).max(0.0) / variance.sqrt())
    }

    /// The sum of t³ - t over the values, t being how often each is there.
    fn ties(&self) -> f64 {
        let mut all: Vec<i64> = self.one.iter().chain(self.other).copied().collect();
        all.sort_unstable();
        let of_value = |tied: &[i64]| real(tied.len() as u64).powi(3) - real(tied.len() as u64);
        all.chunk_by(|one, next| one == next).map(of_value).sum()
    }

    /// How many differences, one less other, do not exceed one.
    fn at_most(&self, difference: i64) -> u64 {
        let (mut count, mut reached) = (0, 0);
        for value in self.other {
            let limit = i128::from(*value) + i128::from(difference);
            while self.one.get(reached).is_some_and(|one| i128::from(*one) <= limit) {
                reached += 1;
            }
            count += reached as u64;
        }
        count
    }

    /// The difference of a rank, the lowest being of rank 1.
    ///
    /// Between a difference with fewer at or below it and one with enough, by where the rank would lie on a straight line, and
    /// every third time by halves.
    fn difference(&self, rank: u64) -> i64 {
        let ends = |sample: &[i64]| (sample[0], sample[sample.len() - 1]);
        let ((lowest, highest), (low, high)) = (ends(self.one), ends(self.other));
        let (mut below, mut enough) =
            (lowest.saturating_sub(high).saturating_sub(1), highest.saturating_sub(low));
        let (mut at_below, mut at_enough) = (0, self.at_most(enough));
        for turn in 0_u32.. {
            if enough.saturating_sub(below) <= 1 {
                break;
            }
            let tried = if turn % 3 == 2 {
                i64::midpoint(below, enough)
            } else {
                between(below, enough, real(rank - at_below) / real(at_enough - at_below))
            };
            let count = self.at_most(tried);
            if count >= rank {
                (enough, at_enough) = (tried, count);
            } else {
                (below, at_below) = (tried, count);
            }
        }
        enough
    }
}

/// A number that lies strictly between two others, at about a share of the way.
#[allow(clippy::cast_possible_truncation, reason = "a share of a length that fits")]
fn between(low: i64, high: i64, share: f64) -> i64 {
    let step = (as_real(high.saturating_sub(low)) * share) as i64;
    low.saturating_add(step).clamp(low + 1, high - 1)
}

#[allow(clippy::cast_precision_loss, reason = "it is rounded where it is shown, too")]
fn as_real(number: i64) -> f64 {
    number as f64
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 1 on"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Interval;

    fn sorted(mut values: Vec<i64>) -> Vec<i64> {
        values.sort_unstable();
        values
    }

    fn same(one: &[i64], other: &[i64], interval: Interval, probability: f64) {
        let found = rank_shift(&sorted(one.to_vec()), &sorted(other.to_vec()), 1.0).unwrap();
        let is_near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(is_near(found.interval.0, interval.0), "{found:?}");
        assert!(is_near(found.interval.1, interval.1), "{found:?}");
        assert!(is_near(found.probability, probability), "{found:?}");
    }

    /// Probabilities: scipy 1.17.1 mannwhitneyu(method="asymptotic"). Intervals: numpy, all differences sorted.
    #[test]
    fn shifts_agree_with_scipy_and_with_all_differences_sorted() {
        // Permeability of the placenta, in hundredths: Hollander and Wolfe (1999), table 4.1
        let term = [80, 83, 189, 104, 145, 138, 191, 164, 73, 146];
        let early = [115, 88, 90, 74, 121];
        same(&term, &early, (-17.0, 76.0), 0.244_623_605_126_987_33);
        same(&early, &term, (-76.0, 17.0), 0.244_623_605_126_987_33);
        let tied = [3, 3, 5, 5, 5, 8, 8, 9, 12, 12, 14, 20, 20, 31];
        let others = [5, 5, 8, 9, 9, 9, 14, 15, 20, 31, 31, 40, 44];
        same(&tied, &others, (-17.0, 1.0), 0.112_276_215_806_629_84);
        let many: Vec<i64> = (1..=300).map(|i| i * i * 37 % 1009).collect();
        let more: Vec<i64> = (1..=260).map(|i| i * i * 53 % 1013 + 60).collect();
        same(&many, &more, (-100.0, 1.0), 0.055_016_274_003_498_594);
    }

    #[test]
    fn every_rank_is_found_among_all_differences() {
        let one = [-4, 0, 0, 7, i64::MAX / 4];
        let other = [-9, -9, 3, 8];
        let pairs = Pairs { one: &one, other: &other };
        let all = one.iter().flat_map(|one| other.map(|other| one - other));
        for (rank, difference) in (1..).zip(sorted(all.collect())) {
            assert_eq!(pairs.difference(rank), difference, "{rank}");
        }
    }

    #[test]
    fn what_is_all_alike_has_not_moved() {
        same(&[5; 12], &[5; 20], (0.0, 0.0), 1.0);
        same(&[5], &[5], (0.0, 0.0), 1.0);
        assert_eq!(rank_shift(&[], &[1], 1.0), None);
    }
}
