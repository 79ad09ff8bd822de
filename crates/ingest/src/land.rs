//! Extracts into raw tables, with books that balance.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use jiff::Timestamp;
use scorewright_domain::{Books, Event, Extract, Landing, Listener, TableName};
use scorewright_durable::DurableError;
use scorewright_warehouse::{Table, Transaction, WarehouseError};

use crate::arrival::AwaitedExtract;
use crate::contract;
use crate::lanes;
use crate::limits::Limits;
use crate::place::Spool;
use crate::plan::{Hints, Plan, plans};
use crate::refusal::{MissingExtract, RefusedExtract};
use crate::room::Room;
use crate::settle::{Setting, Settled, settle};
use crate::source::Source;

/// Memory for rows on their way into tables. Loose rows that do not fit are packed, packed ones go to disk.
const LOOSE: usize = 48 << 20;
const PACKED: usize = 16 << 20;

/// Sources landed at the same time: while one waits for its last file, others go on.
const LANES: usize = 2;

/// What a call of [`land`] did.
#[derive(Debug, Default)]
pub struct LandReport {
    /// Extracts that landed in this call, with their books. The books of all extracts are in the snapshot.
    pub landings: Vec<Landing>,
    /// Extracts refused whole.
    pub refused: Vec<RefusedExtract>,
    /// Files that are there and have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Sources without any extract.
    pub missing: Vec<MissingExtract>,
    /// Whether any table changed.
    pub is_changed: bool,
}

/// Landing cannot go on. A bad file is no such error: it is [refused](RefusedExtract).
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum IngestError {
    /// The extracts folder cannot be listed.
    #[error("the extracts folder `{}` cannot be read", path.display())]
    #[diagnostic(help(
        "create it, or point `extracts` of `scorewright.toml` or `--extracts` to it"
    ))]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A hint beside the warehouse cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Hints(#[from] DurableError),
    /// The warehouse cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Warehouse(#[from] WarehouseError),
    /// Rows of an extract that is no longer there do not fit the source's new types.
    #[error("rows of earlier extracts of source `{of}` do not fit its column `{column}` any more")]
    #[diagnostic(help(
        "their extracts are not in the extracts folder, so they cannot be read again: put them back, or restore the column's type"
    ))]
    CannotCarry {
        /// The source.
        of: String,
        /// The column.
        column: String,
        /// Which value does not fit.
        source: ArrowError,
    },
    /// Rows that do not fit into memory cannot be written aside.
    #[error("rows of source `{of}` cannot be written aside")]
    #[diagnostic(help("check that the disk of the warehouse has room; then run again"))]
    Scratch {
        /// The source.
        of: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// A row was lost or doubled: a bug.
    #[error("the books of extract `{}` of source `{of}` do not balance: {books:?}", file.display())]
    #[diagnostic(help("this is a bug in scorewright; nothing was published"))]
    Unbalanced {
        /// The source.
        of: String,
        /// The extract.
        file: PathBuf,
        /// Its books.
        books: Box<Books>,
    },
    /// Columns do not fit together: a bug.
    #[error("the rows of source `{of}` cannot be put together")]
    #[diagnostic(help("this is a bug in scorewright; nothing was published"))]
    Rows {
        /// The source.
        of: String,
        /// What does not fit.
        source: ArrowError,
    },
}

