//! `scorewright check`: every file of the project, without data.

use std::collections::BTreeSet;

use scorewright_domain::{Event, Fault, Layer, Listener as _, TableName};
use scorewright_kpi::SoundMetrics;
use scorewright_project::{ProjectDraft, ProjectError, ProjectFiles, ProjectLocation};
use scorewright_warehouse::Session;

use crate::clock;
use crate::console::Console;
use crate::declared_tables::declared;
use crate::exit::{ExitStatus, Failure};
use crate::reports::{sample, within_memory};
use crate::run::freshness::notice_unknown_reach;
use crate::run::notice_unclaimed;
use crate::utc_days::notice_utc_days;
use crate::version::faults_against_newest;

/// Reads everything, plans all SQL against the columns the sources declare, and names every fault.
pub(crate) fn check(location: &ProjectLocation, console: &Console) -> Result<ExitStatus, Failure> {
    let draft = ProjectDraft::of(ProjectFiles::read(&location.project)?, location);
    let faults = faults(&draft, console)?;
    if !faults.is_empty() {
        return Err(ProjectError::from(faults).into());
    }
    let project = draft.project;
    notice_utc_days(&project, console);
    notice_unclaimed(&project, console);
    notice_unknown_reach(&project, console);
    for message in sample::pages_not_attached(&project, clock::today(&project.zone)) {
        console.on_event(Event::Noticed { message });
    }
    let models = &project.pipeline.models;
    let seeds = models.iter().filter(|model| *model.name.layer() == Layer::Seed).count();
    console.answer(&format!(
        "fine: {} sources, {}{} models, {} checks of your own, {} metrics, {} targets, {} benchmarks, {} reports",
        project.sources.len(),
        if seeds == 0 { String::new() } else { format!("{seeds} seeds, ") },
        models.len() - seeds,
        project.pipeline.checks.len(),
        project.metrics.len(),
        project.targets.len(),
        project.benchmarks.len(),
        project.reports.len()
    ));
    Ok(ExitStatus::Done)
}

/// Every fault: of each file by itself, of its SQL, of its pages, and against what was published.
fn faults(draft: &ProjectDraft, console: &Console) -> Result<Vec<Fault>, Failure> {
    let ProjectDraft { project, broken_tables, broken_metrics, faults } = draft;
    let as_of = clock::today(&project.zone);
    let session = declared(project)?;
    let mut broken = broken_tables.clone();
    let mut all = faults.clone();
    all.extend(project.pipeline.plan(&session, project.midnight(as_of), &mut broken));
    all.extend(metric_faults(draft, &session, &broken));
    all.extend(within_memory(&project.folders.sql_limits, console, || {
        sample::faults(project, broken_metrics, as_of)
    }));
    match faults_against_newest(project) {
        Ok(against) => all.extend(against),
        Err(failure) => {
            console.notice_failure("the newest version cannot be compared with", &failure);
        }
    }
    Ok(all)
}

/// Faults of metrics over tables that can be made.
fn metric_faults(
    draft: &ProjectDraft,
    session: &Session,
    broken: &BTreeSet<TableName>,
) -> Vec<Fault> {
    let project = &draft.project;
    let sound = SoundMetrics { metrics: project.metrics.clone(), ..SoundMetrics::default() };
    let metrics = sound.without_tables(broken).metrics;
    let calendar = project.calendar(clock::today(&project.zone));
    match scorewright_kpi::plan(&metrics, session, &calendar) {
        Ok(()) => Vec::new(),
        Err(faults) => faults.all().to_vec(),
    }
}
