//! What follows from sums and differences: reduced row echelon form of sparse equations.

use std::collections::BTreeMap;

/// Below it a number is taken for zero: coefficients are small whole numbers, and figures are compared to their size.
const TINY: f64 = 1e-7;

/// What is known of a group: how many, and the sum of what they count for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Figure {
    pub(super) n: f64,
    pub(super) top: f64,
}

impl Figure {
    pub(super) fn plus(self, factor: f64, other: Self) -> Self {
        Self { n: self.n + factor * other.n, top: self.top + factor * other.top }
    }
}

/// Unknowns, each with a factor, whose sum is known; and what it follows from, each with a factor too.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Equation {
    pub(super) factors: BTreeMap<usize, f64>,
    pub(super) sum: Figure,
    pub(super) follows_from: BTreeMap<usize, f64>,
}

impl Equation {
    pub(super) fn add(&mut self, unknown: usize, factor: f64) {
        *self.factors.entry(unknown).or_default() += factor;
    }

    /// Whether the sum is one of a group: all factors have one sign.
    pub(super) fn is_of_a_group(&self) -> bool {
        let are = |test: fn(&f64) -> bool| self.factors.values().all(test);
        !self.factors.is_empty() && (are(|factor| *factor > 0.0) || are(|factor| *factor < 0.0))
    }

    fn minus(&mut self, factor: f64, other: &Self) {
        add_scaled(&mut self.factors, -factor, &other.factors);
        add_scaled(&mut self.follows_from, -factor, &other.follows_from);
        self.sum = self.sum.plus(-factor, other.sum);
    }

    fn scaled(mut self, factor: f64) -> Self {
        self.factors.values_mut().for_each(|own| *own *= factor);
        self.follows_from.values_mut().for_each(|own| *own *= factor);
        self.sum = Figure::default().plus(factor, self.sum);
        self
    }
}

fn add_scaled(own: &mut BTreeMap<usize, f64>, factor: f64, other: &BTreeMap<usize, f64>) {
    for (at, other) in other {
        *own.entry(*at).or_default() += factor * other;
    }
    own.retain(|_, factor| factor.abs() > TINY);
}

/// All that follows from some equations.
pub(super) struct Solved {
    /// Equations that say the same as those, each with an unknown, its first, that no other has.
    rows: BTreeMap<usize, Equation>,
}

impl Solved {
    pub(super) fn rows(&self) -> impl Iterator<Item = &Equation> {
        self.rows.values()
    }

    /// The sum of some unknowns, where it follows.
    pub(super) fn sum_of(&self, unknowns: &[usize]) -> Option<Equation> {
        let factors: BTreeMap<usize, f64> = unknowns.iter().map(|at| (*at, 1.0)).collect();
        let mut left = Equation { factors: factors.clone(), ..Equation::default() };
        for row in unknowns.iter().filter_map(|at| self.rows.get(at)) {
            left.minus(1.0, row);
        }
        let sum = Figure::default().plus(-1.0, left.sum);
        left.factors.is_empty().then_some(Equation { factors, sum, ..left })
    }
}

/// Solves equations as far as they go.
pub(super) fn solved(equations: Vec<Equation>) -> Solved {
    let mut done: BTreeMap<usize, Equation> = BTreeMap::new();
    for mut equation in equations {
        for (pivot, row) in &done {
            if let Some(factor) = equation.factors.get(pivot).copied() {
                equation.minus(factor, row);
            }
        }
        let Some((pivot, factor)) = equation.factors.iter().next().map(|(at, own)| (*at, *own))
        else {
            continue;
        };
        let row = equation.scaled(1.0 / factor);
        for other in done.values_mut() {
            if let Some(factor) = other.factors.get(&pivot).copied() {
                other.minus(factor, &row);
            }
        }
        done.insert(pivot, row);
    }
    Solved { rows: done }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equation(factors: &[(usize, f64)], n: f64) -> Equation {
        let factors = factors.iter().copied().collect();
        Equation { factors, sum: Figure { n, top: 0.0 }, follows_from: BTreeMap::new() }
    }

    #[test]
    fn what_two_sums_determine_stands_alone() {
        let found = solved(vec![
            equation(&[(0, 1.0), (1, 1.0)], 7.0),
            equation(&[(0, 1.0), (1, 1.0), (2, 1.0)], 10.0),
            equation(&[(0, 1.0), (2, 1.0)], 5.0),
        ]);
        let expected = [(0, 2.0), (1, 5.0), (2, 3.0)].map(|(at, n)| equation(&[(at, 1.0)], n));
        assert!(found.rows().eq(&expected));
        assert_eq!(found.sum_of(&[1, 2]).unwrap().sum, Figure { n: 8.0, top: 0.0 });
    }

    /// The two differences say nothing of one, and together the sum of two.
    #[test]
    fn a_sum_follows_from_what_stands_nowhere() {
        let found = solved(vec![
            equation(&[(0, 1.0), (2, 1.0)], 9.0),
            equation(&[(1, 1.0), (2, -1.0)], -6.0),
        ]);
        assert_eq!(found.sum_of(&[0, 1]).unwrap().sum, Figure { n: 3.0, top: 0.0 });
        assert!(found.sum_of(&[0, 2]).is_some() && found.sum_of(&[1, 2]).is_none());
        assert!(found.sum_of(&[0]).is_none());
    }

    #[test]
    fn what_is_said_twice_says_nothing_more() {
        let twice = equation(&[(0, 2.0), (1, 2.0)], 14.0);
        let found = solved(vec![equation(&[(0, 1.0), (1, 1.0)], 7.0), twice]);
        let once = equation(&[(0, 1.0), (1, 1.0)], 7.0);
        assert!(found.rows().eq([&once]));
        assert!(once.is_of_a_group());
        assert!(!equation(&[(0, 1.0), (1, -1.0)], 7.0).is_of_a_group());
    }
}
