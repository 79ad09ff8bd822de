//! Extracts into raw tables, with books that balance.

mod as_of;
mod refused;
pub(crate) mod reload;
mod repeats;
mod replay;

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Event, Extract, Landing, LeftOutExtract, Listener, in_parallel};
use scorewright_extract::{
    AwaitedExtract, HashCaches, MissingExtract, RefusedExtract, Source, SpoolGuard, listed,
    shortened,
};
use scorewright_warehouse::Transaction;

use crate::arrivals::Arrivals;
use crate::buffer::MemoryBudget;
use crate::error::IngestError;
use crate::left_out::{know_contents, left_out};
use crate::load::{LoadContext, LoadOutcome, Loaded, load};
use crate::plan::{Plan, plans};
use crate::undeclared;
pub use refused::LandStop;
use refused::{held_back, remove_outdated_rows, stop};

/// Memory for rows on their way into tables: rows that do not fit are encoded, encoded ones go to disk.
const IN_MEMORY: usize = 48 << 20;
const ENCODED: usize = 16 << 20;

/// Sources landed at the same time: while one waits for its last file, others go on.
const WORKERS: usize = 2;

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
    /// Why nothing may be published, where a refused extract is not to be left out.
    pub stop: Option<LandStop>,
    /// Whether any table changed.
    pub is_changed: bool,
}

/// Lands everything new of the given sources.
///
/// - Writes `raw.<source>` and `quarantine.<source>` of every source with something new, `history.<source>` where it
///   keeps every version, and the books of all extracts; what is not new is not touched, nor read.
/// - `as_of`: the instant of which `raw.<source>` shows the versions, where a source keeps them: the midnight at which the
///   day of the run begins. Another instant than before may show others although nothing is new.
/// - A file is known by its content: the same again, under any name, adds nothing. Another content under the same
///   name replaces the former rows. Rows of files that are no longer there stay.
/// - A source of which a table is missing is read again, as late as its extracts were. Whoever takes a table out makes sure
///   that all of them are among [`LandReport::landings`]: rows of extracts that are gone are not there any more.
/// - A refused extract lands nothing. Where its source goes on without it, the snapshot names it among those that are
///   left out; where the source keeps what it had, its other new extracts are held back too.
/// - The books of an extract say what is in the tables now: when a later file supersedes a row, the row moves in
///   the books of the file it came from.
///
/// # Errors
///
/// [`IngestError::NoFolder`], [`IngestError::Warehouse`] and [`IngestError::CannotCarry`]; the transaction is then
/// to be dropped.
pub fn land(
    sources: &[Source],
    arrivals: Arrivals<'_>,
    as_of: Timestamp,
    transaction: &mut Transaction,
    listener: &dyn Listener,
) -> Result<LandReport, IngestError> {
    let _emptied = SpoolGuard::of(transaction.root());
    let caches = HashCaches::read(transaction.root());
    let mut plans = plans(sources, arrivals, &caches, transaction.snapshot())?;
    let items = plans.iter().map(Plan::bytes).sum();
    listener.on_event(Event::StepStarted { step: "land", items });
    let mut report = LandReport::default();
    for plan in &mut plans {
        report.refused.append(&mut plan.refused);
        report.awaited.append(&mut plan.awaited);
        report.missing.extend(plan.missing.take());
    }
    report.refused.iter().for_each(|refused| listener.on_event(refused_event(refused)));
    let (plans, idle): (Vec<Plan>, Vec<Plan>) =
        plans.into_iter().partition(|plan| !plan.is_nothing());
    let budget = MemoryBudget::new(IN_MEMORY, ENCODED);
    let context = LoadContext { transaction, limits: arrivals.limits, budget: &budget, listener };
    let loaded = in_parallel(&plans, WORKERS, Plan::weight, |plan| {
        let source = || plan.source.name.clone();
        listener.on_event(Event::SourceStarted { source: source() });
        let loaded = load(plan, context);
        listener.on_event(Event::SourceFinished { source: source() });
        loaded.inspect(|outcome| know_contents(plan, &outcome.refused))
    });
    for plan in &plans {
        caches.note(&plan.read);
    }
    caches.keep();
    let mut is_loaded: BTreeSet<&str> = BTreeSet::new();
    for (plan, outcome) in plans.iter().zip(loaded) {
        let outcome = held_back(plan, outcome?, &report.refused);
        emit(plan, &outcome, listener);
        is_loaded.extend(outcome.loaded.as_ref().map(|_| plan.source.name.as_str()));
        put(plan.source, outcome, transaction, &mut report);
    }
    for source in sources.iter().filter(|source| source.has_history()) {
        let is_loaded = is_loaded.contains(source.name.as_str());
        report.is_changed |= as_of::show(source, as_of, is_loaded, transaction)?;
    }
    if let Some(event) = replay::notice(sources, as_of, transaction.snapshot()) {
        listener.on_event(event);
    }
    report.stop = stop(sources, &report.refused, transaction.snapshot());
    if !arrivals.is_landed_only {
        let still = arrivals.still_left_out(&transaction.snapshot().left_out);
        let out = plans.iter().chain(&idle).flat_map(|plan| left_out(plan, &report.refused));
        let mut out: Vec<LeftOutExtract> = out.chain(still.iter().cloned()).collect();
        out.sort();
        transaction.set_left_out(out);
        remove_outdated_rows(&report.refused, &still, transaction)?;
    }
    listener.on_event(Event::StepFinished { step: "land" });
    Ok(report)
}

