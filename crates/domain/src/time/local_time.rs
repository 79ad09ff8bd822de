//! What SQL of a project means by a day and by business hours.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::schedule::Schedule;

/// The zone of a project and its schedules: what SQL means by a day, a month and business hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// Zone in which days begin, by its name in the tz database.
    pub time_zone: String,
    /// Schedules by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, Schedule>,
}

/// What of the local time a piece of SQL depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalTimeUse {
    /// Whether on the zone of the project.
    pub zone: bool,
    /// Schedules it names.
    pub schedules: BTreeSet<String>,
    /// Whether a column names further ones.
    pub any_schedule: bool,
}

impl LocalTime {
    /// UTC, and no schedule.
    pub fn utc() -> Self {
        Self { time_zone: "UTC".into(), schedules: BTreeMap::new() }
    }

    /// The part that SQL depends on, as text to be hashed; `None` when it depends on nothing.
    ///
    /// # Panics
    ///
    /// Never: a schedule is plain data.
    pub fn used_by(&self, used: &LocalTimeUse) -> Option<String> {
        if *used == LocalTimeUse::default() {
            return None;
        }
        let zone = if used.zone { self.time_zone.as_str() } else { "" };
        let is_used = |name: &String| used.any_schedule || used.schedules.contains(name);
        let schedules: BTreeMap<&String, &Schedule> =
            self.schedules.iter().filter(|(name, _)| is_used(name)).collect();
        let schedules = toml::to_string(&schedules).expect("a schedule is plain data");
        Some(format!("{zone}\0{schedules}"))
    }
}

impl LocalTimeUse {
    /// What both depend on.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            zone: self.zone || other.zone,
            schedules: &self.schedules | &other.schedules,
            any_schedule: self.any_schedule || other.any_schedule,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_used_counts() {
        let schedule = |zone: &str| Schedule { time_zone: zone.into(), terms: Vec::new() };
        let with = |zone: &str| LocalTime {
            time_zone: "UTC".into(),
            schedules: [("a".into(), schedule(zone)), ("b".into(), schedule("UTC"))].into(),
        };
        let named = |name: &str| LocalTimeUse {
            schedules: [name.to_owned()].into(),
            ..LocalTimeUse::default()
        };
        let any = LocalTimeUse { any_schedule: true, ..LocalTimeUse::default() };
        let (before, after) = (with("UTC"), with("Europe/Berlin"));
        assert_ne!(before.used_by(&named("a")), after.used_by(&named("a")));
        assert_eq!(before.used_by(&named("b")), after.used_by(&named("b")));
        assert_ne!(before.used_by(&any), after.used_by(&any));
        assert_eq!(before.used_by(&LocalTimeUse::default()), None);
    }
}
