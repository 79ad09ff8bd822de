//! Changes of figures that have no sampling interval: totals, balances, figures made of figures.

use super::interval::real;

/// Changes needed before their spread is worth anything.
const ENOUGH: usize = 7;

/// Standard deviation of a normal value over the mean of its absolute values: `sqrt(pi / 2)`.
const SPREAD: f64 = 1.253_314_137_315_500_3;

/// Standard deviation of the usual up and down from one period to the next.
///
/// - `earlier` are the values before, oldest first; a gap drops the changes beside it.
/// - `None` with fewer than seven earlier changes, or when nothing ever moved.
/// - Source: D. J. Wheeler, Understanding Variation (1993), the mean moving range of an
///   `XmR` chart; changes are taken as normal around zero.
pub fn usual_change(earlier: &[Option<f64>]) -> Option<f64> {
    let changes: Vec<f64> =
        earlier.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs())).collect();
    let mean = changes.iter().sum::<f64>() / real(changes.len() as u64);
    (changes.len() >= ENOUGH && mean > 0.0).then_some(mean * SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_change_comes_from_the_changes_before() {
        let weeks = [10.0, 12.0, 9.0, 11.0, 10.0, 13.0, 12.0, 10.0].map(Some);
        // by hand: changes 2 3 2 1 3 1 2, mean 2, times sqrt(pi/2) = 2.506628
        assert!((usual_change(&weeks).unwrap() - 2.506_628_274_631).abs() < 1e-9);
    }

    #[test]
    fn too_few_changes_say_nothing() {
        assert_eq!(usual_change(&[Some(1.0); 30]), None, "nothing ever moved");
        assert_eq!(usual_change(&[Some(1.0), None, Some(2.0), Some(3.0)]), None);
    }
}
