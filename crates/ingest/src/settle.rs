//! One source: its new files read, brought together with what is there, written, and accounted for.

mod adapt;
mod aside;
mod books;
mod carry;
mod output;
mod write;

#[cfg(test)]
pub(crate) use output::Output;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::error::ArrowError;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use scorewright_domain::{Extract, Landing, Listener};
use scorewright_warehouse::{StoredFile, Table, Transaction};

use carry::There;

use crate::contract;
use crate::evolve::widened;
use crate::format::{self, Place};
use crate::land::IngestError;
use crate::lanes;
use crate::limits::Limits;
use crate::merge::Tally;
use crate::part::{self, Part};
use crate::plan::Plan;
use crate::present::Present;
use crate::quarantine;
use crate::refusal::{self, Refusal, RefusedExtract};
use crate::room::Room;
use crate::rows::{FileRows, Rows};
use crate::source::{Contract, Load, Source};
use crate::stash::{Stash, StashError};
use crate::table::{input_hash, raw_schema};
use scorewright_domain::Reason;

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
    pub(crate) extract: Extract,
    pub(crate) name: Arc<str>,
    pub(crate) rows: FileRows,
    pub(crate) stash: Stash<'a>,
}

/// What all sources of a run share.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) transaction: &'a Transaction,
    pub(crate) limits: &'a Limits,
    pub(crate) room: &'a Room,
    pub(crate) listener: &'a dyn Listener,
}

/// Does what a plan says.
///
/// A file may be refused once its rows were brought together with others, because too many of them conflict;
/// the rest is then brought together again without it. A source that takes what its extracts bring is widened by
/// it, and its files are read again: the columns of a table are known before a row of it is kept.
pub(crate) fn settle(plan: &Plan, setting: Setting) -> Result<Settled, IngestError> {
    if let Some(wide) =
        widened(plan.source, undeclared(plan, setting.limits).iter().map(String::as_str))
    {
        return settle(&plan.with(&wide), setting);
    }
    let mut settled = Settled::default();
    loop {
        let refused: BTreeSet<PathBuf> =
            settled.refused.iter().map(|refused| refused.file.clone()).collect();
        let read: Vec<&Present> =
            plan.read.iter().filter(|file| !refused.contains(&file.file)).collect();
        let candidates = candidates(&read, plan, setting, &mut settled)?;
        let brought = candidates.iter().flat_map(|candidate| &candidate.rows.unknown_columns);
        if let Some(wide) = widened(plan.source, brought.map(String::as_str)) {
            drop(candidates);
            return settle(&plan.with(&wide), setting);
        }
        let files: Vec<&Present> = candidates.iter().map(|candidate| candidate.file).collect();
        let stay: Vec<&Landing> =
            plan.former.iter().filter(|former| plan.stays(former, &files)).collect();
        if candidates.is_empty() && stay.len() == plan.former.len() && !plan.is_source_changed {
            return Ok(settled);
        }
        let attempt = Attempt { plan, setting, stay, candidates };
        if attempt.settle(&mut settled)? {
            return Ok(settled);
        }
    }
}

/// Columns that are known to be undeclared, from the books and from what files say before they are read.
fn undeclared(plan: &Plan, limits: &Limits) -> Vec<String> {
    if plan.source.contract != Contract::Evolve {
        return Vec::new();
    }
    let format = format::of(plan.source.format);
    let brought = plan.read.iter().flat_map(|file| format.undeclared(file, plan.source, limits));
    plan.former.iter().flat_map(contract::whole).chain(brought).collect()
}

/// Files of a source that are read at the same time.
const FILES: usize = 3;

/// Reads files; those that cannot land are refused.
fn candidates<'a>(
    files: &[&'a Present],
    plan: &'a Plan,
    setting: Setting<'a>,
    settled: &mut Settled,
) -> Result<Vec<Candidate<'a>>, IngestError> {
    let read = lanes::each(files, FILES, |file| file.bytes, |file| read(file, plan, setting));
    let mut candidates = Vec::new();
    for (file, (rows, mut stash)) in files.iter().zip(read) {
        if let Some(failed) = stash.failed.take() {
            return Err(lost(plan.source)(failed));
        }
        match rows {
            Ok((extract, rows)) => {
                candidates.push(Candidate { file, extract, name: file.name().into(), rows, stash });
            }
            Err(why) => settled.refused.push(refused(plan, file, why)),
        }
    }
    Ok(candidates)
}

/// A file with its rows, if it may land, and where its good rows are.
type Read<'a> = (Result<(Extract, FileRows), Refusal>, Stash<'a>);

fn read<'a>(file: &Present, plan: &'a Plan, setting: Setting<'a>) -> Read<'a> {
    let (name, source) = (file.name(), plan.source);
    let stash = Stash::new(source, name.as_str().into(), setting.transaction, setting.room);
    let mut rows = Rows::new(source, &name, setting.limits, setting.listener).into_stash(stash);
    let read = format::of(source.format).read(file, source, setting.limits, &mut rows);
    let (rows, stash) = rows.finish_stash(read);
    let stash = stash.expect("it was given one");
    (rows.and_then(|rows| sound(file, plan, rows)), stash)
}

