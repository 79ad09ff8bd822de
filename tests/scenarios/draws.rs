//! Random stories that are the same on every machine.

/// Draws without a library: the same for a seed everywhere.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// A number from 0 up to a bound.
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        // Knuth's MMIX generator; its high bits are the better ones.
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % bound
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[usize::try_from(self.below(i64::try_from(among.len()).unwrap())).unwrap()]
    }
}

/// Tells the stories of the seeds from 1 on, half of them on a thread each.
///
/// - `usual`: how many, unless `SCOREWRIGHT_SEEDS` says so.
pub(crate) fn tell_stories(usual: u64, tell: fn(u64)) {
    let seeds = std::env::var("SCOREWRIGHT_SEEDS").map_or(usual, |count| count.parse().unwrap());
    std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || (1..=seeds).filter(|seed| seed % 2 == half).for_each(tell))
        });
        for half in halves {
            half.join().unwrap();
        }
    });
}
