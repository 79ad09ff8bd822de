//! A project, read from its folder: every file once, every fault at once.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scorewright_domain::{Benchmark, Fingerprint, ProjectFile, Target};
use scorewright_extract::Source;
use scorewright_kpi::{Calendar, Metric, read_benchmarks, read_metrics, read_targets};
use scorewright_report::Report;
use scorewright_transform::Pipeline;

use crate::error::ProjectError;
use crate::files::{ProjectFiles, below};
use crate::folders::{Folders, ProjectLocation};
use crate::settings::Settings;
use crate::stage_files::{keep, landed_tables, optional, reports, sources};
use crate::templates::templates;

/// Everything a run needs to know, checked as far as that needs no data.
#[derive(Debug)]
pub struct Project {
    /// Where it keeps what.
    pub folders: Folders,
    /// `scorewright.toml`.
    pub settings: Settings,
    /// The zone of its days.
    pub zone: TimeZone,
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
    /// Reads all files of a project.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] with every fault of every file.
    pub fn read(location: &ProjectLocation) -> Result<Self, ProjectError> {
        Self::of(ProjectFiles::read(&location.project)?, location)
    }

    /// A project of files that are read already: those on disk, or those that a version keeps.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] with every fault of every file.
    pub fn of(all: ProjectFiles, location: &ProjectLocation) -> Result<Self, ProjectError> {
        let settings = Settings::of(all.settings())?;
        let zone = settings.zone(all.settings())?;
        let files = all.others();
        let mut faults = Vec::new();
        let sources = sources(files, &mut faults);
        let pipeline = Pipeline::read(&below(files, "pipelines/"), &landed_tables(files))
            .map_err(|more| faults.extend(more))
            .ok();
        let metrics = keep(read_metrics(&below(files, "pipelines/metrics/")), &mut faults);
        // Without its metric every line about it would be a fault too.
        let lines = if metrics.is_empty() { Vec::new() } else { below(files, "pipelines/") };
        let targets = optional(&lines, "targets", &mut faults, |file| read_targets(file, &metrics));
        let benchmarks =
            optional(&lines, "benchmarks", &mut faults, |file| read_benchmarks(file, &metrics));
        let reports = reports(files, &mut faults);
        let Some(pipeline) = pipeline.filter(|_| faults.is_empty()) else {
            return Err(faults.into());
        };
        let templates = templates(files, &reports);
        let folders = Folders::from_settings(location, &settings);
        Ok(Self {
            folders,
            settings,
            zone,
            sources,
            pipeline,
            metrics,
            targets,
            benchmarks,
            reports,
            templates,
            files: all,
        })
    }

    /// Local midnight at which a day begins.
    pub fn midnight(&self, day: Date) -> Timestamp {
        day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }

    /// The calendar of a run.
    ///
    /// # Panics
    ///
    /// Never: the zone was found when the project was read.
    pub fn calendar(&self, as_of: Date) -> Calendar {
        Calendar::new(as_of, &self.settings.time_zone)
            .expect("the zone was found when the project was read")
    }

    /// Hash over everything but the extracts that shapes what a run makes.
    pub fn configuration(&self, as_of: Date) -> String {
        let mut text = format!("{}\0{as_of}\0", env!("CARGO_PKG_VERSION"));
        for file in self.files.to_vec() {
            text += &format!("{}\0{}\0", file.path, file.text);
        }
        Fingerprint::of(text.as_bytes()).to_string()
    }
}
