//! The rows of a seed, or every fault of it.

use std::sync::Arc;

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use miette::Diagnostic as _;
use scorewright_domain::{Fault, Limits, QuarantinedRow, Reason, Silent, nearest};

use super::repeats::{self, Repeat};
use super::seed_text::{SeedText, seed_schema};
use super::settings;
use crate::discovery::extract_file::ExtractFile;
use crate::read::read;
use crate::refusal::ReadError;
use crate::rows::intake::FileSummary;
use crate::rows::sink::CollectedRows;

/// Bad rows of one seed that are shown at most; the others are counted.
pub(super) const SHOWN: usize = 20;

impl SeedText<'_> {
    /// Its rows, in the order of its lines.
    ///
    /// # Errors
    ///
    /// Every fault: of its companion file; else of its columns and rows, each at its line.
    pub fn read(&self) -> Result<RecordBatch, Vec<Fault>> {
        let source = settings::source(self)?;
        let file = ExtractFile::of_project(&source, self.csv);
        let mut rows = CollectedRows::default();
        let summary = read(&file, &source, &Limits::default(), &Silent, &mut rows);
        let summary = summary.map_err(|error| vec![self.refused(&error)])?;
        let batch = self.batch(&rows).map_err(|error| vec![self.csv.fault(None, error)])?;
        let repeats = repeats::find(self.grain, &batch, &rows);
        let mut faults = self.undeclared(&summary);
        faults.extend(rows.rejected.iter().take(SHOWN).map(|row| self.bad_row(row)));
        faults.extend(repeats.iter().take(SHOWN).map(|repeat| self.repeated(repeat)));
        faults.extend(self.not_shown(rows.rejected.len()));
        faults.extend(self.not_shown(repeats.len()));
        if faults.is_empty() && batch.num_rows() == 0 && !self.may_be_empty {
            let fault = self.csv.fault(None, "a seed without a row");
            faults.push(fault.help("add one, or set `may_be_empty = true` in its companion file"));
        }
        if faults.is_empty() { Ok(batch) } else { Err(faults) }
    }

    fn batch(&self, rows: &CollectedRows) -> Result<RecordBatch, String> {
        let schema = seed_schema(self.columns);
        let blocks = rows
            .accepted
            .iter()
            .map(|block| RecordBatch::try_new(Arc::clone(&schema), block.columns.clone()));
        let blocks: Result<Vec<RecordBatch>, _> = blocks.collect();
        let batch = blocks.and_then(|blocks| concat_batches(&schema, &blocks));
        batch.map_err(|error| error.to_string())
    }

    /// Why it cannot be read at all.
    fn refused(&self, error: &ReadError) -> Fault {
        let fault = self.csv.fault(Some(self.line(1)), error.to_string());
        match error.help() {
            Some(help) => fault.help(help.to_string()),
            None => fault,
        }
    }

    /// Columns that its companion file does not declare: whoever reads the seed would look for them in vain.
    fn undeclared(&self, summary: &FileSummary) -> Vec<Fault> {
        let known: Vec<&str> = self.columns.keys().map(String::as_str).collect();
        let fault = |name: &String| {
            let line = self.csv.find(name).unwrap_or_else(|| self.line(1));
            let fault = self.csv.fault(Some(line), format!("the column `{name}` is not declared"));
            let meant = nearest(name, &known).map(|near| format!("did you mean `{near}`? "));
            let meant = meant.unwrap_or_default();
            fault.help(format!(
                "{meant}declare it in `{}`, or remove it; declared: {}",
                self.companion.path,
                known.join(", ")
            ))
        };
        summary.unknown_columns.iter().map(fault).collect()
    }

    fn bad_row(&self, row: &QuarantinedRow) -> Fault {
        let column = row.column.as_ref().map(|column| format!(" in column `{column}`"));
        let message = format!("{}{}", row.reason, column.unwrap_or_default());
        let fault = self.csv.fault(Some(self.line(row.line)), message);
        match Reason::ALL.iter().find(|reason| reason.code() == row.reason) {
            Some(reason) => fault.help(as_help(reason.text())),
            None => fault,
        }
    }

    fn repeated(&self, repeat: &Repeat) -> Fault {
        let fault = self.csv.fault(Some(self.line(repeat.line)), repeat.message(self.grain));
        fault.help("`grain` names one row: remove one of the two, or name further columns")
    }

    fn not_shown(&self, found: usize) -> Option<Fault> {
        let more = found.checked_sub(SHOWN).filter(|more| *more > 0)?;
        Some(self.csv.fault(None, format!("{more} more rows at fault")))
    }
}

/// A sentence without its capital and full stop.
fn as_help(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(1);
    format!("{}{}", first.to_lowercase(), rest.trim_end_matches('.'))
}
