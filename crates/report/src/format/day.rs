//! Days and periods as text.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use scorewright_domain::{Grain, Period};

use super::count::count_words;

/// `22 November 2026`.
pub(crate) fn day_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// `22 Nov 2026`.
pub(crate) fn day_short(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// `22 Nov 2026, 21:14 UTC`; a text that is no instant is returned as it is.
pub(crate) fn instant_words(instant: &str) -> String {
    let Ok(moment) = instant.parse::<Timestamp>() else { return instant.to_owned() };
    moment.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// The last day that is over at an instant, in a zone.
pub(crate) fn last_whole_day(until: Timestamp, time_zone: &str) -> Date {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let day = until.to_zoned(zone).date();
    day.yesterday().unwrap_or(day)
}

/// `Thursday 19 November`.
pub(crate) fn day_of_week(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

/// Heading of a column: `Week 47`, `November 2026`.
pub(crate) fn period_name(period: Period) -> String {
    match period.grain {
        Grain::Day => day_words(period.from),
        Grain::Week => format!("Week {}", period.from.iso_week_date().week()),
        Grain::Month => period.from.strftime("%B %Y").to_string(),
        Grain::Quarter => format!("Q{} {}", (period.from.month() - 1) / 3 + 1, period.from.year()),
        Grain::Year => period.from.year().to_string(),
        Grain::All => "All time".into(),
    }
}

/// In full: `Week 47, 16–22 November 2026`.
pub(crate) fn period_words(period: Period) -> String {
    match period.grain {
        Grain::Week | Grain::Quarter => format!("{}, {}", period_name(period), days(period)),
        Grain::Day => format!("{} {}", day_of_week(period.from), period.from.year()),
        Grain::Month | Grain::Year => period_name(period),
        Grain::All => format!("Everything up to {}", day_words(last_day(period))),
    }
}

/// Inside a sentence: `week 47`, `November 2026`.
pub(crate) fn period_mention(period: Period) -> String {
    match period.grain {
        Grain::Week => format!("week {}", period.from.iso_week_date().week()),
        Grain::All => "all time".into(),
        _ => period_name(period),
    }
}

/// For a subject, in ASCII: `w/e 22 Nov`, `Nov 2026`.
pub(crate) fn period_short(period: Period) -> String {
    match period.grain {
        Grain::Day => period.from.strftime("%-d %b").to_string(),
        Grain::Week => last_day(period).strftime("w/e %-d %b").to_string(),
        Grain::Month => period.from.strftime("%b %Y").to_string(),
        Grain::Quarter | Grain::Year => period_name(period),
        Grain::All => last_day(period).strftime("to %-d %b %Y").to_string(),
    }
}

/// What a change is measured against: `the week before (9–15 November 2026)`.
pub(crate) fn compared_with(previous: Period) -> String {
    format!("the {} before ({})", previous.grain.name(), inside(previous))
}

/// How far a series reaches: `13 weeks`.
pub(crate) fn history_words(grain: Grain, periods: usize) -> String {
    let noun = if grain == Grain::All { "value" } else { grain.name() };
    count_words(u64::try_from(periods).unwrap_or(u64::MAX), noun)
}

fn inside(period: Period) -> String {
    match period.grain {
        Grain::Week => days(period),
        _ => period_name(period),
    }
}

fn days(period: Period) -> String {
    let (first, last) = (period.from, last_day(period));
    let from = if first.year() != last.year() {
        first.strftime("%-d %B %Y – ")
    } else if first.month() != last.month() {
        first.strftime("%-d %B – ")
    } else {
        first.strftime("%-d–")
    };
    format!("{from}{}", day_words(last))
}

fn last_day(period: Period) -> Date {
    period.until.checked_sub(1.day()).unwrap_or(period.from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(label: &str) -> Period {
        Period::from_label(label).unwrap()
    }

    #[test]
    fn a_week_has_its_number_and_its_days() {
        assert_eq!(period_words(period("2026-W47")), "Week 47, 16–22 November 2026");
        assert_eq!(period_words(period("2026-W49")), "Week 49, 30 November – 6 December 2026");
        assert_eq!(period_words(period("2026-W01")), "Week 1, 29 December 2025 – 4 January 2026");
        assert_eq!(period_short(period("2026-W47")), "w/e 22 Nov");
        assert_eq!(period_mention(period("2026-W47")), "week 47");
        assert_eq!(compared_with(period("2026-W46")), "the week before (9–15 November 2026)");
    }

    #[test]
    fn other_periods_have_their_names() {
        assert_eq!(period_words(period("2026-11")), "November 2026");
        assert_eq!(period_words(period("2026-Q4")), "Q4 2026, 1 October – 31 December 2026");
        assert_eq!(period_short(period("2026-11")), "Nov 2026");
        assert_eq!(period_mention(period("2026-11")), "November 2026");
        assert_eq!(compared_with(period("2025")), "the year before (2025)");
    }

    #[test]
    fn a_reach_is_stated_by_its_last_whole_day() {
        let words =
            |until: &str| day_of_week(last_whole_day(until.parse().unwrap(), "Europe/Berlin"));
        assert_eq!(words("2026-11-19T23:00:00Z"), "Thursday 19 November");
        assert_eq!(words("2026-11-20T22:59:59Z"), "Thursday 19 November");
        assert_eq!(words("2026-11-20T23:00:00Z"), "Friday 20 November");
    }

    #[test]
    fn an_instant_is_stated_in_utc() {
        assert_eq!(instant_words("2026-11-22T22:14:00+01:00"), "22 Nov 2026, 21:14 UTC");
        assert_eq!(instant_words("yesterday"), "yesterday");
    }
}
