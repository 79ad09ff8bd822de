//! Many looks at once.

use super::interval::real;

/// Share of false alarms tolerated among the changes called real.
const RATE: f64 = 0.10;

/// Which of many tests remain discoveries when one in ten of them may be a false alarm.
///
/// - Takes probabilities, one per test; answers in the same order.
/// - Source: Y. Benjamini, Y. Hochberg, JRSS B 57 (1995), pages 289-300.
pub fn discoveries(probabilities: &[f64]) -> Vec<bool> {
    let mut sorted = probabilities.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let tests = real(sorted.len() as u64);
    let last = sorted
        .iter()
        .enumerate()
        .rev()
        .find(|(rank, probability)| **probability <= RATE * real(*rank as u64 + 1) / tests);
    let limit = last.map_or(f64::NEG_INFINITY, |(_, probability)| *probability);
    probabilities.iter().map(|probability| *probability <= limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discoveries_agree_with_statsmodels() {
        // statsmodels 0.15.0: multipletests(alpha=0.10, method="fdr_bh"): the first three
        let result = discoveries(&[0.81, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.01]);
        let expected: Vec<bool> = (0..10).map(|index| [1, 2, 9].contains(&index)).collect();
        assert_eq!(result, expected);
    }

    #[test]
    fn a_later_small_one_saves_the_earlier_ones() {
        // by hand: limits 0.0333, 0.0667, 0.1; only the third holds, and it carries all
        assert_eq!(discoveries(&[0.05, 0.09, 0.1]), [true, true, true]);
        assert_eq!(discoveries(&[]), Vec::<bool>::new());
    }
}
