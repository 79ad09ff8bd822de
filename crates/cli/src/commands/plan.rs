//! `scorewright plan`: what the next run would make anew, measure, render and send, and why.

use jiff::civil::Date;
use scorewright_project::{Project, ProjectLocation};
use scorewright_warehouse::Transaction;

use crate::arguments::{PlanOptions, StatusFormat};
use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::run::damaged_tables::{is_damaged, take_out_damaged};
use crate::run::make::land_new;
use crate::run::nothing_new::awaited_alone;
use crate::run::request::RunRequest;
use crate::run::{check_measured, check_profile, freshness};
use crate::run_plan::RunPlan;

/// Lands what is new as a run would, asks what would come of it, and leaves everything as it was.
pub(crate) fn plan(
    location: &ProjectLocation,
    options: &PlanOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    let mut transaction = project.folders.warehouse().begin()?;
    console.found_version(transaction.snapshot().number);
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    let planned = planned(&project, as_of, &mut transaction, console);
    transaction.abandon()?;
    let planned = planned?;
    match options.output {
        StatusFormat::Text => console.answer(&planned.text()),
        StatusFormat::Json => console.answer(&planned.json()),
    }
    Ok(ExitStatus::Done)
}

fn planned(
    project: &Project,
    as_of: Date,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<RunPlan, Failure> {
    let newest = transaction.snapshot();
    check_profile(project, newest)?;
    check_measured(project, as_of)?;
    let is_whole = !is_damaged(project, newest)?;
    if is_whole && awaited_alone(project, newest, as_of)?.is_some() {
        return RunPlan::of_nothing_new(project, newest);
    }
    let taken_out = take_out_damaged(project, transaction, console)?;
    let before = transaction.snapshot().clone();
    land_new(project, &RunRequest::of_day(as_of), &taken_out, transaction, console)?;
    freshness::put(project, as_of, transaction, console)?;
    RunPlan::of_landed(project, as_of, &before, transaction)
}
