//! Raw tables into facts, as a step of a run.

use scorewright_domain::{Event, Listener as _};
use scorewright_project::Project;
use scorewright_transform::FailedModel;
use scorewright_warehouse::Transaction;

use super::request::RunRequest;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Builds and checks the models; anything unsound ends the run with every reason.
///
/// The version says which tables are behind where not all are built.
pub(super) fn build(
    project: &Project,
    request: &RunRequest<'_>,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let (as_of, shows_rows) = (project.midnight(request.as_of), request.shows_rows);
    console.on_event(Event::StepStarted {
        step: "build",
        items: project.pipeline.models.len() as u64,
    });
    let selected = request.selection.map(|selection| &selection.models);
    let report = project.pipeline.build_some(selected, transaction, as_of, console)?;
    let behind = selected.map(|_| project.pipeline.behind(transaction.snapshot(), as_of));
    transaction.set_behind(behind.unwrap_or_default());
    console.on_event(Event::StepFinished { step: "build" });
    if report.is_sound() {
        return Ok(());
    }
    let status = status_of(&report.failed);
    let told = |failed: FailedModel| if shows_rows { failed } else { failed.without_rows() };
    Err(Failure::all(status, report.failed.into_iter().map(told)))
}

/// A limit that is exceeded, or a damaged file, leaves the other faults unknown; SQL that does not run is mended in the project, rows at
/// their source.
fn status_of(failed: &[FailedModel]) -> ExitStatus {
    let exceeds =
        |failed: &FailedModel| matches!(failed, FailedModel::Sql(fault) if fault.is_of_machine());
    let is_slip = |failed: &FailedModel| matches!(failed, FailedModel::Sql(_));
    if failed.iter().any(exceeds) {
        ExitStatus::InputOutput
    } else if failed.iter().all(is_slip) {
        ExitStatus::Configuration
    } else {
        ExitStatus::DataRefused
    }
}
