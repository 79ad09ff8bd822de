//! When what a server did not take is tried again.

use jiff::{SignedDuration, Timestamp};

use crate::route::Pause;

/// How long the second try waits at least; each further one waits twice as long as the one before.
const FIRST: SignedDuration = SignedDuration::from_mins(5);

/// How long a try waits at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);

/// How long a destination may ask to be left alone at most.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(24);

/// Whether what failed is tried again although its back-off is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Once its back-off is over: a run.
    WhenDue,
    /// At once: a person asks.
    AtOnce,
}

/// The earliest next try of what failed at a moment.
///
/// - `tries`: how many there were, from 1.
/// - `pause`: how long the destination wants to be left alone, where it says so: no less, but a day at most.
pub(super) fn next_try(now: Timestamp, tries: u32, pause: Option<Pause>) -> Timestamp {
    let after = |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX);
    let asked = pause.map(|pause| match pause {
        Pause::For(wait) => after(wait),
        Pause::Until(date) => date,
    });
    let asked = asked.map(|asked| asked.min(after(LONGEST_ASKED)));
    // A whole minute, so that a run that starts some seconds earlier than the one before still finds it over.
    let own = whole_minute(after(wait(tries)));
    asked.map_or(own, |asked| asked.max(own))
}

fn wait(tries: u32) -> SignedDuration {
    let doublings = tries.saturating_sub(1).min(16);
    let wait = FIRST.checked_mul(1 << doublings).unwrap_or(LONGEST);
    wait.min(LONGEST)
}

/// A moment without its seconds.
pub(super) fn whole_minute(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T03:30:07Z";

    fn after(tries: u32, pause: Option<Pause>) -> String {
        next_try(NOW.parse().unwrap(), tries, pause).to_string()
    }

    #[test]
    fn each_try_waits_twice_as_long_as_the_one_before_and_four_hours_at_most() {
        let waits: Vec<i64> = (1..=8).map(|tries| wait(tries).as_mins()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 240, 240]);
        assert_eq!((wait(0), wait(u32::MAX)), (FIRST, LONGEST));
        assert_eq!(after(1, None), "2026-11-23T03:35:00Z");
    }

    #[test]
    fn a_destination_may_ask_for_more_and_for_a_day_at_most() {
        let of = |seconds| Some(Pause::For(SignedDuration::from_secs(seconds)));
        assert_eq!(after(1, of(30)), "2026-11-23T03:35:00Z", "it is no less than our own");
        assert_eq!(after(1, of(600)), "2026-11-23T03:40:07Z");
        assert_eq!(after(1, of(1_000_000)), "2026-11-24T03:30:07Z");
        let date = |text: &str| Some(Pause::Until(text.parse().unwrap()));
        assert_eq!(after(1, date("2026-11-23T09:00:00Z")), "2026-11-23T09:00:00Z");
        assert_eq!(after(1, date("2020-01-01T00:00:00Z")), "2026-11-23T03:35:00Z");
        assert_eq!(after(1, date("2030-01-01T00:00:00Z")), "2026-11-24T03:30:07Z");
    }
}
