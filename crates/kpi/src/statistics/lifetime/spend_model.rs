//! Gamma-Gamma: what a purchase of a customer is worth on average.
//!
//! Source: P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value (2013), equations 1a and 5.

use scorewright_domain::in_parallel;
use statrs::function::gamma::{digamma, ln_gamma};

use super::maximum::{Fitted, Likelihood};
use crate::statistics::interval::real;

const AT_ONCE: usize = 1 << 14;
const WORKERS: usize = 4;

/// What the purchases of a customer after the first were worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpendHistory {
    /// How many they are, at least one.
    pub(crate) repeats: u32,
    /// Their mean, above zero.
    pub(crate) mean: f64,
}

/// The parameters: a purchase is gamma distributed with shape `p`, and its rate with shape `q` and rate `gamma`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpendModel {
    pub(crate) p: f64,
    pub(crate) q: f64,
    pub(crate) gamma: f64,
}

impl SpendModel {
    /// Names of the parameters, in the order of the fit.
    pub(crate) const NAMES: [&'static str; 3] = ["p", "q", "gamma"];

    /// Fits it to histories in ascending order; `None` where there is no fit.
    ///
    /// `q` is kept above one: below, the mean over all customers is none.
    pub(crate) fn fit(histories: &[SpendHistory]) -> Option<Fitted<3>> {
        // Amounts in units of their mean, so that the start does not depend on the currency.
        let unit = histories.iter().map(|one| one.mean).sum::<f64>() / real(histories.len() as u64);
        let scaled = |one: &SpendHistory| SpendHistory { mean: one.mean / unit, ..*one };
        let histories: Vec<SpendHistory> = histories.iter().map(scaled).collect();
        let starts = [[5.0, 2.5, 0.5], [1.0, 2.0, 2.0], [2.0, 10.0, 5.0]];
        let fitted = Fitted::of(
            &SpendLikelihood { histories: &histories },
            &starts.map(|start| start.map(f64::ln)),
        )?;
        let [p, q, gamma] = fitted.logarithms;
        // A likelihood of amounts in another unit is another density.
        let log_likelihood = fitted.log_likelihood - real(histories.len() as u64) * unit.ln();
        Some(Fitted { logarithms: [p, q, gamma + unit.ln()], log_likelihood, ..fitted })
    }

    /// The model of logarithms of parameters, of `q` less one.
    pub(crate) fn of([p, q, gamma]: [f64; 3]) -> Self {
        Self { p: p.exp(), q: 1.0 + q.exp(), gamma: gamma.exp() }
    }

    /// What a purchase of a customer is worth, as far as the customer's own purchases tell; of one without any the mean over all.
    pub(crate) fn mean(&self, repeats: u32, sum: f64) -> f64 {
        self.p * (self.gamma + sum) / (self.p * f64::from(repeats) + self.q - 1.0)
    }
}

struct SpendLikelihood<'a> {
    histories: &'a [SpendHistory],
}

impl Likelihood<3> for SpendLikelihood<'_> {
    fn at(&self, logarithms: [f64; 3]) -> (f64, [f64; 3]) {
        let model = SpendModel::of(logarithms);
        let chunks: Vec<&[SpendHistory]> = self.histories.chunks(AT_ONCE).collect();
        let parts = in_parallel(&chunks, WORKERS, |_| 1, |histories| model.of_spends(histories));
        let sum =
            parts.into_iter().reduce(|sum, part| std::array::from_fn(|at| sum[at] + part[at]));
        let customers = real(self.customers());
        let [height, p, q, gamma] = sum.unwrap_or_default().map(|sum| sum / customers);
        (height, [p * model.p, q * (model.q - 1.0), gamma * model.gamma])
    }

    fn customers(&self) -> u64 {
        self.histories.len() as u64
    }
}

impl SpendModel {
    /// Equation 1a and its slope by each parameter.
    fn of_spends(&self, histories: &[SpendHistory]) -> [f64; 4] {
        let Self { p, q, gamma } = *self;
        let (of_q, slope_of_q) = (ln_gamma(q), digamma(q));
        let mut sum = [0.0; 4];
        for SpendHistory { repeats, mean } in histories {
            let x = f64::from(*repeats);
            let (shape, total) = (p * x, x * mean);
            let (rate, of_rate) = (gamma + total, (gamma + total).ln());
            let both = digamma(shape + q);
            let height = ln_gamma(shape + q) - ln_gamma(shape) - of_q
                + q * gamma.ln()
                + (shape - 1.0) * mean.ln()
                + shape * x.ln()
                - (shape + q) * of_rate;
            let slope_of_p = x * (both - digamma(shape) + total.ln() - of_rate);
            let slope_of_q = both - slope_of_q + gamma.ln() - of_rate;
            let slope_of_gamma = q / gamma - (shape + q) / rate;
            for (sum, one) in sum.iter_mut().zip([height, slope_of_p, slope_of_q, slope_of_gamma]) {
                *sum += one;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The means that the note prints for CDNOW's parameters: of a customer with two purchases of 22.35 on average, and of one
    /// without any.
    #[test]
    fn means_are_those_of_the_parameters_printed() {
        let printed = SpendModel { p: 6.25, q: 3.74, gamma: 15.44 };
        assert!((printed.mean(2, 44.70) - 24.65).abs() < 0.02, "{}", printed.mean(2, 44.70));
        assert!((printed.mean(0, 0.0) - 35.22).abs() < 0.01, "{}", printed.mean(0, 0.0));
    }

    #[test]
    fn a_slope_is_what_the_height_changes_by() {
        let histories =
            [SpendHistory { repeats: 1, mean: 0.4 }, SpendHistory { repeats: 5, mean: 2.5 }];
        let likelihood = SpendLikelihood { histories: &histories };
        let at = [3.0f64, 1.5, 0.7].map(f64::ln);
        let (_, slope) = likelihood.at(at);
        for parameter in 0..3 {
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
