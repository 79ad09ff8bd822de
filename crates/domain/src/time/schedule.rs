//! The hours a team works, by weekday, with its holidays and what changed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day_window::DayWindow;

/// The hours that count as business hours, in local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Zone of its hours, by its name in the tz database.
    pub time_zone: String,
    /// What held when, in order; the first holds from the beginning.
    pub terms: Vec<ScheduleTerm>,
}

/// The hours of a schedule from one day on, until the next term begins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScheduleTerm {
    /// First day; `None` for the first term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Windows by the weekday they begin on, Monday first.
    pub week: [Vec<DayWindow>; 7],
    /// Days with hours of their own; a holiday has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<Date, Vec<DayWindow>>,
}

impl Schedule {
    /// The windows that begin on a day.
    pub fn windows(&self, day: Date) -> &[DayWindow] {
        let begun = |term: &&ScheduleTerm| term.from.is_none_or(|from| from <= day);
        let Some(term) = self.terms.iter().rev().find(begun) else { return &[] };
        let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        term.days.get(&day).unwrap_or(&term.week[weekday])
    }

    /// The minutes of a day that are open, without overlaps, in order: windows that begin on it, and what is left of
    /// those of the day before.
    pub(super) fn open_minutes(&self, day: Date) -> Vec<(u16, u16)> {
        let before = day.yesterday().map_or(&[][..], |before| self.windows(before));
        let nights = before.iter().filter_map(|window| window.on_the_next());
        let own = self.windows(day).iter().map(|window| window.on_its_day());
        let mut minutes: Vec<(u16, u16)> = nights.chain(own).collect();
        minutes.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(minutes.len());
        for (from, until) in minutes {
            match merged.last_mut() {
                Some((_, last)) if from <= *last => *last = until.max(*last),
                _ => merged.push((from, until)),
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn windows(texts: &[&str]) -> Vec<DayWindow> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn schedule() -> Schedule {
        let mut first = ScheduleTerm::default();
        first.week[0] = windows(&["09:00-12:00", "13:00-17:00"]);
        first.week[1] = windows(&["22:00-06:00"]);
        first.days = [(date(2026, 6, 29), Vec::new())].into();
        let mut second = ScheduleTerm { from: Some(date(2026, 7, 1)), ..ScheduleTerm::default() };
        second.week[2] = windows(&["05:00-08:00"]);
        Schedule { time_zone: "Europe/Berlin".into(), terms: vec![first, second] }
    }

    #[test]
    fn each_day_has_the_hours_of_its_term() {
        let schedule = schedule();
        assert_eq!(schedule.open_minutes(date(2026, 6, 22)), [(540, 720), (780, 1020)]);
        assert_eq!(schedule.open_minutes(date(2026, 6, 29)), [], "a holiday");
        assert_eq!(schedule.open_minutes(date(2026, 6, 30)), [(1320, 1440)]);
        assert_eq!(schedule.open_minutes(date(2026, 7, 6)), [], "a Monday of the second term");
    }

    #[test]
    fn a_night_that_began_in_the_former_term_ends_as_it_was_meant() {
        assert_eq!(schedule().open_minutes(date(2026, 7, 1)), [(0, 480)], "merged with its own");
    }

    #[test]
    fn a_schedule_is_kept_as_it_was_written() {
        let text = toml::to_string(&schedule()).unwrap();
        assert_eq!(toml::from_str::<Schedule>(&text).unwrap(), schedule());
        assert!(text.contains("22:00-06:00") && text.contains("2026-07-01"), "{text}");
    }
}
