//! Tables of the newest version of which a file is missing or cut off: what a run can make again it does not take over.

use std::collections::BTreeSet;
use std::path::Path;

use scorewright_domain::{Event, Landing, Layer, Listener as _, TableName};
use scorewright_project::Project;
use scorewright_warehouse::{Snapshot, Transaction};

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// A damaged table that no run can make again.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("a file of `{table}` is missing or cut off, and the table cannot be made again: {why}")]
#[diagnostic(help(
    "restore the file from a backup, or go back to a whole version: `scorewright verify` says which files and versions these are, `scorewright rollback` goes back"
))]
struct LostTable {
    table: TableName,
    why: String,
}

/// Whether a file of a table of a version is missing or cut off.
pub(crate) fn is_damaged(project: &Project, snapshot: &Snapshot) -> Result<bool, Failure> {
    Ok(!project.folders.warehouse().damaged_tables(snapshot)?.is_empty())
}

/// Takes damaged tables out of a transaction, so that landing, building and measuring make them again.
pub(super) fn take_out_damaged(
    project: &Project,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let damaged = project.folders.warehouse().damaged_tables(transaction.snapshot())?;
    let mut sources = BTreeSet::new();
    for table in &damaged {
        if table.layer().is_landed() {
            refuse_lost_rows(project, transaction.snapshot(), table)?;
            sources.insert(table.noun().to_owned());
        } else {
            refuse_unknown_figures(project, table)?;
            transaction.take_out(table);
        }
        let message = format!("`{table}` is made again: a file of it is missing or cut off");
        console.on_event(Event::Noticed { message });
    }
    sources.iter().for_each(|source| transaction.take_out_source(source));
    Ok(())
}

/// Refuses to read a source again of which an extract is not there any more: its rows would be gone.
fn refuse_lost_rows(
    project: &Project,
    newest: &Snapshot,
    table: &TableName,
) -> Result<(), Failure> {
    let of_source = |landing: &&Landing| landing.extract.source == table.noun();
    let mut landings = newest.landings.iter().filter(of_source);
    let lost = landings.find(|landing| !is_there(&project.folders.extracts, landing));
    let Some(lost) = lost else { return Ok(()) };
    let why = format!("the extract `{}` is not there as it landed", lost.extract.file.display());
    Err(lost_table(table, why))
}

/// Refuses to measure again without what was shown of few people: differences to it could tell of them.
fn refuse_unknown_figures(project: &Project, table: &TableName) -> Result<(), Failure> {
    let is_about_few = project.metrics.iter().any(|metric| metric.minimum_group.is_some());
    if *table.layer() != Layer::Kpi || table.noun() != "value" || !is_about_few {
        return Ok(());
    }
    Err(lost_table(table, "it says what was shown of few people (`minimum_group`)".into()))
}

fn lost_table(table: &TableName, why: String) -> Failure {
    Failure::new(ExitStatus::InputOutput, LostTable { table: table.clone(), why })
}

/// Whether the file of an extract is there, with its length. What lies in an object store is not looked for.
fn is_there(extracts: &Path, landing: &Landing) -> bool {
    let found = std::fs::metadata(extracts.join(&landing.extract.file));
    found.is_ok_and(|found| found.is_file() && found.len() == landing.extract.bytes)
}
