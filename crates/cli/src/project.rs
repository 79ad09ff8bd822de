//! A project, read from its folder: every file once, every fault at once.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scorewright_domain::{Benchmark, Fault, Fingerprint, Layer, ProjectFile, TableName, Target};
use scorewright_ingest::Source;
use scorewright_kpi::{
    Calendar, Metric, ProjectFaults, read_benchmarks, read_metrics, read_targets,
};
use scorewright_report::Report;
use scorewright_transform::Pipeline;

use crate::arguments::Place;
use crate::clock;
use crate::exit::Failure;
use crate::project_files::{is_template, read_files};
use crate::settings::{Folders, Settings};
use crate::standard;

/// Everything a run needs to know, checked as far as that needs no data.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) folders: Folders,
    pub(crate) settings: Settings,
    pub(crate) zone: TimeZone,
    pub(crate) sources: Vec<Source>,
    pub(crate) pipeline: Pipeline,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) targets: Vec<Target>,
    pub(crate) benchmarks: Vec<Benchmark>,
    pub(crate) reports: Vec<Report>,
    pub(crate) templates: Vec<ProjectFile>,
    /// Hash over every file and the program, for "nothing new".
    fingerprint: Fingerprint,
}

impl Project {
    /// Reads all files of a project.
    pub(crate) fn read(place: &Place) -> Result<Self, Failure> {
        let (settings, settings_file) = Settings::read(place)?;
        let zone = settings.zone(&settings_file)?;
        let files = read_files(&place.project)?;
        let mut faults = Vec::new();
        let sources = sources(&files, &mut faults);
        let pipeline = Pipeline::read(&below(&files, "pipelines/"), &landed(&files))
            .map_err(|more| faults.extend(more))
            .ok();
        let metrics = keep(read_metrics(&below(&files, "pipelines/metrics/")), &mut faults);
        // Without its metric every line about it would be a fault too.
        let lines = if metrics.is_empty() { Vec::new() } else { below(&files, "pipelines/") };
        let targets = optional(&lines, "targets", &mut faults, |file| read_targets(file, &metrics));
        let benchmarks =
            optional(&lines, "benchmarks", &mut faults, |file| read_benchmarks(file, &metrics));
        let reports = reports(&files, &mut faults);
        let Some(pipeline) = pipeline.filter(|_| faults.is_empty()) else {
            return Err(faults.into());
        };
        let fingerprint = project_fingerprint(&settings_file, &files);
        let templates = templates(&files, &reports);
        let folders = Folders::from_settings(place, &settings);
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
            fingerprint,
        })
    }

    /// The day a run is made for: the one asked for, or today in the project's zone.
    pub(crate) fn as_of(&self, asked: Option<Date>) -> Date {
        asked.unwrap_or_else(|| clock::today(&self.zone))
    }

    /// Local midnight at which a day begins.
    pub(crate) fn midnight(&self, day: Date) -> Timestamp {
        day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }

    /// The calendar of a run.
    pub(crate) fn calendar(&self, as_of: Date) -> Calendar {
        Calendar::new(as_of, &self.settings.time_zone)
            .expect("the zone was found when the project was read")
    }

    /// Sources that a metric is made from, through all models between.
    pub(crate) fn sources_of(&self, metric: &Metric) -> Vec<String> {
        self.sources_below(self.facts_of(metric))
    }

    /// Sources that tables are made from, through all models between.
    pub(crate) fn sources_below(&self, mut waiting: Vec<TableName>) -> Vec<String> {
        let mut tables: BTreeSet<TableName> = BTreeSet::new();
        while let Some(table) = waiting.pop() {
            let model = self.pipeline.models.iter().find(|model| model.name == table);
            waiting.extend(
                model
                    .iter()
                    .flat_map(|model| model.reads.iter().cloned())
                    .filter(|read| !tables.contains(read)),
            );
            tables.insert(table);
        }
        tables
            .iter()
            .filter(|table| *table.layer() == Layer::Raw)
            .map(|table| table.noun().to_owned())
            .collect()
    }

    /// The facts of a metric, and of the metrics it is computed from.
    fn facts_of(&self, metric: &Metric) -> Vec<TableName> {
        let parts = metric.parts();
        let parts = self.metrics.iter().filter(|other| parts.contains(&other.name.as_str()));
        metric.fact().into_iter().chain(parts.flat_map(|part| self.facts_of(part))).collect()
    }

    /// Hash over everything but the extracts that shapes what a run makes.
    pub(crate) fn configuration(&self, as_of: Date) -> String {
        Fingerprint::of(format!("{}\0{as_of}", self.fingerprint).as_bytes()).to_string()
    }
}

