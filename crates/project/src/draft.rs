//! A project of which some files may be at fault: what is sound of it, and every fault.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::tz::TimeZone;
use scorewright_domain::{Fault, ProjectFile, TableName, Variables};
use scorewright_durable::Readers;
use scorewright_extract::Source;
use scorewright_kpi::{SoundMetrics, read_benchmarks, read_targets};
use scorewright_report::Report;
use scorewright_transform::{Model, Pipeline, SoundPipeline};
use scorewright_warehouse::Retention;

use crate::error::ProjectError;
use crate::files::{ProjectFiles, below};
use crate::folders::Folders;
use crate::location::ProjectLocation;
use crate::output_retention::OutputRetention;
use crate::profiles::profile_faults;
use crate::project::Project;
use crate::recipients::with_recipients;
use crate::references::misplaced_references;
use crate::settings::Settings;
use crate::stage_files::{landed_tables, optional, reports, schedules, sources};
use crate::templates::templates;
use crate::webhook_place::webhook_places;

/// A project as far as its files have no fault, so that one look finds the faults of all of them.
#[derive(Debug)]
pub struct ProjectDraft {
    /// The sound part. Where the settings are at fault, others stand in.
    pub project: Project,
    /// Tables that nothing can be said of, because of the files that make them.
    pub broken_tables: BTreeSet<TableName>,
    /// Metrics that nothing can be said of.
    pub broken_metrics: BTreeSet<String>,
    /// Every fault of every file, read by itself.
    pub faults: Vec<Fault>,
}

impl ProjectDraft {
    /// Reads the files of a project as far as that needs no data.
    pub fn of(all: ProjectFiles, location: &ProjectLocation) -> Self {
        let mut faults = Vec::new();
        let settings = settings(&all, &mut faults);
        let readers = settings.files.readers(all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            Readers::Owner
        });
        let extracts = settings.extracts(location, all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            location.project.join(Settings::stand_in().extracts)
        });
        faults.extend(state_among_extracts(location, &extracts, all.settings()));
        faults.extend(profile_faults(&settings.profiles, location, all.settings()));
        faults.extend(misplaced_references(&all));
        let smtp = settings.smtp(location, all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        faults.extend(settings.monitor(location, all.settings()).err());
        let publish = settings.publish(location, all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        let retention = settings.retention.retention(all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            Retention::default()
        });
        let output_retention = settings.retention.outputs(all.settings()).unwrap_or_else(|fault| {
            faults.push(fault);
            OutputRetention::default()
        });
        let folders = Folders::new(location, extracts, readers, settings.limits.sql);
        let folders = Folders { retention, output_retention, smtp, publish, ..folders };
        let mut draft = Self::in_folders(folders, settings, all, location, faults);
        draft.faults.extend(draft.project.misread_questions());
        let Project { folders, reports, .. } = &mut draft.project;
        folders.webhooks = webhook_places(reports, &location.project, &mut draft.faults);
        let refused = folders.smtp.iter().flat_map(|smtp| smtp.refused_recipients(reports));
        draft.faults.extend(refused.collect::<Vec<_>>());
        draft
    }

    /// Reads the other files of a project whose settings are read.
    fn in_folders(
        folders: Folders,
        mut settings: Settings,
        all: ProjectFiles,
        location: &ProjectLocation,
        mut faults: Vec<Fault>,
    ) -> Self {
        let zone = zone(&mut settings, &all, &mut faults);
        let files = all.others();
        let before = faults.len();
        let schedules = schedules(files, &settings.time_zone, &mut faults);
        let has_schedules = faults.len() == before;
        let variables = settings.variables.variables(all.settings(), &settings.currency);
        let has_variables = variables.is_ok();
        let variables = variables.unwrap_or_else(|more| {
            faults.extend(more);
            Variables::default()
        });
        let (environment, profile) = (&location.environment, location.profile.clone());
        let sample_lines = profile.as_ref().and_then(|profile| profile.sample_lines);
        let sources = sampled(sources(files, environment, &mut faults), sample_lines);
        let landed = landed_tables(files, &sources);
        let SoundPipeline { pipeline, broken, faults: more } =
            Pipeline::read_sound(&below(files, "pipelines/"), &landed);
        faults.extend(more);
        let metrics = SoundMetrics::read(&below(files, "pipelines/metrics/"));
        faults.extend_from_slice(&metrics.faults);
        let targets = optional(files, "targets", &mut faults, |file| read_targets(file, &metrics));
        let benchmarks =
            optional(files, "benchmarks", &mut faults, |file| read_benchmarks(file, &metrics));
        let reports = reports(files, environment, &mut faults);
        let reports = with_recipients(files, reports, &mut faults);
        let reports = if sample_lines.is_some() { without_mail(reports) } else { reports };
        let reports = if profile.is_some() { without_webhooks(reports) } else { reports };
        let sound = |table: &TableName| sources.iter().any(|source| is_of(&source.name, table));
        let landed = landed.into_iter().filter(|table| !sound(table));
        let without_schedule = without_schedule(&pipeline, has_schedules);
        let without_variables = without_variables(&pipeline, has_variables);
        let further = without_schedule.into_iter().chain(without_variables);
        let broken_tables = landed.chain(broken).chain(further).collect();
        let templates = templates(files, &reports);
        let project = Project {
            folders,
            settings,
            profile,
            zone,
            variables,
            schedules,
            sources,
            pipeline,
            metrics: metrics.metrics,
            targets,
            benchmarks,
            reports,
            templates,
            files: all,
        };
        Self { project, broken_tables, broken_metrics: metrics.broken, faults }
    }

    fn sound(self) -> Result<Project, ProjectError> {
        if self.faults.is_empty() { Ok(self.project) } else { Err(self.faults.into()) }
    }
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

    /// A project of files that are read already.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] with every fault of every file.
    pub fn of(files: ProjectFiles, location: &ProjectLocation) -> Result<Self, ProjectError> {
        ProjectDraft::of(files, location).sound()
    }

    /// A project of the files that a version keeps. Who may read what is written of it, and how mails leave, is said by the
    /// settings of today.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] with every fault of every file.
    pub fn kept(files: ProjectFiles, location: &ProjectLocation) -> Result<Self, ProjectError> {
        let mut faults = Vec::new();
        let settings = settings(&files, &mut faults);
        let today = Folders::of(location).ok();
        let readers = today.as_ref().map_or(Readers::Owner, |today| today.readers);
        let limits = today.as_ref().map_or(settings.limits.sql, |today| today.sql_limits);
        let (smtp, publish) = today.map_or((None, None), |today| (today.smtp, today.publish));
        let extracts = settings.extracts(location, files.settings())?;
        let folders = Folders::new(location, extracts, readers, limits);
        let folders = Folders { smtp, publish, ..folders };
        ProjectDraft::in_folders(folders, settings, files, location, faults).sound()
    }
}

