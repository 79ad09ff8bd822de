//! BG/NBD: how often customers buy, and after which purchase they stop for good.
//!
//! Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model,
//! Marketing Science 24 (2005), pages 275-284, equations 6 and 10.

use scorewright_domain::in_parallel;
use statrs::function::gamma::{digamma, ln_gamma};

use super::maximum::{Fitted, Likelihood};
use crate::statistics::interval::real;

/// Histories that one worker takes at a time; it says how sums are parted, so it must not depend on the machine.
const AT_ONCE: usize = 1 << 16;
const WORKERS: usize = 4;

/// When a customer bought, and how many did alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PurchaseHistory {
    /// Days with a purchase after the first.
    pub(crate) repeats: u32,
    /// Weeks from the first purchase to the last.
    pub(crate) recency: f64,
    /// Weeks from the first purchase until now.
    pub(crate) age: f64,
    /// Customers with this history.
    pub(crate) customers: u64,
}

/// The parameters: rates are gamma distributed with shape `r` and rate `alpha` weeks, the chance to stop after a purchase is
/// beta distributed with `a` and `b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PurchaseModel {
    pub(crate) r: f64,
    pub(crate) alpha: f64,
    pub(crate) a: f64,
    pub(crate) b: f64,
}

impl PurchaseModel {
    /// Names of the parameters, in the order of the fit.
    pub(crate) const NAMES: [&'static str; 4] = ["r", "alpha", "a", "b"];

    /// Fits it to histories, distinct and in ascending order; `None` where there is no fit.
    pub(crate) fn fit(histories: &[PurchaseHistory]) -> Option<Fitted<4>> {
        let starts = [
            [0.25, 4.0, 0.8, 2.5],
            [1.0, 10.0, 1.0, 1.0],
            [0.5, 20.0, 0.5, 5.0],
            [2.0, 2.0, 0.2, 2.0],
        ];
        let repeats = by_repeats(histories);
        let likelihood = PurchaseLikelihood { histories, repeats };
        Fitted::of(&likelihood, &starts.map(|start| start.map(f64::ln)))
    }

    /// The model of logarithms of parameters.
    pub(crate) fn of(logarithms: [f64; 4]) -> Self {
        let [r, alpha, a, b] = logarithms.map(f64::exp);
        Self { r, alpha, a, b }
    }

    /// The probability that a customer will buy again; certain of one who bought once, as the model lets nobody stop before
    /// a second purchase.
    pub(crate) fn alive(&self, history: &PurchaseHistory) -> f64 {
        1.0 / (1.0 + self.odds_of_having_stopped(history))
    }

    /// Purchases that are expected of a customer within so many weeks from now.
    pub(crate) fn expected_purchases(&self, history: &PurchaseHistory, weeks: f64) -> f64 {
        // The formula divides by `a - 1`: at one it is taken from both sides.
        const BESIDE: f64 = 1e-5;
        if (self.a - 1.0).abs() >= BESIDE {
            return self.purchases(history, weeks);
        }
        let at = |a: f64| Self { a, ..*self }.purchases(history, weeks);
        f64::midpoint(at(1.0 - BESIDE), at(1.0 + BESIDE))
    }

    /// Equation 10, its hypergeometric function transformed by Euler's rule, so that it converges for long times too.
    fn purchases(&self, history: &PurchaseHistory, weeks: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let bottom = a + b + f64::from(history.repeats) - 1.0;
        let share = weeks / (alpha + history.age + weeks);
        let series = hypergeometric(a + b - 1.0 - r, a - 1.0, bottom, share);
        let all = bottom / (a - 1.0) * (1.0 - (1.0 - share).powf(a - 1.0) * series);
        all / (1.0 + self.odds_of_having_stopped(history))
    }

    fn odds_of_having_stopped(&self, history: &PurchaseHistory) -> f64 {
        if history.repeats == 0 {
            return 0.0;
        }
        let Self { r, alpha, a, b } = *self;
        let repeats = f64::from(history.repeats);
        let quiet = (alpha + history.age) / (alpha + history.recency);
        a / (b + repeats - 1.0) * quiet.powf(r + repeats)
    }
}

/// The hypergeometric function 2F1 by its series, for arguments from 0 to 1.
fn hypergeometric(one: f64, other: f64, bottom: f64, at: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for index in 0..100_000_u32 {
        let index = f64::from(index);
        term *= (one + index) * (other + index) / ((bottom + index) * (index + 1.0)) * at;
        sum += term;
        if term.abs() < 1e-16 * f64::abs(sum) {
            break;
        }
    }
    sum
}

/// Customers by how often they bought again.
fn by_repeats(histories: &[PurchaseHistory]) -> Vec<(u32, u64)> {
    let mut all: Vec<(u32, u64)> =
        histories.iter().map(|history| (history.repeats, history.customers)).collect();
    all.sort_unstable();
    all.chunk_by(|one, next| one.0 == next.0)
        .map(|same| (same[0].0, same.iter().map(|(_, customers)| customers).sum()))
        .collect()
}

struct PurchaseLikelihood<'a> {
    histories: &'a [PurchaseHistory],
    repeats: Vec<(u32, u64)>,
}

