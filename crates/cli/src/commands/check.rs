//! `scorewright check`: every file of the project, without data.

use scorewright_project::{Project, ProjectError, ProjectLocation};
use scorewright_warehouse::Session;

use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::sample;
use crate::run::notice_unclaimed;

/// Reads everything, plans all SQL against the columns the sources declare, and names every fault.
pub(crate) fn check(location: &ProjectLocation, console: &Console) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    let session = Session::without_data()?;
    for source in &project.sources {
        session.declare(&source.raw_table(), scorewright_ingest::raw_schema(source))?;
        session.declare(&source.quarantine_table(), scorewright_ingest::quarantine_schema())?;
    }
    let as_of = clock::today(&project.zone);
    project.pipeline.plan(&session, project.midnight(as_of))?;
    scorewright_kpi::plan(&project.metrics, &session, &project.calendar(as_of))?;
    let faults = sample::faults(&project, as_of);
    if !faults.is_empty() {
        return Err(ProjectError::from(faults).into());
    }
    notice_unclaimed(&project, console);
    console.answer(&format!(
        "fine: {} sources, {} models, {} checks of your own, {} metrics, {} targets, {} benchmarks, {} reports",
        project.sources.len(),
        project.pipeline.models.len(),
        project.pipeline.checks.len(),
        project.metrics.len(),
        project.targets.len(),
        project.benchmarks.len(),
        project.reports.len()
    ));
    Ok(ExitStatus::Done)
}