/// A state folder within the extracts: what a run writes would be read as an extract by the next.
fn state_among_extracts(
    location: &ProjectLocation,
    extracts: &Path,
    settings: &ProjectFile,
) -> Option<Fault> {
    let state = location.state.as_ref()?;
    let real = |path: &Path| {
        let path = std::path::absolute(path).ok()?;
        let there = path.ancestors().find(|above| above.exists())?;
        Some(std::fs::canonicalize(there).ok()?.join(path.strip_prefix(there).ok()?))
    };
    let (inside, outside) = (real(state)?, real(extracts)?);
    let message = format!(
        "the state folder `{}` lies in the extracts folder `{}`",
        state.display(),
        extracts.display()
    );
    inside.starts_with(outside).then(|| {
        settings
            .fault(None, message)
            .help("name one beside it with `--state`, or `state` of the profile: what a run writes would be read as extracts")
    })
}

/// Sources of whose extracts a sample is kept, where one is asked for.
fn sampled(sources: Vec<Source>, lines: Option<u64>) -> Vec<Source> {
    let sampled = |source: Source| match lines {
        Some(lines) => source.sampled(lines),
        None => source,
    };
    sources.into_iter().map(sampled).collect()
}

/// Reports of which nothing is mailed.
fn without_mail(reports: Vec<Report>) -> Vec<Report> {
    reports.into_iter().map(Report::without_mail).collect()
}

/// Reports of which nothing is told to a chat: a profile is for trying.
fn without_webhooks(reports: Vec<Report>) -> Vec<Report> {
    reports.into_iter().map(Report::without_webhook).collect()
}

/// Whether a source makes a table.
fn is_of(source: &str, table: &TableName) -> bool {
    table.noun() == source
}

/// Models that cannot be looked at, because the schedules they name cannot be read.
fn without_schedule(pipeline: &Pipeline, has_schedules: bool) -> Vec<TableName> {
    let models = pipeline.models.iter().filter(|model| !has_schedules && model.uses_schedules());
    models.map(|model| model.name.clone()).collect()
}

/// Models that cannot be looked at, because the variables they name cannot be read.
fn without_variables(pipeline: &Pipeline, has_variables: bool) -> Vec<TableName> {
    let names_one = |model: &&Model| model.parameters.iter().any(|name| name != "as_of");
    let models = pipeline.models.iter().filter(|model| !has_variables && names_one(model));
    models.map(|model| model.name.clone()).collect()
}

fn settings(files: &ProjectFiles, faults: &mut Vec<Fault>) -> Settings {
    Settings::of(files.settings()).unwrap_or_else(|fault| {
        faults.push(fault);
        Settings::stand_in()
    })
}

fn zone(settings: &mut Settings, files: &ProjectFiles, faults: &mut Vec<Fault>) -> TimeZone {
    settings.zone(files.settings()).unwrap_or_else(|fault| {
        faults.push(fault);
        settings.time_zone = Settings::stand_in().time_zone;
        TimeZone::UTC
    })
}