/// Says what landed of a source, and what a person should know of it.
fn emit(plan: &Plan, outcome: &LoadOutcome, listener: &dyn Listener) {
    outcome.refused.iter().for_each(|refused| listener.on_event(refused_event(refused)));
    for (loaded, landing) in outcome.loaded.iter().flat_map(each_fresh) {
        listener.on_event(landed_event(landing));
        let undeclared = undeclared::notice(plan.source, landing, &plan.former);
        restated(plan, landing)
            .into_iter()
            .chain(undeclared)
            .chain(repeats::notice(landing, loaded))
            .chain(rounded(landing))
            .chain(unmet(plan, landing))
            .for_each(|event| listener.on_event(event));
    }
}

fn each_fresh(loaded: &Loaded) -> impl Iterator<Item = (&Loaded, &Landing)> {
    loaded.fresh.iter().map(move |landing| (loaded, landing))
}

fn put(
    source: &Source,
    outcome: LoadOutcome,
    transaction: &mut Transaction,
    report: &mut LandReport,
) {
    report.refused.extend(outcome.refused);
    let Some(loaded) = outcome.loaded else { return };
    if source.has_history() {
        transaction.put(&source.history_table(), loaded.table);
    } else {
        transaction.remove(&source.history_table());
        transaction.put(&source.raw_table(), loaded.table);
    }
    transaction.put(&source.quarantine_table(), loaded.quarantine);
    let mut landings = transaction.snapshot().landings.clone();
    landings.retain(|landing| landing.extract.source != source.name);
    landings.extend(loaded.landings);
    landings.sort_by(|left, right| {
        (&left.extract.source, &left.extract.file)
            .cmp(&(&right.extract.source, &right.extract.file))
    });
    transaction.set_landings(landings);
    report.landings.extend(loaded.fresh);
    report.is_changed = true;
}

/// Says that a delivery took the place of another.
fn restated(plan: &Plan, landing: &Landing) -> Option<Event> {
    let replaced = &landing.replaced.last()?.fingerprint;
    let before = plan.former.iter().find(|former| former.extract.fingerprint == *replaced)?;
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

/// Says that numbers are not stored as they were received.
fn rounded(landing: &Landing) -> Option<Event> {
    let Extract { source, file, .. } = &landing.extract;
    (landing.rounded > 0).then(|| Event::Noticed {
        message: format!(
            "{} numbers of extract `{}` of source `{source}` were rounded, as `round` says",
            landing.rounded,
            file.display()
        ),
    })
}

/// Names paths that lead to nothing in any row of the first file: later ones may well have no value there.
fn unmet(plan: &Plan, landing: &Landing) -> Option<Event> {
    const SHOWN: usize = 20;
    let column = |name: &String| {
        let column = plan.source.columns.get(name).filter(|column| !column.optional)?;
        Some(format!("`{}`", shortened(column.names(name)[0])))
    };
    let paths: Vec<String> = landing.unmet_columns.iter().filter_map(column).collect();
    let is_first = plan.former.is_empty() && landing.books.read > 0;
    (is_first && !paths.is_empty()).then(|| Event::Noticed {
        message: format!(
            "no row of extract `{}` of source `{}` has anything at {}: correct `from`, or set `optional = true`",
            landing.extract.file.display(),
            plan.source.name,
            listed(paths.into_iter(), SHOWN, 0)
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
