//! A few rows of a file, by which it is known whether another file mostly repeats it.
//!
//! The smallest hashes of the different rows of two files are a fair sample of the rows of both together (bottom-k
//! sketch; A. Z. Broder, On the resemblance and containment of documents, 1997).

use std::collections::BTreeSet;

use scorewright_extract::{Load, Source};

/// Hashes kept of a file.
const KEPT: usize = 128;
/// Rows of a sample below which nothing is said.
const ENOUGH: usize = 8;

/// The smallest hashes of the different rows of a file.
#[derive(Debug, Default)]
pub(crate) struct RowSample(BTreeSet<u64>);

/// Whether rows of a source may come twice without anything telling: they have no key.
pub(crate) fn has_row_sample(source: &Source) -> bool {
    source.load == Load::Append && source.key.is_empty()
}

impl RowSample {
    /// Adds rows by their hashes.
    pub(crate) fn add(&mut self, hashes: &[u64]) {
        for hash in hashes {
            let is_full = self.0.len() >= KEPT;
            if is_full && self.0.last().is_some_and(|largest| hash >= largest) {
                continue;
            }
            if self.0.insert(*hash) && is_full {
                self.0.pop_last();
            }
        }
    }

    /// The hashes, as the books keep them.
    pub(crate) fn hashes(&self) -> Vec<u64> {
        self.0.iter().copied().collect()
    }
}

/// Share of the different rows of the smaller of two files that the other has too, from 0 to 1; `None` where too few are
/// known to tell.
#[allow(clippy::cast_precision_loss, reason = "a sample has a few rows")]
pub(crate) fn overlap(left: &[u64], right: &[u64]) -> Option<f64> {
    // Below this the samples are whole.
    let largest = |sample: &[u64]| match sample.len() {
        KEPT.. => sample.last().copied().unwrap_or(u64::MAX),
        _ => u64::MAX,
    };
    let edge = largest(left).min(largest(right));
    let below = |sample: &[u64]| sample.partition_point(|hash| *hash <= edge);
    let (left, right) = (&left[..below(left)], &right[..below(right)]);
    let fewest = left.len().min(right.len());
    let both = left.iter().filter(|hash| right.binary_search(hash).is_ok()).count();
    (fewest >= ENOUGH).then(|| both as f64 / fewest as f64)
}

/// How many different rows a file has, about.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate"
)]
pub(crate) fn different(sample: &[u64]) -> u64 {
    match sample.last() {
        Some(largest) if sample.len() >= KEPT => {
            (sample.len() as f64 / (*largest as f64 / u64::MAX as f64)) as u64
        }
        _ => sample.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look drawn (the finalizer of `SplitMix64`).
    fn hash(number: u64) -> u64 {
        let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        number ^ (number >> 31)
    }

    fn sample(rows: std::ops::Range<u64>) -> Vec<u64> {
        let mut sample = RowSample::default();
        sample.add(&rows.map(|row| hash(row + 1)).collect::<Vec<_>>());
        sample.hashes()
    }

    #[test]
    fn files_that_share_rows_are_told_from_those_that_do_not() {
        let month = sample(0..10_000);
        let overlap_with = |other: &[u64]| overlap(&month, other).unwrap();
        assert!((overlap_with(&month) - 1.0).abs() < 1e-9);
        assert!(overlap_with(&sample(0..10_300)) > 0.9, "the same and a little more");
        assert!(overlap_with(&sample(10_000..20_000)) < 0.1);
        assert!((0.25..0.75).contains(&overlap_with(&sample(5_000..15_000))), "half of it");
        assert_eq!(overlap(&sample(0..5), &sample(0..5)), None, "too few");
    }

    #[test]
    fn different_rows_are_counted_about() {
        assert_eq!(different(&sample(0..20)), 20);
        assert!((5_000..20_000).contains(&different(&sample(0..10_000))));
    }
}
