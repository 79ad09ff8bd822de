//! Ratios of sums whose rows come in clusters: several orders of one customer.
//!
//! Rows of one customer are not independent, so customers are drawn, not rows.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::distributions::t_point;
use super::interval::{Interval, real};

/// Samples drawn by the bootstrap.
const DRAWS: usize = 2_000;

/// What one cluster adds to the top and the bottom of the ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// Added to the numerator.
    pub numerator: f64,
    /// Added to the denominator.
    pub denominator: f64,
}

/// Sums over all clusters that the linearised interval needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many clusters.
    pub clusters: u64,
    /// Sum of numerators.
    pub numerator: f64,
    /// Sum of denominators.
    pub denominator: f64,
    /// Sum of squared numerators.
    pub numerator_squared: f64,
    /// Sum of numerator times denominator.
    pub product: f64,
    /// Sum of squared denominators.
    pub denominator_squared: f64,
}

/// Percentile bootstrap 95 % interval of a ratio of sums over clusters.
///
/// - 2,000 samples of as many clusters as there are, drawn with replacement.
/// - The same seed and the same clusters in the same order give the same interval.
/// - `None` for fewer than two clusters, or when a sample has nothing to divide by.
/// - Source: A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application (1997), sections 2.4 and 5.3.1.
///
/// # Panics
///
/// Never: what is drawn lies below the number of clusters.
pub fn bootstrap_interval(clusters: &[Cluster], seed: u64) -> Option<Interval> {
    let count = u32::try_from(clusters.len()).ok().filter(|count| *count > 1)?;
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut ratios = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for _ in 0..count {
            // The high half of a product spreads 32 random bits evenly enough over the clusters.
            let drawn = (u64::from(dice.next_u32()) * u64::from(count)) >> 32;
            let cluster =
                clusters[usize::try_from(drawn).expect("below the count, which was a length")];
            numerator += cluster.numerator;
            denominator += cluster.denominator;
        }
        if denominator <= 0.0 {
            return None;
        }
        ratios.push(numerator / denominator);
    }
    ratios.sort_unstable_by(f64::total_cmp);
    Some((between(&ratios, 0.025), between(&ratios, 0.975)))
}

/// Linearised 95 % interval of a ratio of sums: what the bootstrap tends to for many clusters.
///
/// - `None` for fewer than two clusters or nothing to divide by.
/// - Source: W. G. Cochran, Sampling Techniques, 3rd edition (1977), section 6.4, with
///   `clusters / (clusters - 1)` and Student t on `clusters - 1` degrees of freedom.
pub fn linearised_interval(moments: &Moments) -> Option<Interval> {
    if moments.clusters < 2 || moments.denominator <= 0.0 {
        return None;
    }
    let ratio = moments.numerator / moments.denominator;
    let squares = moments.numerator_squared - 2.0 * ratio * moments.product
        + ratio * ratio * moments.denominator_squared;
    let clusters = real(moments.clusters);
    let variance = clusters / (clusters - 1.0) * squares.max(0.0) / moments.denominator.powi(2);
    let half = t_point(clusters - 1.0)? * variance.sqrt();
    Some((ratio - half, ratio + half))
}

/// A seed made of names (FNV-1a): the same value is drawn alike in every run and on every machine.
pub fn seed(names: &[&str]) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The value between the two closest ranks of a sorted list.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank within the list"
)]
fn between(sorted: &[f64], share: f64) -> f64 {
    let rank = share * real(sorted.len() as u64 - 1);
    let below = sorted[rank.floor() as usize];
    let above = sorted[rank.ceil() as usize];
    below + (above - below) * rank.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seven() -> Vec<Cluster> {
        let sums = [
            (120.5, 3.0),
            (80.0, 1.0),
            (300.25, 4.0),
            (45.0, 1.0),
            (0.0, 1.0),
            (99.99, 2.0),
            (210.0, 3.0),
        ];
        sums.map(|(numerator, denominator)| Cluster { numerator, denominator }).to_vec()
    }

    fn moments(clusters: &[Cluster]) -> Moments {
        let sum = |of: fn(&Cluster) -> f64| clusters.iter().map(of).sum::<f64>();
        Moments {
            clusters: clusters.len() as u64,
            numerator: sum(|one| one.numerator),
            denominator: sum(|one| one.denominator),
            numerator_squared: sum(|one| one.numerator * one.numerator),
            product: sum(|one| one.numerator * one.denominator),
            denominator_squared: sum(|one| one.denominator * one.denominator),
        }
    }

    #[test]
    fn linearised_agrees_with_an_independent_computation() {
        // numpy from the residuals, t point from scipy 1.17.1: 57.0493 within 36.6591 to 77.4395
        let (low, high) = linearised_interval(&moments(&seven())).unwrap();
        assert!(
            (low - 36.659_141_289_836).abs() < 1e-6 && (high - 77.439_525_376_830).abs() < 1e-6
        );
    }

    #[test]
    fn bootstrap_agrees_with_scipy_within_the_noise_of_2000_draws() {
        // scipy 1.17.1: stats.bootstrap(paired=True, method="percentile", n_resamples=200000): 38.789 to 69.789
        let (low, high) = bootstrap_interval(&seven(), seed(&["test"])).unwrap();
        assert!((low - 38.789).abs() < 1.5 && (high - 69.789).abs() < 1.5, "{low} {high}");
    }

    #[test]
    fn the_same_seed_draws_alike_and_another_differs() {
        let clusters = seven();
        assert_eq!(bootstrap_interval(&clusters, 1), bootstrap_interval(&clusters, 1));
        assert_ne!(bootstrap_interval(&clusters, 1), bootstrap_interval(&clusters, 2));
        // FNV-1a of "a" followed by a zero byte, by hand in Python
        assert_ne!(seed(&["ab", "c"]), seed(&["a", "bc"]), "names do not run together");
    }

    #[test]
    fn one_cluster_has_no_interval() {
        assert_eq!(bootstrap_interval(&seven()[..1], 1), None);
        assert_eq!(linearised_interval(&moments(&seven()[..1])), None);
    }
}
