//! The rows of one block while it is read: typed, judged, counted.

use crate::refusal::AdmitExtract as _;
use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::compute::max;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use scorewright_domain::{Limits, QuarantinedRow, Reason};

use super::amounts::Amounts;
use super::position::RowPosition;
use super::row_rules::RowRules;
use super::row_zones::RowZones;
use super::sink::TypedRows;
use crate::refusal::{FirstSeen, Refusal, count};
use crate::source::{Column, Source};
use crate::typed::{Runs, TypedColumn};

/// Rows and bytes after which a block had better end, where a format can choose.
const BLOCK_ROWS: usize = 64 << 10;
const BLOCK_BYTES: usize = 64 << 20;

/// Takes the rows of one block: a format pushes one value to each column for every row, then says what the row is.
pub(crate) struct RowCollector<'a> {
    file: &'a str,
    limits: &'a Limits,
    watermark: Option<usize>,
    /// The column of money, where the source names one.
    amount: Option<usize>,
    /// Rows that are not good and whose money does not count.
    uncounted: BTreeSet<usize>,
    /// The column with the values of columns that become rows.
    unpivoted: Option<usize>,
    /// Records that make no row of such a column.
    left_out: u64,
    zones: RowZones,
    rules: RowRules,
    /// The last line whose rows are kept.
    last_line: u64,
    /// One for each stored column.
    pub(crate) columns: Vec<TypedColumn>,
    positions: Vec<RowPosition>,
    is_good: Vec<bool>,
    /// Bytes of values that are more in memory than in the file.
    bytes: usize,
    found: Outcomes,
}

/// What became of the rows of a block, beside the accepted ones.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    /// Rows found, without header rows.
    pub(crate) read: u64,
    /// Bad rows in file order.
    pub(crate) rejected: Vec<QuarantinedRow>,
    /// Bytes of their texts.
    pub(crate) rejected_bytes: u64,
    pub(crate) reasons: BTreeMap<String, FirstSeen>,
    /// Newest value of the watermark column: microseconds, or days for a date.
    pub(crate) watermark: Option<i64>,
    /// Rows below the lines of a sample.
    pub(crate) not_sampled: u64,
    /// Values that were rounded.
    pub(crate) rounded: u64,
    pub(crate) amounts: Amounts,
}

/// Whether a bad row counts against what its source tolerates.
fn is_counted(reason: Reason) -> bool {
    !matches!(reason, Reason::NotData | Reason::PlaceholderDate)
}

/// The rows of one block.
pub(crate) struct TypedBlock {
    pub(crate) rows: TypedRows,
    pub(crate) outcomes: Outcomes,
    /// Bytes of the file itself that it came from, and the rows found in them.
    pub(crate) received: u64,
    pub(crate) found: usize,
}

fn columns(source: &Source, limits: &Limits) -> Vec<TypedColumn> {
    let column = |(name, column): (&str, &Column)| {
        let key_bytes = source.is_key(name).then_some(limits.key_bytes);
        let typed = TypedColumn::new(column, source.is_required(name), key_bytes);
        if source.amount.as_deref() == Some(name) { typed.of_amounts() } else { typed }
    };
    source.stored().map(column).collect()
}

impl<'a> RowCollector<'a> {
    pub(crate) fn new(source: &Source, file: &'a str, limits: &'a Limits) -> Self {
        let watermark = source.watermark.as_deref();
        let amount = source.amount.as_deref();
        let unpivoted = source.unpivot.as_ref().map(|unpivot| unpivot.value.as_str());
        let place =
            |column: Option<&str>| source.stored().position(|(name, _)| Some(name) == column);
        Self {
            amount: place(amount),
            uncounted: BTreeSet::new(),
            unpivoted: place(unpivoted),
            left_out: 0,
            zones: RowZones::of(source),
            rules: RowRules::of(source),
            last_line: source.sample_lines.unwrap_or(u64::MAX),
            file,
            limits,
            watermark: place(watermark),
            columns: columns(source, limits),
            positions: Vec::new(),
            is_good: Vec::new(),
            bytes: 0,
            found: Outcomes::default(),
        }
    }

