//! One source: its new files read, merged with what is there, written, and accounted for.
//!
//! ```text
//! context -> read_files (bad_rows) -> attempt: existing_rows (adapt) + files -> write_partition (row_output, version_output)
//!   -> quarantine_files, books
//! ```

mod context;

mod bad_rows;
mod headers;
mod read_files;

mod attempt;

mod adapt;

mod existing_rows;

mod row_output;
mod version_output;

mod write_partition;

mod books;
mod conflict_rows;
mod quarantine_files;

pub(crate) use row_output::RowOutput;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use scorewright_domain::{Landing, Limits};
use scorewright_extract::{
    Contract, DeliveryOrderFault, ExtractFile, ReadError, Refusal, RefusedExtract, Source,
    show_rows, undeclared_columns, widened,
};
use scorewright_warehouse::{StoredFile, Table};

pub(crate) use context::{LoadContext, LoadOutcome, Loaded};

use crate::error::{BufferError, IngestError};
use crate::merge::{Tallies, Tally};
use crate::plan::Plan;
use crate::rows::partition::{self, Partition};
use crate::rows::table::{file_schema, input_hash};
use crate::{quarantine, undeclared};
use attempt::MergeAttempt;
use existing_rows::ExistingRows;
use read_files::{read_files, refusal_of, tolerated};

/// Memory for the rows of partitions that are written at the same time.
const WAVE: usize = 40 << 20;

/// Does what a plan says.
///
/// It starts over where something turns up that the rows read so far do not know: a source that takes what its
/// extracts bring is widened by their columns, because the columns of a table are known before a row of it is kept;
/// and a file with too many rows in conflict is refused, and the rest is merged without it.
pub(crate) fn load(plan: &Plan, context: LoadContext) -> Result<LoadOutcome, IngestError> {
    let mut refused: Vec<RefusedExtract> = Vec::new();
    let mut wide = widened_by(plan.source, &undeclared_before(plan, context.limits)?);
    loop {
        let widened = wide.as_ref().map(|source| plan.with(source));
        match attempt(widened.as_ref().unwrap_or(plan), context, &mut refused)? {
            Attempted::Loaded(loaded) => return Ok(LoadOutcome { loaded: Some(*loaded), refused }),
            Attempted::Unchanged => return Ok(LoadOutcome { loaded: None, refused }),
            Attempted::Refused => {}
            Attempted::Widened(source) => {
                refused.clear();
                wide = Some(*source);
            }
        }
    }
}

/// What an attempt came to.
enum Attempted {
    /// Tables were written.
    Loaded(Box<Loaded>),
    /// Nothing may land, and the tables stay as they are.
    Unchanged,
    /// Files had too many rows in conflict: the others are to be loaded without them.
    Refused,
    /// Files brought columns: all of them are to be read by the widened source.
    Widened(Box<Source>),
}

/// Reads the files of a plan that are not refused, and merges them with what is there.
fn attempt(
    plan: &Plan,
    context: LoadContext,
    refused: &mut Vec<RefusedExtract>,
) -> Result<Attempted, IngestError> {
    let known: BTreeSet<&PathBuf> = refused.iter().map(|refused| &refused.file).collect();
    let to_read: Vec<&ExtractFile> =
        plan.read.iter().filter(|file| !known.contains(&file.file)).collect();
    let (files, unread) = read_files(&to_read, plan, context)?;
    refused.extend(unread);
    let brought: Vec<String> =
        files.iter().flat_map(|file| file.summary.unknown_columns.iter().cloned()).collect();
    if let Some(wide) = widened_by(plan.source, &brought) {
        return Ok(Attempted::Widened(Box::new(wide)));
    }
    let accepted: Vec<&ExtractFile> = files.iter().map(|file| file.file).collect();
    let stay: Vec<&Landing> =
        plan.former.iter().filter(|former| plan.stays(former, &accepted)).collect();
    if files.is_empty() && stay.len() == plan.former.len() && !plan.is_source_changed {
        return Ok(Attempted::Unchanged);
    }
    match MergeAttempt::new(plan, context, stay, files).load()? {
        Ok(loaded) => Ok(Attempted::Loaded(Box::new(loaded))),
        Err(in_conflict) => {
            refused.extend(in_conflict);
            Ok(Attempted::Refused)
        }
    }
}

fn widened_by(source: &Source, names: &[String]) -> Option<Source> {
    widened(source, names.iter().map(String::as_str))
}

/// Columns that are known to be undeclared, from the books and from what files say before they are read.
fn undeclared_before(plan: &Plan, limits: &Limits) -> Result<Vec<String>, IngestError> {
    if plan.source.contract != Contract::Evolve {
        return Ok(Vec::new());
    }
    let mut names: Vec<String> = plan.former.iter().flat_map(undeclared::whole).collect();
    for file in &plan.read {
        match undeclared_columns(file, plan.source, limits) {
            Ok(found) => names.extend(found),
            // It is refused when it is read, with the same reason.
            Err(ReadError::Refused(_)) => {}
            Err(ReadError::Aborted(error)) => {
                return Err(BufferError::of(plan.source)(error.into()));
            }
        }
    }
    Ok(names)
}

