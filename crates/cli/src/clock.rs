//! The one place that asks what time it is.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The instant.
#[allow(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Time since this was first asked, by a clock that nobody sets.
pub(crate) fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The day in a time zone.
pub(crate) fn today(zone: &TimeZone) -> Date {
    Zoned::new(now(), zone.clone()).date()
}

/// The day that was asked for; today in a time zone without it.
pub(crate) fn day_or_today(asked: Option<Date>, zone: &TimeZone) -> Date {
    asked.unwrap_or_else(|| today(zone))
}