/// Refuses a file that changed while it was read, has no rows, or too many bad ones.
fn sound(file: &Present, plan: &Plan, rows: FileRows) -> Result<(Extract, FileRows), Refusal> {
    let extract = file.extract()?;
    if !file.is_unchanged() {
        return Err(Refusal::Changed);
    }
    if rows.read == 0 {
        return Err(Refusal::NoRows);
    }
    if plan.source.load == Load::Snapshot && plan.deliveries.taken_at(&file.file).is_none() {
        return Err(Refusal::NoMoment);
    }
    tolerated(plan.source, &rows, &[])?;
    Ok((extract, rows))
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

/// One try to bring files together with what is there.
pub(crate) struct Attempt<'a> {
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) setting: Setting<'a>,
    /// Former landings whose rows stay.
    pub(crate) stay: Vec<&'a Landing>,
    pub(crate) candidates: Vec<Candidate<'a>>,
}

/// Memory for the rows of parts that are written at the same time.
const WAVE: usize = 40 << 20;

/// What became of the rows of each file that do not stay.
pub(crate) type Tallies = BTreeMap<Arc<str>, Tally>;

impl Attempt<'_> {
    /// Writes the tables and closes the books; `false` when a file was refused, and nothing is done.
    fn settle(&self, settled: &mut Settled) -> Result<bool, IngestError> {
        let there = self.there()?;
        let mut written: Vec<(Option<StoredFile>, Tallies)> = Vec::new();
        for wave in self.waves(&there) {
            let of_wave: Result<Vec<_>, _> =
                wave.par_iter().map(|part| self.write(part, &there)).collect();
            written.extend(of_wave?);
        }
        let (mut files, mut tallies) = (self.untouched(&there), Tallies::new());
        for (file, of_part) in written {
            files.extend(file);
            for (file, tally) in of_part {
                tallies.entry(file).or_default().add(tally);
            }
        }
        let Some(conflicts) = self.conflicts(&tallies, settled) else { return Ok(false) };
        let (fresh, stay) = self.books(&tallies)?;
        let landings: Vec<Landing> = stay.into_iter().chain(fresh.iter().cloned()).collect();
        let input_hash = input_hash(self.plan.source, &landings);
        settled.tables = Some(Tables {
            raw: Table::new(
                &raw_schema(self.plan.source),
                self.in_order(files)?,
                input_hash.clone(),
            ),
            quarantine: Table::new(
                &quarantine::schema(),
                self.aside(&conflicts, &tallies)?,
                input_hash,
            ),
        });
        settled.landings = landings;
        settled.fresh = fresh;
        Ok(true)
    }

    /// The parts to write, those together whose rows fit into memory together.
    fn waves(&self, there: &There) -> Vec<Vec<Part>> {
        let weighed = self.touched(there).into_iter().map(|part| (self.weight(&part, there), part));
        part::together(weighed, WAVE)
    }

    /// Files in the order of their parts; a table without rows has one empty file.
    fn in_order(&self, mut files: Vec<StoredFile>) -> Result<Vec<StoredFile>, IngestError> {
        files.sort_by(|left, right| left.partition.cmp(&right.partition));
        if files.is_empty() {
            let writer = self.setting.transaction.row_group_writer(raw_schema(self.plan.source))?;
            files.push(writer.finish()?);
        }
        Ok(files)
    }

    /// An error of columns that do not fit together.
    pub(crate) fn misfit(&self) -> impl FnOnce(ArrowError) -> IngestError + use<> {
        let of = self.plan.source.name.clone();
        move |source| IngestError::Rows { of, source }
    }

    /// The rows that do not stay because of others, as they were received; `None` when a file has too many of them.
    fn conflicts(
        &self,
        tallies: &Tallies,
        settled: &mut Settled,
    ) -> Option<BTreeMap<&str, Vec<String>>> {
        let (mut found, source) = (BTreeMap::new(), self.plan.source);
        let before = settled.refused.len();
        for candidate in &self.candidates {
            let places = tallies.get(&candidate.name).map_or(&[][..], |tally| &tally.conflicts);
            let texts = tolerated(source, &candidate.rows, places).and_then(|()| {
                let format = format::of(source.format);
                if places.is_empty() {
                    Ok(Vec::new())
                } else {
                    format.show(candidate.file, source, self.setting.limits, places)
                }
            });
            match texts {
                Ok(texts) => drop(found.insert(&*candidate.name, texts)),
                Err(why) => settled.refused.push(refused(self.plan, candidate.file, why)),
            }
        }
        (settled.refused.len() == before).then_some(found)
    }
}

fn refused(plan: &Plan, file: &Present, why: Refusal) -> RefusedExtract {
    RefusedExtract { of: plan.source.name.clone(), file: file.file.clone(), why }
}

/// An error of rows on their way into the table of a source.
pub(crate) fn lost(source: &Source) -> impl FnOnce(StashError) -> IngestError + use<> {
    let of = source.name.clone();
    move |error| match error {
        StashError::Warehouse(error) => error.into(),
        StashError::Rows(source) => IngestError::Rows { of, source },
        StashError::Parquet(source) => IngestError::Rows { of, source: source.into() },
        StashError::Io(source) => IngestError::Scratch { of, source },
    }
}
