//! The way of one file's rows to a sink: typed by many threads, counted and handed over in file order.

use crate::refusal::AdmitExtract as _;
use std::collections::BTreeMap;

use scorewright_domain::{Event, Limits, Listener, Reason};

use super::amounts::Amounts;
use super::binding::Binding;
use super::collector::{Outcomes, RowCollector, TypedBlock};
use super::sink::{PrepareRows, RowSink};
use crate::bytes::pipeline::{self, Blocks};
use crate::discovery::extract_file::ExtractFile;
use crate::refusal::{FirstSeen, ReadError, Refusal};
use crate::source::Source;

/// A file to be read, by which source and within which limits.
#[derive(Clone, Copy)]
pub(crate) struct ReadContext<'a> {
    pub(crate) file: &'a ExtractFile,
    pub(crate) source: &'a Source,
    pub(crate) limits: &'a Limits,
}

/// What a file had, beside the rows that went to its sink.
#[derive(Debug, Default, Clone)]
pub struct FileSummary {
    /// Rows found, without header rows.
    pub read: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Bytes of the texts of rejected rows.
    rejected_bytes: u64,
    /// Why rows were rejected, by reason code.
    pub reasons: BTreeMap<String, FirstSeen>,
    /// Optional columns that the file does not have, by their canonical names; only where a header says so.
    pub absent_columns: Vec<String>,
    /// Stored columns of JSON whose paths lead to nothing in any row, by their canonical names.
    pub unmet_columns: Vec<String>,
    /// Columns of the file that the source does not declare.
    pub unknown_columns: Vec<String>,
    /// Newest value of the watermark column: microseconds, or days for a date.
    pub watermark: Option<i64>,
    /// Rows that a sample leaves out.
    pub not_sampled: u64,
    /// Values that were rounded, because their column says so.
    pub rounded: u64,
    /// The money of its rows, where the source names a column of it.
    pub amounts: Amounts,
}

impl FileSummary {
    /// Rejected rows that count against what a source tolerates.
    ///
    /// A date that stands for none says nothing about how well the source file fits: it is not among them.
    pub fn bad(&self) -> u64 {
        self.rejected - self.rows_of(Reason::PlaceholderDate) - self.not_data()
    }

    /// Rejected rows that are no data.
    pub fn not_data(&self) -> u64 {
        self.rows_of(Reason::NotData)
    }

    fn rows_of(&self, reason: Reason) -> u64 {
        self.reasons.get(reason.code()).map_or(0, |seen| seen.rows)
    }
}

/// Hands the rows of one file to its sink.
pub(crate) struct Intake<'a, S: RowSink> {
    source: &'a Source,
    file: String,
    limits: &'a Limits,
    preparer: S::Preparer,
    ledger: Ledger<'a, S>,
}

/// What is done in file order.
struct Ledger<'a, S: RowSink> {
    sink: &'a mut S,
    listener: &'a dyn Listener,
    limits: &'a Limits,
    source: &'a str,
    summary: FileSummary,
}

/// A block whose rows the sink can take at once.
struct PreparedBlock<P> {
    rows: Option<P>,
    outcomes: Outcomes,
    received: u64,
    found: usize,
}

impl<'a, S: RowSink> Intake<'a, S> {
    pub(crate) fn new(
        context: ReadContext<'a>,
        listener: &'a dyn Listener,
        sink: &'a mut S,
    ) -> Self {
        let ReadContext { file, source, limits } = context;
        let summary = FileSummary::default();
        Self {
            source,
            file: file.name(),
            limits,
            preparer: sink.preparer(),
            ledger: Ledger { sink, listener, limits, source: &source.name, summary },
        }
    }

    /// Takes the rows of a block.
    pub(crate) fn collector(&self) -> RowCollector<'_> {
        RowCollector::new(self.source, &self.file, self.limits)
    }

    /// Notes which columns of the file the source does not declare.
    pub(crate) fn note_unknown(&mut self, columns: Vec<String>) {
        self.ledger.summary.unknown_columns = columns;
    }

    /// Notes which columns lead to nothing in any row.
    pub(crate) fn note_unmet(&mut self, columns: Vec<String>) {
        self.ledger.summary.unmet_columns = columns;
    }

    /// Notes what a header says of the columns.
    pub(crate) fn note_header(&mut self, binding: &Binding) {
        self.ledger.summary.absent_columns.clone_from(&binding.absent);
        self.ledger.summary.unknown_columns.clone_from(&binding.unknown);
    }

    /// Hands over the next block of a file that is read by one thread.
    pub(crate) fn take(&mut self, block: TypedBlock) -> Result<(), ReadError> {
        let prepared = prepare(&self.preparer, block)?;
        self.ledger.take(prepared)
    }

    /// Types the blocks of a file by all threads, while others are read, and hands their rows over in file order.
    ///
    /// - `typed`: the rows of a block, and what else it told.
    /// - `learn`: takes what else the blocks told, in file order.
    pub(crate) fn take_blocks<B: Blocks, T: Send>(
        &mut self,
        blocks: B,
        typed: impl Fn(&B::Block, RowCollector) -> Result<(TypedBlock, T), Refusal> + Sync,
        mut learn: impl FnMut(T) -> Result<(), Refusal>,
    ) -> Result<(), ReadError> {
        let Self { source, file, limits, preparer, ledger } = self;
        let work = |block: &B::Block| {
            let (typed, told) = typed(block, RowCollector::new(source, file, limits))?;
            Ok((prepare(&*preparer, typed)?, told))
        };
        pipeline::each(blocks, work, |(prepared, told)| {
            learn(told)?;
            ledger.take(prepared)
        })
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> FileSummary {
        self.ledger.summary
    }
}

fn prepare<P: PrepareRows>(
    preparer: &P,
    block: TypedBlock,
) -> Result<PreparedBlock<P::Prepared>, ReadError> {
    let TypedBlock { rows, outcomes, received, found } = block;
    let rows = if rows.positions.is_empty() {
        None
    } else {
        Some(preparer.prepare(rows).map_err(ReadError::Aborted)?)
    };
    Ok(PreparedBlock { rows, outcomes, received, found })
}

type Prepared<S> = <<S as RowSink>::Preparer as PrepareRows>::Prepared;

impl<S: RowSink> Ledger<'_, S> {
    fn take(&mut self, block: PreparedBlock<Prepared<S>>) -> Result<(), ReadError> {
        let PreparedBlock { rows, outcomes, received, found } = block;
        let (source, rows_found) = (self.source.to_owned(), found as u64);
        self.listener.on_event(Event::BytesRead { source, bytes: received, rows: rows_found });
        self.summary.add(&outcomes, self.limits)?;
        self.sink.reject(outcomes.rejected);
        rows.map_or(Ok(()), |rows| self.sink.accept(rows)).map_err(ReadError::Aborted)
    }
}

impl FileSummary {
    fn add(&mut self, block: &Outcomes, limits: &Limits) -> Result<(), Refusal> {
        self.read += block.read;
        self.rejected += block.rejected.len() as u64;
        self.rejected_bytes += block.rejected_bytes;
        let rows = usize::try_from(self.rejected).unwrap_or(usize::MAX);
        limits.admit_quarantined(rows, self.rejected_bytes)?;
        self.watermark = self.watermark.max(block.watermark);
        self.rounded += block.rounded;
        self.not_sampled += block.not_sampled;
        self.amounts.add(block.amounts);
        for (reason, seen) in &block.reasons {
            let so_far = self.reasons.entry(reason.clone());
            so_far.or_insert(FirstSeen { rows: 0, ..seen.clone() }).rows += seen.rows;
        }
        Ok(())
    }
}
