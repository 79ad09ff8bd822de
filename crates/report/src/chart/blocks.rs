//! A series as eight heights of a block, for text.

use super::coordinate::steps;

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One block for each value, between the lowest and the highest; a gap is `·`.
///
/// The scale is the row's own, so the range must be printed beside it.
pub(crate) fn blocks(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied();
    let (Some(low), Some(high)) = (known().reduce(f64::min), known().reduce(f64::max)) else {
        return "·".repeat(values.len());
    };
    values.iter().map(|value| value.map_or('·', |value| LEVELS[level(value, low, high)])).collect()
}

/// The height of a value; all heights are the middle one when nothing differs.
fn level(value: f64, low: f64, high: f64) -> usize {
    let fraction =
        if high > low { (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) } else { 0.5 };
    (1..LEVELS.len()).filter(|level| fraction * 8.0 >= steps(*level)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_spans_from_the_lowest_to_the_highest_block() {
        assert_eq!(blocks(&[Some(0.0), Some(4.0), None, Some(8.0)]), "▁▅·█");
        assert_eq!(blocks(&[Some(3.0), Some(3.0)]), "▅▅");
        assert_eq!(blocks(&[None, None]), "··");
        assert_eq!(blocks(&[]), "");
    }

    #[test]
    fn the_widest_range_does_not_overflow() {
        assert_eq!(blocks(&[Some(f64::MIN), Some(f64::MAX)]), "▁█");
    }
}