    /// Makes room for rows to come.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.positions.reserve(rows);
        self.is_good.reserve(rows);
    }

    /// Puts the times of the row whose values were pushed last into UTC, by the zone that it names; the column at fault, and why.
    ///
    /// Asked of every row that is good so far, before it is added.
    #[inline]
    pub(crate) fn resolve_zones(&mut self) -> Option<(usize, Reason)> {
        let row = self.positions.len();
        self.zones.resolve(&mut self.columns, row)
    }

    /// Whether the values that were pushed are no row: a column that becomes rows has no value in this record.
    ///
    /// - `at_fault`: column whose value was refused; a value is none of nothing.
    #[inline]
    pub(crate) fn is_no_row(&self, at_fault: Option<usize>) -> bool {
        let row = self.positions.len();
        let is_empty = |place: usize| at_fault != Some(place) && self.columns[place].is_null(row);
        self.unpivoted.is_some_and(is_empty)
    }

    /// Adds values that were pushed and are no row.
    pub(crate) fn leave_out(&mut self, position: RowPosition) {
        self.uncounted.insert(self.positions.len());
        self.positions.push(position);
        self.is_good.push(false);
        self.left_out += 1;
    }

    /// Adds a row whose values were pushed and which is below the lines of the sample.
    fn leave_out_of_sample(&mut self, position: RowPosition) {
        self.uncounted.insert(self.positions.len());
        self.positions.push(position);
        self.is_good.push(false);
        self.found.not_sampled += 1;
    }

    /// Adds a row whose values were pushed and are good one by one: it is good if they hold together.
    ///
    /// - `raw`: the row as it was received, for one that breaks a rule.
    #[inline]
    pub(crate) fn accept(
        &mut self,
        position: RowPosition,
        raw: impl FnOnce() -> Result<String, Refusal>,
    ) -> Result<(), Refusal> {
        if position.line > self.last_line {
            self.leave_out_of_sample(position);
            return Ok(());
        }
        let broken = self.rules.broken_by(&self.columns, self.positions.len());
        let broken = broken.map(ToOwned::to_owned);
        self.positions.push(position);
        self.is_good.push(broken.is_none());
        broken.map_or(Ok(()), |rule| self.quarantine(position, &rule, None, raw()?))
    }

    /// Adds a row whose values were pushed and which is bad, mostly by one column.
    pub(crate) fn reject(
        &mut self,
        position: RowPosition,
        reason: Reason,
        column: Option<&str>,
        raw: String,
    ) -> Result<(), Refusal> {
        if position.line > self.last_line {
            self.leave_out_of_sample(position);
            return Ok(());
        }
        if !is_counted(reason) {
            self.uncounted.insert(self.positions.len());
        }
        self.positions.push(position);
        self.is_good.push(false);
        self.quarantine(position, reason.code(), column, raw)
    }

    /// Adds a row that could not be taken apart: no value of it was pushed.
    pub(crate) fn reject_malformed(
        &mut self,
        position: RowPosition,
        reason: Reason,
        raw: String,
    ) -> Result<(), Refusal> {
        self.found.read += 1;
        if position.line > self.last_line {
            self.found.not_sampled += 1;
            return Ok(());
        }
        if self.amount.is_some() && is_counted(reason) {
            self.found.amounts.add_row(None, false);
        }
        self.quarantine(position, reason.code(), None, raw)
    }

    fn quarantine(
        &mut self,
        position: RowPosition,
        reason: &str,
        column: Option<&str>,
        mut raw: String,
    ) -> Result<(), Refusal> {
        raw.truncate(raw.floor_char_boundary(self.limits.field_bytes));
        // A large field must not keep the memory of the whole row.
        raw.shrink_to_fit();
        self.found.rejected_bytes += raw.len() as u64;
        self.limits.admit_quarantined(self.found.rejected.len() + 1, self.found.rejected_bytes)?;
        count(&mut self.found.reasons, reason, position.line, column);
        self.found.rejected.push(QuarantinedRow {
            file: self.file.to_owned(),
            line: position.line,
            byte: position.byte,
            length: position.length,
            column: column.map(ToOwned::to_owned),
            reason: reason.to_owned(),
            raw,
        });
        Ok(())
    }

    /// Notes bytes of values that are more in memory than in the file.
    pub(crate) fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Whether the block had better end, because of what is held for it.
    pub(crate) fn is_full(&self) -> bool {
        self.positions.len() >= BLOCK_ROWS || self.bytes >= BLOCK_BYTES
    }

    /// Ends the block, which came from so many bytes of the file and had so many rows.
    pub(crate) fn finish(mut self, received: u64, found: usize) -> Result<TypedBlock, Refusal> {
        self.found.read += self.positions.len() as u64 - self.left_out;
        self.sum_amounts();
        self.found.rejected.sort_by_key(|row| (row.line, row.byte));
        // Every text was proven to be UTF-8 or rejected, so columns always fit together.
        let columns = self
            .take_columns()
            .map_err(|error| Refusal::Unreadable(std::io::Error::other(error)))?;
        let watermark = self.watermark.and_then(|column| newest(&columns[column]));
        let rounded = self.columns.iter().map(TypedColumn::rounded).sum();
        let outcomes = Outcomes { watermark, rounded, ..self.found };
        let rows = TypedRows { columns, positions: self.positions };
        Ok(TypedBlock { rows, outcomes, received, found })
    }

    /// Adds up the money of the rows.
    fn sum_amounts(&mut self) {
        let Some(amount) = self.amount.map(|place| &self.columns[place]) else { return };
        for (row, is_good) in self.is_good.iter().enumerate() {
            if !self.uncounted.contains(&row) {
                self.found.amounts.add_row(amount.number(row), *is_good);
            }
        }
    }

    /// The values of good rows; the positions of the others go too.
    fn take_columns(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        let good = Runs::of(&std::mem::take(&mut self.is_good));
        let columns = self.columns.iter_mut().map(|column| column.finish_some(&good)).collect();
        good.keep(&mut self.positions);
        columns
    }
}

fn newest(column: &ArrayRef) -> Option<i64> {
    match column.data_type() {
        DataType::Date32 => max(column.as_primitive::<Date32Type>()).map(i64::from),
        _ => max(column.as_primitive::<TimestampMicrosecondType>()),
    }
}