impl MergeAttempt<'_> {
    /// Writes the tables and closes the books; or gives the files that have too many rows in conflict.
    fn load(&self) -> Result<Result<Loaded, Vec<RefusedExtract>>, IngestError> {
        let existing = self.existing_rows()?;
        let (files, tallies) = self.write_partitions(&existing)?;
        let conflicts = match self.conflicts(&tallies)? {
            Ok(conflicts) => conflicts,
            Err(refused) => return Ok(Err(refused)),
        };
        let (fresh, stay) = self.books(&tallies)?;
        let landings: Vec<Landing> = stay.into_iter().chain(fresh.iter().cloned()).collect();
        let hash = input_hash(self.plan.source, &landings);
        let table = Table::new(&file_schema(self.plan.source), self.in_order(files)?, hash.clone());
        let rejected = self.quarantine_files(&conflicts, &tallies)?;
        let quarantine = Table::new(&quarantine::schema(), rejected, hash);
        Ok(Ok(Loaded { table, quarantine, landings, fresh }))
    }

    /// Writes the partitions that change, wave by wave; says what became of rows that do not stay.
    fn write_partitions(
        &self,
        existing: &ExistingRows,
    ) -> Result<(Vec<StoredFile>, Tallies), IngestError> {
        let (mut files, mut tallies) = (self.untouched(existing), Tallies::new());
        for wave in self.waves(existing) {
            let write = |partition: &Partition| self.write(partition, existing);
            let written: Result<Vec<_>, _> = wave.par_iter().map(write).collect();
            for (written, of_partition) in written? {
                files.extend(written);
                for (file, tally) in of_partition {
                    tallies.entry(file).or_default().add(tally);
                }
            }
        }
        Ok((files, tallies))
    }

    /// The partitions to write, those together whose rows fit into memory together.
    fn waves(&self, existing: &ExistingRows) -> Vec<Vec<Partition>> {
        let touched = self.touched(existing).into_iter();
        let weighed = touched.map(|partition| (self.weight(&partition, existing), partition));
        partition::waves(weighed, WAVE)
    }

    /// Files in the order of their partitions; a table without rows has one empty file.
    fn in_order(&self, mut files: Vec<StoredFile>) -> Result<Vec<StoredFile>, IngestError> {
        files.sort_by(|left, right| left.partition.cmp(&right.partition));
        if files.is_empty() {
            let schema = file_schema(self.plan.source);
            files.push(self.context.transaction.row_group_writer(schema)?.finish()?);
        }
        Ok(files)
    }

    /// The rows that do not stay because of others, as they were received; or the files that have too many of them.
    fn conflicts(&self, tallies: &Tallies) -> Result<Conflicts<'_>, IngestError> {
        let (mut found, mut refused) = (BTreeMap::new(), Vec::new());
        let (source, limits) = (self.plan.source, self.context.limits);
        for file in &self.files {
            let tally = tallies.get(&file.name);
            let positions = tally.map_or(&[][..], |tally| &tally.conflicts);
            let is_tolerated = tolerated(source, &file.summary, tally)
                .and_then(|()| ordered(source, tally))
                .map_err(ReadError::from);
            let texts = is_tolerated.and_then(|()| match positions {
                [] => Ok(Vec::new()),
                _ => show_rows(file.file, source, limits, positions),
            });
            match texts {
                Ok(texts) => drop(found.insert(&*file.name, texts)),
                Err(ReadError::Refused(why)) => {
                    self.keep_bad_rows(file, positions, &why)?;
                    refused.push(refusal_of(self.plan, file.file, why));
                }
                Err(ReadError::Aborted(error)) => {
                    return Err(BufferError::of(source)(error.into()));
                }
            }
        }
        Ok(if refused.is_empty() { Ok(found) } else { Err(refused) })
    }
}

/// Refuses a file that has a row of which nothing says whether another file's is newer.
fn ordered(source: &Source, tally: Option<&Tally>) -> Result<(), Refusal> {
    let Some(rival) = tally.and_then(|tally| tally.rival.as_ref()) else { return Ok(()) };
    let (other, path) = (PathBuf::from(&*rival.other), source.path.clone());
    let (line, other_line) = (rival.line, rival.other_line);
    Err(DeliveryOrderFault::SameKey { line, other, other_line, path }.into())
}

/// Rows in conflict by file, as they were received; or the files refused for them.
type Conflicts<'a> = Result<BTreeMap<&'a str, Vec<String>>, Vec<RefusedExtract>>;