/// Lands everything new of the given sources.
///
/// - Writes `raw.<source>` and `quarantine.<source>` of every source with something new, and the books of all
///   extracts; what is not new is not touched, nor read.
/// - A file is known by its content: the same again, under any name, adds nothing. Another content under the same
///   name replaces the former rows. Rows of files that are no longer there stay.
/// - `now`: the moment by which an extract must have [arrived](crate::Arrival); what has not is left to a later call.
/// - The books of an extract say what is in the tables now: when a later file supersedes a row, the row moves in
///   the books of the file it came from.
///
/// # Errors
///
/// [`IngestError::NoFolder`], [`IngestError::Warehouse`] and [`IngestError::CannotCarry`]; the transaction is then
/// to be dropped.
pub fn land(
    sources: &[Source],
    extracts: &Path,
    limits: &Limits,
    now: Timestamp,
    transaction: &mut Transaction,
    listener: &dyn Listener,
) -> Result<LandReport, IngestError> {
    let _emptied = Spool::emptied_after(transaction.root());
    let hints = Hints::read(transaction.root());
    let mut plans = plans(sources, extracts, &hints, transaction.snapshot(), limits, now)?;
    let items = plans.iter().map(Plan::bytes).sum();
    listener.on_event(Event::StepStarted { step: "land", items });
    let mut report = LandReport::default();
    for plan in &mut plans {
        report.refused.append(&mut plan.refused);
        report.awaited.append(&mut plan.awaited);
        report.missing.extend(plan.missing.take());
    }
    report.refused.iter().for_each(|refused| listener.on_event(refused_event(refused)));
    plans.retain(|plan| !plan.is_nothing());
    let room = Room::new(LOOSE, PACKED);
    let setting = Setting { transaction, limits, room: &room, listener };
    let settled = lanes::each(&plans, LANES, Plan::weight, |plan| {
        let source = || plan.source.name.clone();
        listener.on_event(Event::SourceStarted { source: source() });
        let settled = settle(plan, setting);
        listener.on_event(Event::SourceFinished { source: source() });
        settled
    });
    for plan in &plans {
        hints.note(&plan.read);
    }
    hints.keep()?;
    for (plan, settled) in plans.iter().zip(settled) {
        let settled = settled?;
        settled.refused.iter().for_each(|refused| listener.on_event(refused_event(refused)));
        for landing in &settled.fresh {
            listener.on_event(landed_event(landing));
            let restated = restated(plan, landing);
            let undeclared = contract::notice(plan.source, landing, &plan.former);
            restated.into_iter().chain(undeclared).for_each(|said| listener.on_event(said));
        }
        put(plan.source, settled, transaction, &mut report);
    }
    listener.on_event(Event::StepFinished { step: "land" });
    Ok(report)
}

fn put(source: &Source, settled: Settled, transaction: &mut Transaction, report: &mut LandReport) {
    report.refused.extend(settled.refused);
    let Some(tables) = settled.tables else { return };
    let set = |transaction: &mut Transaction, layer: &str, table: Table| {
        let name = TableName::new(layer, &source.name)
            .expect("a source's name is verified when it is read");
        transaction.put(&name, table);
    };
    set(transaction, "raw", tables.raw);
    set(transaction, "quarantine", tables.quarantine);
    let mut landings = transaction.snapshot().landings.clone();
    landings.retain(|landing| landing.extract.source != source.name);
    landings.extend(settled.landings);
    landings.sort_by(|left, right| {
        (&left.extract.source, &left.extract.file)
            .cmp(&(&right.extract.source, &right.extract.file))
    });
    transaction.set_landings(landings);
    report.landings.extend(settled.fresh);
    report.is_changed = true;
}

/// Says that a delivery took the place of another.
fn restated(plan: &Plan, landing: &Landing) -> Option<Event> {
    let replaces = landing.replaces.as_ref()?;
    let before = plan.former.iter().find(|former| former.extract.fingerprint == *replaces)?;
    let Extract { source, file, .. } = &landing.extract;
    Some(Event::Noticed {
        message: format!(
            "extract `{}` of source `{source}` restates `{}`: {} rows where there were {}",
            file.display(),
            before.extract.file.display(),
            landing.books.read,
            before.books.read
        ),
    })
}

fn refused_event(refused: &RefusedExtract) -> Event {
    Event::ExtractRefused {
        source: refused.of.clone(),
        file: refused.file.to_string_lossy().into_owned(),
        reason: refused.why.to_string(),
    }
}

fn landed_event(landing: &Landing) -> Event {
    Event::ExtractLanded {
        source: landing.extract.source.clone(),
        file: landing.extract.file.to_string_lossy().into_owned(),
        read: landing.books.read,
        accepted: landing.books.accepted,
        quarantined: landing.books.quarantined,
    }
}

#[cfg(test)]
mod tests;
