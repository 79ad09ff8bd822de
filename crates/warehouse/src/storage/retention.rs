//! Which versions are kept: by count, by month and by age.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// How long versions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How many of the newest versions are kept.
    pub nightly: NonZeroU32,
    /// Of how many months of their as-of days the newest version is kept.
    pub monthly: u32,
    /// How long a version stays after the next one took its place, and a file after it was written, whatever the counts.
    pub min_age: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            nightly: NonZeroU32::new(30).expect("it is not zero"),
            monthly: 12,
            min_age: SignedDuration::from_hours(24),
        }
    }
}

/// What decides whether a version is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VersionAge {
    pub(super) number: u64,
    /// Day it was made for.
    pub(super) as_of: Option<Date>,
    /// When the next version took its place; `None` for the newest.
    pub(super) superseded_at: Option<Timestamp>,
}

impl Retention {
    /// The versions that are kept.
    ///
    /// - `versions`: all of them, by ascending number.
    /// - `owing`: those from which something is still to be delivered.
    pub(super) fn kept(
        &self,
        versions: &[VersionAge],
        owing: &BTreeSet<u64>,
        now: Timestamp,
    ) -> BTreeSet<u64> {
        let nightly = usize::try_from(self.nightly.get()).unwrap_or(usize::MAX);
        let newest = versions.iter().rev().take(nightly);
        let is_needed = |version: &&VersionAge| {
            owing.contains(&version.number)
                || version.superseded_at.is_none_or(|at| self.is_young(at, now))
        };
        let needed = versions.iter().filter(is_needed);
        let kept = newest.chain(needed).map(|version| version.number);
        kept.chain(self.newest_of_months(versions)).collect()
    }

    /// Whether what has been so since a moment stays for its age.
    pub(super) fn is_young(&self, since: Timestamp, now: Timestamp) -> bool {
        now.duration_since(since) < self.min_age
    }

    /// The newest version of each month, of the newest months.
    fn newest_of_months(&self, versions: &[VersionAge]) -> impl Iterator<Item = u64> {
        let month = |day: Date| (day.year(), day.month());
        let by_month: BTreeMap<(i16, i8), u64> = versions
            .iter()
            .filter_map(|version| Some((month(version.as_of?), version.number)))
            .collect();
        let months = usize::try_from(self.monthly).unwrap_or(usize::MAX);
        by_month.into_values().rev().take(months)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    /// A version for every day of 2026 up to one, each superseded by the next.
    fn nights(count: u64) -> Vec<VersionAge> {
        let first: Timestamp = "2026-01-02T03:00:00Z".parse().unwrap();
        let night = |number: u64| {
            let days = i32::try_from(number).unwrap();
            let superseded_at = (number < count).then(|| first + DAY * days);
            let as_of = date(2026, 1, 1).checked_add(DAY * (days - 1)).unwrap();
            VersionAge { number, as_of: Some(as_of), superseded_at }
        };
        (1..=count).map(night).collect()
    }

    fn kept(retention: Retention, owing: &[u64], now: &str) -> Vec<u64> {
        let owing = owing.iter().copied().collect();
        let kept = retention.kept(&nights(100), &owing, now.parse().unwrap());
        kept.into_iter().collect()
    }

    fn retention(nightly: u32, monthly: u32, hours: i64) -> Retention {
        Retention {
            nightly: NonZeroU32::new(nightly).unwrap(),
            monthly,
            min_age: SignedDuration::from_hours(hours),
        }
    }

    const LATER: &str = "2026-12-01T00:00:00Z";

    #[test]
    fn the_newest_versions_and_the_newest_of_each_month_are_kept() {
        // January has 31 days, February 28, March 31; the 100th day is 10 April.
        assert_eq!(kept(retention(3, 12, 0), &[], LATER), [31, 59, 90, 98, 99, 100]);
        assert_eq!(kept(retention(3, 2, 0), &[], LATER), [90, 98, 99, 100]);
        assert_eq!(kept(retention(1, 0, 0), &[], LATER), [100]);
        assert_eq!(kept(Retention::default(), &[], LATER).len(), 30 + 2);
    }

    #[test]
    fn what_owes_something_or_was_the_newest_of_late_is_kept() {
        assert_eq!(kept(retention(1, 0, 0), &[7], LATER), [7, 100]);
        let now = "2026-04-11T15:00:00Z";
        assert_eq!(kept(retention(1, 0, 48), &[], now), [98, 99, 100], "98 until 09 April, 03:00");
    }

    #[test]
    fn a_month_that_comes_again_has_its_newest_version() {
        let mut versions = nights(40);
        versions.push(VersionAge {
            number: 41,
            as_of: Some(date(2026, 1, 5)),
            superseded_at: None,
        });
        let now = LATER.parse().unwrap();
        let kept = retention(1, 12, 0).kept(&versions, &BTreeSet::new(), now);
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), [40, 41]);
    }
}
