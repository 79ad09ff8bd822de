//! One source: its new files read, brought together with what is there, written, and accounted for.

mod books;
mod carry;
mod write;

use scorewright_domain::{Landing, Listener, QuarantinedRow};
use scorewright_warehouse::{Table, Transaction};

use crate::discover::Present;
use crate::format::{self, Place};
use crate::land::IngestError;
use crate::limits::Limits;
use crate::merge::{Merged, Piece, merge};
use crate::plan::Plan;
use crate::quarantine::Reason;
use crate::refusal::{self, Refusal, RefusedExtract};
use crate::rows::{FileRows, Rows};
use crate::source::Source;
use crate::workers;

/// What became of one source.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Its tables; `None` when they stay as they are.
    pub(crate) tables: Option<Tables>,
    /// Its books, all of them.
    pub(crate) landings: Vec<Landing>,
    /// Those of the files read now.
    pub(crate) fresh: Vec<Landing>,
    pub(crate) refused: Vec<RefusedExtract>,
}

#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) raw: Table,
    pub(crate) quarantine: Table,
}

/// A file that was read and may land.
pub(crate) struct Candidate<'a> {
    pub(crate) file: &'a Present,
    pub(crate) rows: FileRows,
}

/// Does what a plan says.
pub(crate) fn settle(
    plan: &Plan,
    transaction: &Transaction,
    limits: &Limits,
    listener: &dyn Listener,
) -> Result<Settled, IngestError> {
    let mut settled = Settled::default();
    let mut candidates = Vec::new();
    let read = workers::each(&plan.read, |file| read(file, plan.source, limits, listener));
    for (file, rows) in plan.read.iter().zip(read) {
        match rows {
            Ok(rows) => candidates.push(Candidate { file, rows }),
            Err(why) => settled.refused.push(refused(plan, file, why)),
        }
    }
    let mut there = None;
    loop {
        let files: Vec<&Present> = candidates.iter().map(|candidate| candidate.file).collect();
        let stay: Vec<&Landing> = plan.former.iter().filter(|former| plan.stays(former, &files)).collect();
        let is_same = candidates.is_empty() && stay.len() == plan.former.len() && !plan.is_source_changed;
        if is_same {
            return Ok(settled);
        }
        let there = match &there {
            Some(there) => there,
            None => there.insert(carry::there(plan, transaction)?),
        };
        let pieces = pieces(there, &stay, &candidates);
        let merged = merge(plan.source, &pieces);
        match conflicts(plan.source, &candidates, &merged, limits) {
            Ok(conflicts) => {
                let outcome =
                    Outcome { plan, stay, candidates: &candidates, pieces: &pieces, merged, conflicts };
                outcome.write(there, transaction, &mut settled)?;
                return Ok(settled);
            }
            Err(refusal) => {
                let (index, why) = *refusal;
                let candidate = candidates.remove(index);
                settled.refused.push(refused(plan, candidate.file, why));
            }
        }
    }
}

/// Everything that is known when the tables are written.
pub(crate) struct Outcome<'a> {
    pub(crate) plan: &'a Plan<'a>,
    /// Former landings whose rows stay.
    pub(crate) stay: Vec<&'a Landing>,
    pub(crate) candidates: &'a [Candidate<'a>],
    pub(crate) pieces: &'a [Piece],
    pub(crate) merged: Merged,
    /// Rows that the merge sets aside.
    pub(crate) conflicts: Vec<QuarantinedRow>,
}

fn refused(plan: &Plan, file: &Present, why: Refusal) -> RefusedExtract {
    RefusedExtract { of: plan.source.name.clone(), file: file.extract.file.clone(), why }
}

fn read(
    file: &Present,
    source: &Source,
    limits: &Limits,
    listener: &dyn Listener,
) -> Result<FileRows, Refusal> {
    let mut rows = Rows::new(source, &file.name(), limits, listener);
    format::of(source.format).read(file, source, limits, &mut rows)?;
    let rows = rows.finish()?;
    if !file.is_unchanged() {
        return Err(Refusal::Changed);
    }
    if rows.read == 0 {
        return Err(Refusal::NoRows);
    }
    tolerated(source, &rows, &[])?;
    Ok(rows)
}

/// Refuses a file that has more bad rows than its source tolerates.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn tolerated(source: &Source, rows: &FileRows, conflicts: &[Place]) -> Result<(), Refusal> {
    let bad = (rows.quarantined.len() + conflicts.len()) as u64;
    if bad as f64 <= rows.read as f64 * source.tolerate {
        return Ok(());
    }
    let mut reasons = rows.reasons.clone();
    for place in conflicts {
        refusal::count(&mut reasons, Reason::ConflictingKey, place.line, None);
    }
    Err(Refusal::TooManyBadRows { bad, read: rows.read, tolerate: source.tolerate, reasons })
}

/// Rows that stay and rows that are new, in the order of precedence.
fn pieces(there: &carry::There, stay: &[&Landing], candidates: &[Candidate]) -> Vec<Piece> {
    let is_kept = |file: &str| stay.iter().any(|landing| landing.extract.file.to_string_lossy() == file);
    let kept = there.pieces.iter().filter(|piece| is_kept(&piece.file)).cloned();
    let new = candidates.iter().flat_map(|candidate| {
        let file = candidate.file.name();
        candidate.rows.batches.iter().map(move |rows| Piece { file: file.clone(), rows: rows.clone() })
    });
    kept.chain(new).collect()
}

/// The rows that the merge sets aside, as they were received; or the file that has too many of them.
fn conflicts(
    source: &Source,
    candidates: &[Candidate],
    merged: &Merged,
    limits: &Limits,
) -> Result<Vec<QuarantinedRow>, Box<(usize, Refusal)>> {
    let mut found = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let file = candidate.file.name();
        let places = merged.tallies.get(&file).map_or(&[][..], |tally| &tally.conflicts);
        if places.is_empty() {
            continue;
        }
        let texts = tolerated(source, &candidate.rows, places)
            .and_then(|()| format::of(source.format).show(candidate.file, source, limits, places))
            .map_err(|why| Box::new((index, why)))?;
        found.extend(texts.into_iter().zip(places).map(|(raw, place)| conflict(&file, *place, raw)));
    }
    Ok(found)
}

pub(crate) fn conflict(file: &str, place: Place, raw: String) -> QuarantinedRow {
    QuarantinedRow {
        file: file.to_owned(),
        line: place.line,
        byte: place.byte,
        length: place.length,
        column: None,
        reason: Reason::ConflictingKey.code().into(),
        raw,
    }
}
