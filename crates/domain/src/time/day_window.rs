//! Hours of one day, as a schedule writes them: `09:00-17:00`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub(super) const DAY_MINUTES: u16 = 24 * 60;

/// From one minute of the clock up to another, on the day it begins or up to a time of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayWindow {
    from: u16,
    until: u16,
}

/// A text that names no hours of a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDayWindow {
    /// It is no pair of times.
    #[error("`{0}` is no window of a day: write it as 09:00-17:00, or 22:00-06:00 for a night")]
    NotTwoTimes(String),
    /// It begins when it ends.
    #[error("`{0}` begins when it ends: the whole day is 00:00-24:00")]
    Empty(String),
}

impl DayWindow {
    /// Minute of its day at which it begins.
    pub fn from_minute(self) -> u16 {
        self.from
    }

    /// Minute at which it ends, counted from the midnight its day begins with: above 1440 on the next day.
    pub fn until_minute(self) -> u16 {
        self.until
    }

    /// Whether the two have a minute in common, both beginning on the same day.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// Whether it has a minute in common with one that begins on the next day.
    pub fn overlaps_next_day(self, next: Self) -> bool {
        next.from + DAY_MINUTES < self.until
    }

    /// Its minutes on the day it begins.
    pub(super) fn on_its_day(self) -> (u16, u16) {
        (self.from, self.until.min(DAY_MINUTES))
    }

    /// Its minutes on the day after; `None` when it has none there.
    pub(super) fn on_the_next(self) -> Option<(u16, u16)> {
        (self.until > DAY_MINUTES).then(|| (0, self.until - DAY_MINUTES))
    }
}

impl FromStr for DayWindow {
    type Err = BadDayWindow;

    fn from_str(text: &str) -> Result<Self, BadDayWindow> {
        let bad = || BadDayWindow::NotTwoTimes(text.into());
        let (from, until) = text.split_once('-').ok_or_else(bad)?;
        let from = minute(from).filter(|from| *from < DAY_MINUTES).ok_or_else(bad)?;
        let until = minute(until).ok_or_else(bad)?;
        match until {
            until if until == from => Err(BadDayWindow::Empty(text.into())),
            0 => Ok(Self { from, until: DAY_MINUTES }),
            until if until < from => Ok(Self { from, until: until + DAY_MINUTES }),
            until => Ok(Self { from, until }),
        }
    }
}

impl TryFrom<String> for DayWindow {
    type Error = BadDayWindow;

    fn try_from(text: String) -> Result<Self, BadDayWindow> {
        text.parse()
    }
}

impl From<DayWindow> for String {
    fn from(window: DayWindow) -> Self {
        window.to_string()
    }
}

impl fmt::Display for DayWindow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let until = if self.until > DAY_MINUTES { self.until - DAY_MINUTES } else { self.until };
        write!(out, "{}-{}", time(self.from), time(until))
    }
}

/// Minute of the day of a time such as `09:30`; 1440 for `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_pair = |digits: &str| digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_digit());
    if !is_pair(hour) || !is_pair(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let of_day = hour * 60 + minute;
    (minute < 60 && of_day <= DAY_MINUTES).then_some(of_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(text: &str) -> (u16, u16) {
        let window: DayWindow = text.parse().unwrap();
        assert_eq!(window.to_string(), text.replace(' ', "").replace("-00:00", "-24:00"));
        (window.from_minute(), window.until_minute())
    }

    #[test]
    fn a_window_is_read_and_written() {
        assert_eq!(minutes("09:00-17:30"), (540, 1050));
        assert_eq!(minutes("00:00-24:00"), (0, 1440));
        assert_eq!(minutes("22:00-06:00"), (1320, 1800));
        assert_eq!(minutes("18:00 - 00:00"), (1080, 1440));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["9-17", "09:00", "09:00-25:00", "09:60-10:00", "24:00-06:00", "9:00-17:00"] {
            let bad = text.parse::<DayWindow>().unwrap_err();
            assert_eq!(bad, BadDayWindow::NotTwoTimes(text.into()), "{text}");
        }
        assert_eq!(
            "09:00-09:00".parse::<DayWindow>(),
            Err(BadDayWindow::Empty("09:00-09:00".into()))
        );
    }

    #[test]
    fn a_night_reaches_into_the_next_day() {
        let [night, early, day] = ["22:00-06:00", "05:00-08:00", "09:00-17:00"]
            .map(|it| it.parse::<DayWindow>().unwrap());
        assert!(night.overlaps_next_day(early) && !night.overlaps_next_day(day));
        assert!(!night.overlaps(day) && !early.overlaps(night));
        assert_eq!((night.on_its_day(), night.on_the_next()), ((1320, 1440), Some((0, 360))));
        assert_eq!(day.on_the_next(), None);
    }
}
