//! Tables of the newest version of which a file is missing or cut off: what a run can make again it does not take over.

use std::collections::BTreeSet;

use scorewright_domain::{Event, Fingerprint, Landing, Layer, Listener as _, TableName};
use scorewright_project::Project;
use scorewright_warehouse::{DamagedTable, Snapshot, Transaction, VerifyDepth};

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Why measured values are not measured again.
pub(super) const SHOWN_OF_FEW: &str =
    "it says what was shown of few people (`minimum_group`), which is not measured again";

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

/// What was taken out of a transaction because a file of it is damaged.
#[derive(Debug, Default)]
pub(crate) struct TakenOut {
    tables: Vec<TableName>,
    /// The books of the sources that are read again.
    pub(super) landings: Vec<Landing>,
}

/// Whether a file of a table of a version is missing or cut off.
pub(crate) fn is_damaged(project: &Project, snapshot: &Snapshot) -> Result<bool, Failure> {
    let damaged = project.folders.warehouse().damaged_tables(snapshot, VerifyDepth::Lengths)?;
    Ok(!damaged.is_empty())
}

/// Takes out tables of which a file is missing or cut off, so that landing, building and measuring make them again.
pub(crate) fn take_out_damaged(
    project: &Project,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<TakenOut, Failure> {
    let warehouse = project.folders.warehouse();
    let damaged = warehouse.damaged_tables(transaction.snapshot(), VerifyDepth::Lengths)?;
    for DamagedTable { table, .. } in &damaged {
        if is_of_few(project, table) {
            return Err(lost_table(table, SHOWN_OF_FEW.into()));
        }
        let message = format!("`{table}` is made again: a file of it is missing or cut off");
        console.on_event(Event::Noticed { message });
    }
    Ok(take_out(&damaged, transaction))
}

/// Takes tables out of a transaction; of a source, all that has landed.
pub(super) fn take_out(damaged: &[DamagedTable], transaction: &mut Transaction) -> TakenOut {
    let tables: Vec<TableName> = damaged.iter().map(|damaged| damaged.table.clone()).collect();
    let (landed, made): (Vec<&TableName>, Vec<&TableName>) =
        tables.iter().partition(|table| table.layer().is_landed());
    let sources: BTreeSet<&str> = landed.iter().map(|table| table.noun()).collect();
    let is_read_again = |landing: &&Landing| sources.contains(landing.extract.source.as_str());
    let landings = transaction.snapshot().landings.iter().filter(is_read_again);
    let landings = landings.cloned().collect();
    for table in made {
        transaction.take_out(table);
    }
    for source in sources {
        transaction.take_out_source(source);
    }
    TakenOut { tables, landings }
}

impl TakenOut {
    /// Whether nothing was damaged.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Refuses to go on without rows of an extract that was not read again.
    ///
    /// - `fresh`: what was read.
    pub(super) fn refuse_lost_rows(
        &self,
        project: &Project,
        fresh: &[Landing],
    ) -> Result<(), Failure> {
        let is_of_project = |landing: &&&Landing| {
            project.sources.iter().any(|source| source.name == landing.extract.source)
        };
        let lost = self.not_read_again(fresh);
        let Some(lost) = lost.iter().find(is_of_project) else { return Ok(()) };
        let is_its_own =
            |table: &&TableName| table.layer().is_landed() && table.noun() == lost.extract.source;
        let table = self.tables.iter().find(is_its_own).expect("its source was taken out");
        Err(lost_table(table, not_there(lost)))
    }

    /// Extracts of sources that were taken out which were neither read again nor restated.
    pub(super) fn not_read_again(&self, fresh: &[Landing]) -> Vec<&Landing> {
        let read = |landing: &Landing| {
            let replaced = landing.replaced.iter().map(|content| content.fingerprint.clone());
            let contents = replaced.chain([landing.extract.fingerprint.clone()]);
            let source = landing.extract.source.clone();
            contents.map(move |content| (source.clone(), content)).collect::<Vec<_>>()
        };
        let read: BTreeSet<(String, Fingerprint)> = fresh.iter().flat_map(read).collect();
        let is_lost = |landing: &&Landing| {
            let extract = &landing.extract;
            !read.contains(&(extract.source.clone(), extract.fingerprint.clone()))
        };
        self.landings.iter().filter(is_lost).collect()
    }
}

/// Whether a table says what was shown of few people: differences to what is measured anew could tell of them.
pub(super) fn is_of_few(project: &Project, table: &TableName) -> bool {
    let has_few = project.metrics.iter().any(|metric| metric.minimum_group.is_some());
    *table.layer() == Layer::Kpi && table.noun() == "value" && has_few
}

/// Why rows of an extract cannot be read again.
pub(super) fn not_there(landing: &Landing) -> String {
    format!("the extract `{}` is not there as it landed", landing.extract.file.display())
}

fn lost_table(table: &TableName, why: String) -> Failure {
    Failure::new(ExitStatus::InputOutput, LostTable { table: table.clone(), why })
}
