//! `pipelines/schedules.toml` as it is written.

use indexmap::IndexMap;
use scorewright_domain::{DayWindow, TomlDay};
use serde::Deserialize;
use toml::Spanned;

/// `schedules.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchedulesFile {
    #[serde(default)]
    pub(super) schedule: Vec<ScheduleFile>,
}

/// Windows of one day, each with its position.
pub(super) type DayHours = Vec<Spanned<DayWindow>>;

/// The hours of one schedule, from one day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleFile {
    /// What SQL calls it.
    pub(super) name: Spanned<String>,
    /// Whose hours they are; for people.
    #[allow(dead_code, reason = "read by people")]
    pub(super) says: Option<String>,
    /// Zone of its hours; that of the project when absent.
    pub(super) time_zone: Option<Spanned<String>>,
    /// First day these hours hold; the first entry of a name has none.
    pub(super) from: Option<Spanned<TomlDay>>,
    #[serde(default)]
    monday: DayHours,
    #[serde(default)]
    tuesday: DayHours,
    #[serde(default)]
    wednesday: DayHours,
    #[serde(default)]
    thursday: DayHours,
    #[serde(default)]
    friday: DayHours,
    #[serde(default)]
    saturday: DayHours,
    #[serde(default)]
    sunday: DayHours,
    /// Days without hours.
    #[serde(default)]
    pub(super) holidays: Vec<Spanned<TomlDay>>,
    /// Days with hours of their own.
    #[serde(default)]
    pub(super) part_days: IndexMap<Spanned<String>, DayHours>,
}

impl ScheduleFile {
    /// Windows by weekday, Monday first.
    pub(super) fn week(&self) -> [&DayHours; 7] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
    }
}
