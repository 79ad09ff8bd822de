//! A project, read from its folder: every file once, every fault at once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scorewright_domain::{
    Benchmark, Fingerprint, LocalTime, Profile, ProjectFile, Schedule, Target, TomlDay, Variables,
};
use scorewright_extract::Source;
use scorewright_kpi::{Calendar, Metric};
use scorewright_report::Report;
use scorewright_transform::Pipeline;

use crate::files::ProjectFiles;
use crate::folders::Folders;
use crate::settings::Settings;

/// Everything a run needs to know, checked as far as that needs no data.
#[derive(Debug)]
pub struct Project {
    /// Where it keeps what.
    pub folders: Folders,
    /// `scorewright.toml`.
    pub settings: Settings,
    /// The profile it is run under; `None` for the project itself.
    pub profile: Option<Profile>,
    /// The zone of its days.
    pub zone: TimeZone,
    /// Values that its SQL calls by a name.
    pub variables: Variables,
    /// `pipelines/schedules.toml`, by name.
    pub schedules: BTreeMap<String, Schedule>,
    /// `pipelines/sources/`.
    pub sources: Vec<Source>,
    /// `pipelines/models/` and `pipelines/checks/`.
    pub pipeline: Pipeline,
    /// `pipelines/metrics/`.
    pub metrics: Vec<Metric>,
    /// `pipelines/targets.toml`.
    pub targets: Vec<Target>,
    /// `pipelines/benchmarks.toml`.
    pub benchmarks: Vec<Benchmark>,
    /// `reports/*/report.toml`.
    pub reports: Vec<Report>,
    /// Templates of the reports, the standard ones among them.
    pub templates: Vec<ProjectFile>,
    /// All of its files.
    pub files: ProjectFiles,
}

impl Project {
    /// Local midnight at which a day begins.
    pub fn midnight(&self, day: Date) -> Timestamp {
        day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }

    /// What its SQL means by a day and by business hours.
    pub fn local_time(&self) -> LocalTime {
        let time_zone = self.settings.time_zone.clone();
        LocalTime { time_zone, schedules: self.schedules.clone() }
    }

    /// The calendar of a run.
    ///
    /// # Panics
    ///
    /// Never: the zone was found when the project was read.
    pub fn calendar(&self, as_of: Date) -> Calendar {
        let calendar = Calendar::new(as_of, &self.settings.time_zone)
            .expect("the zone was found when the project was read");
        match self.settings.kpi.since {
            Some(TomlDay(since)) => calendar.measured_since(since),
            None => calendar,
        }
    }

    /// Hash over everything but the extracts that shapes what a run makes.
    pub fn configuration(&self, as_of: Date) -> String {
        let mut text = format!("{}\0{as_of}\0", env!("CARGO_PKG_VERSION"));
        for file in self.files.to_vec() {
            text += &format!("{}\0{}\0", file.path, file.text);
        }
        if let Some(profile) = &self.profile {
            text += &profile.words();
        }
        Fingerprint::of(text.as_bytes()).to_string()
    }
}
