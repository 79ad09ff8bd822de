//! The clock beside the newest run: one that cannot be right is refused before anything is recorded under it.

use jiff::{SignedDuration, Timestamp, Unit};
use scorewright_domain::{Event, Listener as _};
use scorewright_project::Project;

use super::record::RunRecord;
use crate::arguments::YEARS;
use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How far behind the newest run a clock may be without a word: what a time server puts right.
const BACK_SILENT: SignedDuration = SignedDuration::from_mins(1);

/// How far behind the newest run a clock may be at most.
const BACK_MOST: SignedDuration = DAY;

/// How long nobody may have run before that is worth a word.
const AHEAD_SILENT: SignedDuration = SignedDuration::from_hours(24 * 45);

/// How long nobody may have run at most: three years.
const AHEAD_MOST: SignedDuration = SignedDuration::from_hours(24 * 1096);

/// A clock that no run is made under.
#[derive(Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
pub(crate) enum WrongClock {
    #[error("the clock says {now}, and the newest run was at {newest}: {by} later")]
    #[diagnostic(help(
        "set the clock right; if it is right, and was ahead in that run, say so with `--clock-is-right`"
    ))]
    Back { now: Timestamp, newest: Timestamp, by: String },
    #[error("the clock says {now}, and the newest run was at {newest}: {by} ago")]
    #[diagnostic(help(
        "set the clock right; if it is right, and nothing ran for so long, say so with `--clock-is-right`"
    ))]
    Ahead { now: Timestamp, newest: Timestamp, by: String },
    #[error("the clock says {now}, and a run is made in the years {} to {}", YEARS.start(), YEARS.end())]
    #[diagnostic(help("set the clock right"))]
    NoYear { now: Timestamp },
}

/// What is said of a clock.
#[derive(Debug, PartialEq)]
enum ClockVerdict {
    Fine,
    Noticed(String),
    Refused(WrongClock),
}

/// Compares the clock with the newest run: what is unlikely is told, and what cannot be is refused.
///
/// - `is_right`: somebody has looked, and the clock is right.
pub(crate) fn check_clock(
    project: &Project,
    is_right: bool,
    console: &Console,
) -> Result<(), Failure> {
    let now = to_second(clock::now());
    let verdict = if !YEARS.contains(&clock::today(&project.zone).year()) {
        ClockVerdict::Refused(WrongClock::NoYear { now })
    } else if is_right {
        ClockVerdict::Fine
    } else {
        let newest = RunRecord::newest(&project.folders);
        newest.map_or(ClockVerdict::Fine, |newest| verdict(now, to_second(newest.last_at())))
    };
    match verdict {
        ClockVerdict::Fine => Ok(()),
        ClockVerdict::Noticed(message) => {
            console.on_event(Event::Noticed { message });
            Ok(())
        }
        ClockVerdict::Refused(clock) => Err(Failure::new(ExitStatus::Configuration, clock)),
    }
}

fn verdict(now: Timestamp, newest: Timestamp) -> ClockVerdict {
    let since = now.duration_since(newest);
    let by = in_words(since.abs());
    if since < -BACK_MOST {
        ClockVerdict::Refused(WrongClock::Back { now, newest, by })
    } else if since < -BACK_SILENT {
        ClockVerdict::Noticed(format!(
            "the clock says {now}, {by} before the newest run at {newest}: it was set back, or was ahead then"
        ))
    } else if since > AHEAD_MOST {
        ClockVerdict::Refused(WrongClock::Ahead { now, newest, by })
    } else if since > AHEAD_SILENT {
        ClockVerdict::Noticed(format!(
            "no run for {by}, since {newest}: nights were missed, nothing new arrived, or the clock is ahead: it says {now}"
        ))
    } else {
        ClockVerdict::Fine
    }
}

/// `61 days`, `36 hours`, `60 minutes`: in the largest unit of which there are two or more.
fn in_words(time: SignedDuration) -> String {
    let (hours, minutes, seconds) = (time.as_hours(), time.as_mins(), time.as_secs());
    match (hours / 24, hours, minutes) {
        (days @ 2.., ..) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (.., minutes @ 2..) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}

fn to_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said when the clock is so many seconds after the newest run.
    fn after(seconds: i64) -> ClockVerdict {
        let newest: Timestamp = "2026-11-23T03:30:00Z".parse().unwrap();
        verdict(newest + SignedDuration::from_secs(seconds), newest)
    }

    #[test]
    fn a_clock_is_fine_noticed_or_refused_by_how_far_it_is_from_the_newest_run() {
        const DAY: i64 = 86_400;
        for seconds in [-60, 0, 1, DAY, 45 * DAY] {
            assert_eq!(after(seconds), ClockVerdict::Fine, "{seconds}");
        }
        for seconds in [-61, -3600, -DAY, 45 * DAY + 1, 1096 * DAY] {
            assert!(matches!(after(seconds), ClockVerdict::Noticed(_)), "{seconds}");
        }
        for seconds in [-DAY - 1, -400 * DAY, 1096 * DAY + 1, 5000 * DAY] {
            assert!(matches!(after(seconds), ClockVerdict::Refused(_)), "{seconds}");
        }
    }

    #[test]
    fn how_far_it_is_reads_as_a_sentence() {
        for (seconds, words) in [
            (61, "61 seconds"),
            (3600, "60 minutes"),
            (129_600, "36 hours"),
            (5_270_400, "61 days"),
        ] {
            assert_eq!(in_words(SignedDuration::from_secs(seconds)), words);
        }
    }
}
