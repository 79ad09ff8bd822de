//! SQL that takes days in UTC, told before it shifts a figure.

use std::collections::BTreeSet;

use scorewright_domain::Fault;
use scorewright_project::{Project, ProjectFiles};
use scorewright_warehouse::{Snapshot, WarehouseError};

use crate::clock;
use crate::console::Console;
use crate::declared_tables::declared;
use crate::exit::Failure;

/// Tells where models, checks and metrics take the day of an instant in UTC, as far as their SQL can be planned.
pub(crate) fn notice_utc_days(project: &Project, console: &Console) {
    if let Ok(warnings) = utc_days(project) {
        for warning in &warnings {
            console.notice_fault(warning);
        }
    }
}

/// The same for a run, of a project that is not the one of the version before.
pub(crate) fn notice_new_utc_days(project: &Project, newest: &Snapshot, console: &Console) {
    if changed_since(project, newest).unwrap_or(true) {
        notice_utc_days(project, console);
    }
}

fn changed_since(project: &Project, newest: &Snapshot) -> Result<bool, Failure> {
    let kept = project.folders.warehouse().project_files(newest)?.and_then(ProjectFiles::kept);
    Ok(kept.is_none_or(|kept| !project.files.changes_since(&kept).is_empty()))
}

fn utc_days(project: &Project) -> Result<Vec<Fault>, WarehouseError> {
    let session = declared(project)?;
    let today = clock::today(&project.zone);
    let (midnight, mut broken) = (project.midnight(today), BTreeSet::new());
    // Its faults are told by `check`, or end the run.
    let _faults = project.pipeline.plan(&session, midnight, &mut broken);
    let mut warnings = project.pipeline.utc_days(&session, midnight, &broken);
    let is_sound = |fact: &scorewright_domain::TableName| !broken.contains(fact);
    let metrics = project.metrics.iter().filter(|metric| metric.fact().iter().all(is_sound));
    let metrics: Vec<_> = metrics.cloned().collect();
    warnings.extend(scorewright_kpi::utc_days(&metrics, &session, &project.calendar(today)));
    Ok(warnings)
}
