//! Raw tables into facts, as a step of a run.

use jiff::civil::Date;
use scorewright_domain::{Event, Listener as _};
use scorewright_project::Project;
use scorewright_transform::FailedModel;
use scorewright_warehouse::Transaction;

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Builds and checks the models; anything unsound ends the run with every reason.
///
/// - `shows_rows`: whether rows that a failed check is about are shown.
pub(super) fn build(
    project: &Project,
    as_of: Date,
    shows_rows: bool,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    console.on_event(Event::StepStarted {
        step: "build",
        items: project.pipeline.models.len() as u64,
    });
    let report = project.pipeline.build(transaction, project.midnight(as_of), console)?;
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
