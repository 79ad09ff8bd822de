//! Where a likelihood is greatest, and how sure that place is.

use super::symmetric_matrix::{Matrix, inverse, product, quadratic, times};
use crate::statistics::interval::real;

/// Steps of a search, and of its refinement.
const MOST_STEPS: usize = 500;
const REFINEMENTS: usize = 6;

/// A slope of the mean logarithm below which a place is the top.
const FLAT: f64 = 1e-7;

/// Half the distance over which slopes are compared for curvature.
const APART: f64 = 1e-4;

/// A likelihood of `N` parameters, each above its own bound.
pub(super) trait Likelihood<const N: usize>: Sync {
    /// Mean logarithm over customers, and its slope, by what parameters are the exponentials of.
    fn at(&self, logarithms: [f64; N]) -> (f64, [f64; N]);

    /// How many customers there are.
    fn customers(&self) -> u64;
}

/// Parameters of the greatest likelihood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted<const N: usize> {
    /// Logarithms of the parameters less their bounds.
    pub(crate) logarithms: [f64; N],
    /// Logarithm of the likelihood.
    pub(crate) log_likelihood: f64,
    /// Inverse of the observed information.
    pub(super) covariance: Matrix<N>,
}

impl<const N: usize> Fitted<N> {
    /// The fit of the greatest likelihood that any start leads to; `None` where none leads to a top that is one in every direction.
    ///
    /// Source of the search: J. Nocedal, S. J. Wright, Numerical Optimization, 2nd edition (2006), algorithm 6.1; it ends in steps
    /// of Newton.
    pub(super) fn of(likelihood: &impl Likelihood<N>, starts: &[[f64; N]]) -> Option<Self> {
        let tops = starts.iter().filter_map(|start| top(likelihood, *start));
        tops.max_by(|one, other| one.log_likelihood.total_cmp(&other.log_likelihood))
    }

    /// The standard error of a figure, by the delta method.
    ///
    /// - `slope`: of the figure, by the logarithms.
    pub(crate) fn standard_error(&self, slope: &[f64; N]) -> f64 {
        quadratic(slope, &self.covariance).max(0.0).sqrt()
    }

    /// The standard error of one logarithm.
    pub(crate) fn error_of(&self, parameter: usize) -> f64 {
        self.covariance[parameter][parameter].max(0.0).sqrt()
    }
}

/// The top that a start leads to.
fn top<const N: usize>(likelihood: &impl Likelihood<N>, start: [f64; N]) -> Option<Fitted<N>> {
    let mut at = climbed(likelihood, start)?;
    for _ in 0..REFINEMENTS {
        let step = times(&inverse(&information(likelihood, at))?, &likelihood.at(at).1);
        at = std::array::from_fn(|parameter| at[parameter] + step[parameter]);
    }
    let (mean, slope) = likelihood.at(at);
    let customers = real(likelihood.customers());
    let is_top = mean.is_finite() && steepest(&slope) < FLAT;
    let observed = information(likelihood, at).map(|row| row.map(|cell| cell * customers));
    let covariance = inverse(&observed).filter(|_| is_top)?;
    Some(Fitted { logarithms: at, log_likelihood: mean * customers, covariance })
}

/// Up from a start, as far as it goes.
fn climbed<const N: usize>(likelihood: &impl Likelihood<N>, start: [f64; N]) -> Option<[f64; N]> {
    let unit: Matrix<N> =
        std::array::from_fn(|row| std::array::from_fn(|column| f64::from(u8::from(row == column))));
    let (mut at, mut shape) = (start, unit);
    let (mut height, mut slope) = likelihood.at(at);
    for _ in 0..MOST_STEPS {
        if steepest(&slope) < FLAT {
            return Some(at);
        }
        let mut way = times(&shape, &slope);
        if product(&way, &slope) <= 0.0 {
            (way, shape) = (slope, unit);
        }
        let Some((next, next_height, next_slope)) =
            step(likelihood, at, way, height, product(&way, &slope))
        else {
            return (steepest(&slope) < FLAT.sqrt()).then_some(at);
        };
        let moved: [f64; N] = std::array::from_fn(|parameter| next[parameter] - at[parameter]);
        let flatter: [f64; N] =
            std::array::from_fn(|parameter| slope[parameter] - next_slope[parameter]);
        shape = updated(&shape, &moved, &flatter);
        (at, height, slope) = (next, next_height, next_slope);
    }
    None
}

/// The first of shorter and shorter steps that rises enough.
fn step<const N: usize>(
    likelihood: &impl Likelihood<N>,
    at: [f64; N],
    way: [f64; N],
    height: f64,
    rise: f64,
) -> Option<([f64; N], f64, [f64; N])> {
    // No parameter changes by more than a factor of e at once.
    let mut length = (1.0 / steepest(&way)).min(1.0);
    for _ in 0..50 {
        let next: [f64; N] =
            std::array::from_fn(|parameter| at[parameter] + length * way[parameter]);
        let (next_height, next_slope) = likelihood.at(next);
        if next_height.is_finite() && next_height >= height + 1e-4 * length * rise {
            return Some((next, next_height, next_slope));
        }
        length /= 2.0;
    }
    None
}

/// The inverse curvature after a step, by Broyden, Fletcher, Goldfarb and Shanno.
fn updated<const N: usize>(shape: &Matrix<N>, moved: &[f64; N], flatter: &[f64; N]) -> Matrix<N> {
    let along = product(moved, flatter);
    if along <= 1e-14 {
        return *shape;
    }
    let bent = times(shape, flatter);
    let scale = 1.0 + product(flatter, &bent) / along;
    std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            let crossed = moved[row] * bent[column] + bent[row] * moved[column];
            shape[row][column] + (scale * moved[row] * moved[column] - crossed) / along
        })
    })
}

/// How the mean logarithm falls away from a place, in all directions.
fn information<const N: usize>(likelihood: &impl Likelihood<N>, at: [f64; N]) -> Matrix<N> {
    let slopes: [[f64; N]; N] = std::array::from_fn(|moved| {
        let beside = |by: f64| {
            let mut place = at;
            place[moved] += by;
            likelihood.at(place).1
        };
        let (above, below) = (beside(APART), beside(-APART));
        std::array::from_fn(|parameter| (below[parameter] - above[parameter]) / (2.0 * APART))
    });
    std::array::from_fn(|row| {
        std::array::from_fn(|column| f64::midpoint(slopes[row][column], slopes[column][row]))
    })
}

fn steepest<const N: usize>(slope: &[f64; N]) -> f64 {
    slope.iter().fold(0.0, |most: f64, one| most.max(one.abs()))
}
