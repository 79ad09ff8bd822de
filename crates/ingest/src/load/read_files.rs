//! The new files of a source, read: those that may land, and why the others may not.

use std::sync::Arc;

use scorewright_domain::{Extract, Limits, Reason, in_parallel};
use scorewright_extract::{
    ExtractFile, FileSummary, Load, ReadError, Refusal, RefusedExtract, Source, count_reason,
    json_rows, read,
};

use super::bad_rows;
use super::context::LoadContext;
use super::headers::Headers;
use crate::buffer::FileBuffer;
use crate::error::{BufferError, IngestError};
use crate::merge::Tally;
use crate::plan::Plan;

/// Files of a source that are read at the same time.
const FILES: usize = 3;

/// A file that was read and may land.
pub(crate) struct ReadFile<'a> {
    pub(crate) file: &'a ExtractFile,
    pub(crate) extract: Extract,
    pub(crate) name: Arc<str>,
    pub(crate) summary: FileSummary,
    pub(crate) buffer: FileBuffer<'a>,
}

/// Reads files; those that cannot land are refused.
pub(crate) fn read_files<'a>(
    files: &[&'a ExtractFile],
    plan: &'a Plan,
    context: LoadContext<'a>,
) -> Result<(Vec<ReadFile<'a>>, Vec<RefusedExtract>), IngestError> {
    let work = |file: &&'a ExtractFile| read_file(file, plan, context);
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    let mut headers = Headers::of(plan);
    let read = in_parallel(files, FILES, |file| file.bytes, work);
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(read) => match headers.admit(plan, &read.summary) {
                Ok(()) => accepted.push(read),
                Err(why) => refused.push(refusal_of(plan, file, why)),
            },
            Err(ReadError::Refused(why)) => refused.push(refusal_of(plan, file, why)),
            Err(ReadError::Aborted(error)) => {
                return Err(BufferError::of(plan.source)(error.into()));
            }
        }
    }
    Ok((accepted, refused))
}

fn read_file<'a>(
    file: &'a ExtractFile,
    plan: &'a Plan,
    context: LoadContext<'a>,
) -> Result<ReadFile<'a>, ReadError> {
    let (name, source) = (Arc::<str>::from(file.name()), plan.source);
    let mut buffer =
        FileBuffer::new(source, Arc::clone(&name), context.transaction, context.budget);
    let summary = read(file, source, context.limits, context.listener, &mut buffer)?;
    buffer.close().map_err(|error| ReadError::Aborted(error.into()))?;
    let extract = file.extract()?;
    if let Err(why) = prove(file, plan, context.limits, &summary) {
        let rows = buffer.rejected.iter();
        bad_rows::keep(&why, (source, &name), rows, 0, context)
            .map_err(|error| ReadError::Aborted(error.into()))?;
        return Err(why.into());
    }
    Ok(ReadFile { file, extract, name, summary, buffer })
}

/// Refuses a file that changed while it was read, has no rows, or too many bad ones.
fn prove(
    file: &ExtractFile,
    plan: &Plan,
    limits: &Limits,
    summary: &FileSummary,
) -> Result<(), Refusal> {
    if !file.is_unchanged() {
        return Err(Refusal::Changed);
    }
    if summary.read == summary.not_data() && !plan.source.may_be_empty {
        return Err(Refusal::NoRows);
    }
    if plan.source.load == Load::Snapshot && plan.deliveries.taken_at(&file.file).is_none() {
        return Err(Refusal::NoMoment);
    }
    tolerated(plan.source, summary, None)
        .map_err(|refusal| with_json_rows(refusal, plan.source, file, limits))
}

/// Refuses a file that has more bad rows than its source tolerates.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
pub(crate) fn tolerated(
    source: &Source,
    summary: &FileSummary,
    tally: Option<&Tally>,
) -> Result<(), Refusal> {
    let conflicts = tally.map_or(&[][..], |tally| &tally.conflicts);
    let bad = summary.bad() + conflicts.len() as u64;
    let conflict_amount = tally.map_or(0, |tally| tally.conflict_amount);
    let share = summary.amounts.with_bad(conflict_amount).bad_share();
    let read = summary.read - summary.not_sampled;
    if bad as f64 <= read as f64 * source.tolerate {
        return match &source.amount {
            Some(column) if share > source.tolerate => Err(Refusal::TooMuchBadMoney {
                column: column.clone(),
                share,
                tolerate: source.tolerate,
                reasons: summary.reasons.clone(),
            }),
            Some(_) | None => Ok(()),
        };
    }
    let mut reasons = summary.reasons.clone();
    for position in conflicts {
        count_reason(&mut reasons, Reason::ConflictingKey.code(), position.line, None);
    }
    let tolerate = source.tolerate;
    Err(Refusal::TooManyBadRows { bad, read, tolerate, reasons, json_rows: None })
}

/// Adds to a refusal for bad rows in which list of a JSON file the rows are, where the source names none.
fn with_json_rows(
    refusal: Refusal,
    source: &Source,
    file: &ExtractFile,
    limits: &Limits,
) -> Refusal {
    match refusal {
        Refusal::TooManyBadRows { bad, read, tolerate, reasons, json_rows: None } => {
            let json_rows = json_rows(file, source, limits);
            Refusal::TooManyBadRows { bad, read, tolerate, reasons, json_rows }
        }
        other => other,
    }
}

/// The refusal of a file of a plan.
pub(crate) fn refusal_of(plan: &Plan, file: &ExtractFile, why: Refusal) -> RefusedExtract {
    RefusedExtract { of: plan.source.name.clone(), file: file.file.clone(), why }
}
