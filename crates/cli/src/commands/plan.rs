//! `scorewright plan`: what the next run would make anew, and why.

use scorewright_domain::TableName;
use scorewright_project::{Project, ProjectLocation};
use scorewright_transform::{FormerVersion, PlannedModel, RebuildReason};
use scorewright_warehouse::Transaction;

use crate::arguments::{PlanOptions, StatusFormat};
use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::run::{check_profile, prepare};

/// Lands what is new as a run would, asks each model whether it would be made anew, and leaves everything as it was.
pub(crate) fn plan(
    location: &ProjectLocation,
    options: &PlanOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    let mut transaction = project.folders.warehouse().begin()?;
    console.found_version(transaction.snapshot().number);
    check_profile(&project, transaction.snapshot())?;
    let planned = planned(&project, options, &mut transaction, console);
    transaction.abandon()?;
    let planned = planned?;
    match options.output {
        StatusFormat::Text => console.answer(&text(&planned)),
        StatusFormat::Json => console.answer(&json(&planned)),
    }
    Ok(ExitStatus::Done)
}

fn planned(
    project: &Project,
    options: &PlanOptions,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<Vec<PlannedModel>, Failure> {
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    let before = transaction.snapshot().clone();
    prepare(project, as_of, transaction, console)?;
    let former =
        FormerVersion { snapshot: &before, as_of: before.as_of.map(|day| project.midnight(day)) };
    Ok(project.pipeline.planned(former, transaction.snapshot(), project.midnight(as_of)))
}

fn text(planned: &[PlannedModel]) -> String {
    let is_made = |model: &&PlannedModel| !model.reasons.is_empty();
    let made: Vec<&PlannedModel> = planned.iter().filter(is_made).collect();
    let widest = made.iter().map(|model| model.table.to_string().len()).max().unwrap_or(0);
    let line = |model: &&PlannedModel| {
        let why = model.reasons.iter().map(words).collect::<Vec<_>>().join("; ");
        format!("build  {:widest$}  {why}\n", model.table.to_string())
    };
    let kept = planned.len() - made.len();
    let kept = format!("keep   {kept} {}\n", if kept == 1 { "table" } else { "tables" });
    made.iter().map(line).chain([kept]).collect()
}

fn words(reason: &RebuildReason) -> String {
    match reason {
        RebuildReason::New => "new".into(),
        RebuildReason::Edited => "edited: its files, or what they name of the project".into(),
        RebuildReason::Reads(tables) => format!("reads {}", names(tables).join(", ")),
        RebuildReason::Day => "rebuilt whole: asks for the day".into(),
    }
}

fn names(tables: &[TableName]) -> Vec<String> {
    tables.iter().map(ToString::to_string).collect()
}

/// One object a line, in the order of the build.
fn json(planned: &[PlannedModel]) -> String {
    let line = |model: &PlannedModel| {
        let reads = model.reasons.iter().find_map(|reason| match reason {
            RebuildReason::Reads(tables) => Some(names(tables)),
            _ => None,
        });
        let object = serde_json::json!({
            "table": model.table.to_string(),
            "build": !model.reasons.is_empty(),
            "new": model.reasons.contains(&RebuildReason::New),
            "edited": model.reasons.contains(&RebuildReason::Edited),
            "asks_for_the_day": model.reasons.contains(&RebuildReason::Day),
            "changed_inputs": reads.unwrap_or_default(),
        });
        format!("{object}\n")
    };
    planned.iter().map(line).collect()
}