impl Likelihood<4> for PurchaseLikelihood<'_> {
    /// Equation 6 and its slope.
    fn at(&self, logarithms: [f64; 4]) -> (f64, [f64; 4]) {
        let model = PurchaseModel::of(logarithms);
        let chunks: Vec<&[PurchaseHistory]> = self.histories.chunks(AT_ONCE).collect();
        let parts = in_parallel(&chunks, WORKERS, |_| 1, |histories| model.of_times(histories));
        let mut sum = model.of_counts(&self.repeats);
        for part in parts {
            sum = std::array::from_fn(|at| sum[at] + part[at]);
        }
        let customers = real(self.customers());
        let [height, r, alpha, a, b] = sum.map(|sum| sum / customers);
        (height, [r * model.r, alpha * model.alpha, a * model.a, b * model.b])
    }

    fn customers(&self) -> u64 {
        self.repeats.iter().map(|(_, customers)| customers).sum()
    }
}

/// A logarithm of a likelihood, and its slope by each parameter.
type Slopes = [f64; 5];

impl PurchaseModel {
    /// The part that depends on counts of purchases alone.
    fn of_counts(&self, repeats: &[(u32, u64)]) -> Slopes {
        let Self { r, alpha, a, b } = *self;
        let mut sum = [0.0; 5];
        for (count, customers) in repeats {
            let (x, customers) = (f64::from(*count), real(*customers));
            let height = ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln() + ln_gamma(a + b)
                - ln_gamma(a + b + x)
                + ln_gamma(b + x)
                - ln_gamma(b);
            let both = digamma(a + b) - digamma(a + b + x);
            let of_r = digamma(r + x) - digamma(r) + alpha.ln();
            let of_b = both + digamma(b + x) - digamma(b);
            for (sum, one) in sum.iter_mut().zip([height, of_r, r / alpha, both, of_b]) {
                *sum += customers * one;
            }
        }
        sum
    }

    /// The part that depends on times.
    fn of_times(&self, histories: &[PurchaseHistory]) -> Slopes {
        let Self { r, alpha, a, b } = *self;
        let mut sum = [0.0; 5];
        for history in histories {
            let x = f64::from(history.repeats);
            let (age, recency) = (alpha + history.age, alpha + history.recency);
            let stopped = self.odds_of_having_stopped(history);
            let share = stopped / (1.0 + stopped);
            let (of_age, of_recency) = (age.ln(), recency.ln());
            let height = stopped.ln_1p() - (r + x) * of_age;
            let of_r = -(1.0 - share) * of_age - share * of_recency;
            let of_alpha = -(r + x) * ((1.0 - share) / age + share / recency);
            let of_b = if history.repeats == 0 { 0.0 } else { -share / (b + x - 1.0) };
            let customers = real(history.customers);
            for (sum, one) in sum.iter_mut().zip([height, of_r, of_alpha, share / a, of_b]) {
                *sum += customers * one;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As printed for the 2,357 customers of CDNOW.
    const PRINTED: PurchaseModel = PurchaseModel { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    fn history(repeats: u32, recency: f64, age: f64) -> PurchaseHistory {
        PurchaseHistory { repeats, recency, age, customers: 1 }
    }

    /// P. S. Fader, B. G. S. Hardie, Implementing the BG/NBD Model for Customer Base Analysis in Excel (2005): the first customer.
    #[test]
    fn expected_purchases_are_those_that_its_authors_print() {
        let found = PRINTED.expected_purchases(&history(2, 30.43, 38.86), 39.0);
        assert!((found - 1.226).abs() < 5e-4, "{found}");
    }

    /// Python's mpmath 1.3, 2F1 of equation 10 as it is printed, with 30 digits.
    #[test]
    fn expected_purchases_are_those_of_the_formula_as_printed() {
        for (repeats, recency, age, weeks, expected) in EXPECTED {
            let found = PRINTED.expected_purchases(&history(repeats, recency, age), weeks);
            assert!((found - expected).abs() < 1e-11 * expected, "{repeats}: {found} {expected}");
        }
    }

    const EXPECTED: [(u32, f64, f64, f64, f64); 4] = [
        (0, 0.0, 38.86, 52.0, 0.252_073_022_282_458_9),
        (2, 30.43, 38.86, 39.0, 1.226_028_174_767_144),
        (10, 35.0, 38.86, 520.0, 32.157_346_700_016_92),
        (1, 0.2, 1.0, 156.0, 6.921_708_424_660_282),
    ];

    #[test]
    fn at_one_the_formula_is_as_near_as_it_gets() {
        let one = PurchaseModel { a: 1.0, ..PRINTED };
        let near = PurchaseModel { a: 1.001, ..PRINTED };
        let (one, near) =
            [one, near].map(|model| model.expected_purchases(&history(2, 30.0, 38.0), 39.0)).into();
        assert!((one - near).abs() < 1e-3 * one, "{one} {near}");
    }

    #[test]
    fn a_slope_is_what_the_height_changes_by() {
        let histories = [history(0, 0.0, 30.0), history(1, 5.0, 20.0), history(4, 18.0, 19.0)];
        let likelihood =
            PurchaseLikelihood { histories: &histories, repeats: by_repeats(&histories) };
        let at = [0.3f64, 5.0, 0.7, 2.0].map(f64::ln);
        let (_, slope) = likelihood.at(at);
        for parameter in 0..4 {
            let beside = |by: f64| {
                let mut place = at;
                place[parameter] += by;
                likelihood.at(place).0
            };
            let expected = (beside(1e-5) - beside(-1e-5)) / 2e-5;
            assert!((slope[parameter] - expected).abs() < 1e-8, "{parameter}");
        }
    }
}
