//! Chance, the same on every machine and in every order.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of chance decides about. Each has its own numbers, so that a
/// question added to one extract changes no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    /// Who a customer is.
    Customer,
    /// When a customer came, struggled and left.
    Life,
    /// What a customer subscribed to.
    Subscription,
    /// What a customer's record in the CRM looks like.
    Account,
    /// Deals of a customer in a week.
    Deals,
    /// Tickets of a customer in a week.
    Tickets,
    /// Answers of a customer in a week.
    Answers,
    /// Orders of a customer in a week.
    Orders,
    /// E-mails to a customer in a week.
    Emails,
    /// An employee in a survey wave.
    Employee,
    /// Defects of a file.
    Defects,
}

/// A stream of chance: whole numbers only, because floats differ between machines.
#[derive(Debug)]
pub(crate) struct RandomStream(ChaCha8Rng);

impl RandomStream {
    /// The stream of one thing in one week; `week` is 0 where time plays no part.
    pub(crate) fn new(seed: u64, kind: StreamKind, thing: u64, week: usize) -> Self {
        let words = [seed, kind as u64, thing, week as u64];
        let mut bytes = [0; 32];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A number from 0 to just below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(end);
        u32::try_from(wide >> 32).expect("a product of two 32-bit numbers has 32 high bits")
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// A number of days from `low` to `high`, both included.
    pub(crate) fn days(&mut self, low: u32, high: u32) -> i64 {
        i64::from(self.between(low, high))
    }

    /// Whether something happens that happens `per_mille` times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the things, each as likely.
    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        let count = u32::try_from(things.len()).expect("the lists are short");
        things[self.below(count) as usize]
    }

    /// The place of one weight, as likely as it weighs.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }

    /// How often something happens that happens `per_mille` thousandths of a time on average, up to 8 times.
    pub(crate) fn count(&mut self, per_mille: u32) -> u32 {
        (0..8).map(|_| u32::from(self.below(8000) < per_mille)).sum()
    }

    /// A number around `median` with a long tail upwards, as waiting times and amounts have it.
    pub(crate) fn around(&mut self, median: u32) -> u32 {
        let place = self.below(16 << 8);
        let (step, inside) = ((place >> 8) as usize, place & 255);
        let percent = LONG_TAIL[step] * (256 - inside) + LONG_TAIL[step + 1] * inside;
        let wide = u64::from(median) * u64::from(percent) / (256 * 100);
        u32::try_from(wide).unwrap_or(u32::MAX).max(1)
    }
}

/// Sixteenths of a log-normal distribution with sigma 1, in percent of the median; the ends are left off.
const LONG_TAIL: [u32; 17] =
    [8, 22, 32, 41, 51, 61, 73, 85, 100, 117, 138, 163, 196, 243, 316, 464, 1200];

#[cfg(test)]
mod tests {
    use super::*;

    fn random(thing: u64) -> RandomStream {
        RandomStream::new(7, StreamKind::Tickets, thing, 3)
    }

    #[test]
    fn a_stream_depends_on_what_it_is_about_and_nothing_else() {
        let first: Vec<u32> =
            (0..5).map(|_| 0).scan(random(1), |random, _: u32| Some(random.below(1000))).collect();
        let again: Vec<u32> =
            (0..5).map(|_| 0).scan(random(1), |random, _: u32| Some(random.below(1000))).collect();
        let other: Vec<u32> =
            (0..5).map(|_| 0).scan(random(2), |random, _: u32| Some(random.below(1000))).collect();
        assert_eq!(first, again);
        assert_ne!(first, other);
    }

    #[test]
    fn half_of_a_long_tail_lies_below_its_median() {
        let mut random = random(1);
        let below = (0..10_000).filter(|_| random.around(600) < 600).count();
        assert!((4800..5200).contains(&below), "{below}");
    }

    #[test]
    fn a_weight_of_nothing_is_never_drawn() {
        let mut random = random(1);
        assert!((0..1000).all(|_| random.weighted(&[0, 3, 0, 1]) % 2 == 1));
    }

    #[test]
    fn counts_have_the_mean_asked_for() {
        let mut random = random(1);
        let total: u32 = (0..10_000).map(|_| random.count(300)).sum();
        assert!((2800..3200).contains(&total), "{total}");
    }
}