fn below(files: &[ProjectFile], folder: &str) -> Vec<ProjectFile> {
    files.iter().filter(|file| file.path.starts_with(folder)).cloned().collect()
}

fn keep<T: Default>(read: Result<T, ProjectFaults>, faults: &mut Vec<Fault>) -> T {
    read.unwrap_or_else(|more| {
        faults.extend_from_slice(more.all());
        T::default()
    })
}

fn sources(files: &[ProjectFile], faults: &mut Vec<Fault>) -> Vec<Source> {
    let mut sources = Vec::new();
    for file in below(files, "pipelines/sources/") {
        match Source::read(&file) {
            Ok(source) => sources.push(source),
            Err(more) => faults.extend(more),
        }
    }
    sources
}

/// Tables that the sources make, those with a faulty file too.
fn landed(files: &[ProjectFile]) -> BTreeSet<TableName> {
    let stem = |file: &ProjectFile| {
        file.path.strip_prefix("pipelines/sources/")?.strip_suffix(".toml").map(String::from)
    };
    let tables = files
        .iter()
        .filter_map(stem)
        .flat_map(|stem| ["raw", "quarantine"].map(|layer| TableName::new(layer, &stem)));
    tables.flatten().collect()
}

fn optional<T: Default>(
    files: &[ProjectFile],
    stem: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&ProjectFile) -> Result<T, ProjectFaults>,
) -> T {
    let path = format!("pipelines/{stem}.toml");
    files
        .iter()
        .find(|file| file.path == path)
        .map_or_else(T::default, |file| keep(read(file), faults))
}

fn reports(files: &[ProjectFile], faults: &mut Vec<Fault>) -> Vec<Report> {
    let mut reports = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("reports/") && file.path.ends_with("/report.toml"))
    {
        match Report::read(file) {
            Ok(report) => reports.push(report),
            Err(fault) => faults.push(fault),
        }
    }
    reports
}

/// The project's templates, and for each report the standard ones that it has not replaced.
fn templates(files: &[ProjectFile], reports: &[Report]) -> Vec<ProjectFile> {
    let own = files.iter().filter(|file| is_template(file)).cloned();
    let standard = standard::templates().flat_map(|file| standing_in(&file, reports));
    let mut templates: Vec<ProjectFile> = own.collect();
    for file in standard {
        if !templates.iter().any(|known| known.path == file.path) {
            templates.push(file);
        }
    }
    templates
}

/// A standard template under the name of each report; a shared part under its own.
fn standing_in(file: &ProjectFile, reports: &[Report]) -> Vec<ProjectFile> {
    match file.path.strip_prefix("reports/scorecard/") {
        None => vec![file.clone()],
        Some(name) => {
            let named = reports.iter().map(|report| format!("reports/{}/{name}", report.id()));
            named.map(|path| ProjectFile::new(path, file.text.clone())).collect()
        }
    }
}

fn project_fingerprint(settings: &ProjectFile, files: &[ProjectFile]) -> Fingerprint {
    let mut text = format!("{}\0{}\0", env!("CARGO_PKG_VERSION"), settings.text);
    for file in files {
        text += &format!("{}\0{}\0", file.path, file.text);
    }
    Fingerprint::of(text.as_bytes())
}
