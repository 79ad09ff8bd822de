//! What a run knows besides its standings.

use std::collections::BTreeSet;

use jiff::civil::Date;
use scorewright_domain::{
    AbsentColumn, CheckId, Direction, Grain, IntervalMethod, Landing, SourceReach, Unit,
};

/// What the page needs to know about the run, the data and the definitions.
///
/// Collected by the command line, so that composing a page reads no clock, file or table.
#[derive(Debug, Clone)]
pub struct RunFacts {
    /// Name of the run, as in its record.
    pub run_id: String,
    /// Instant the page is stated for, in RFC 3339; derived from the as-of day, never from a clock.
    pub generated_at: String,
    /// Day the run was made for: what happened on it or later is not known yet.
    pub as_of: Date,
    /// Name of the project: `Acme Cloud`.
    pub project: String,
    /// Zone in which days, weeks and months are cut.
    pub time_zone: String,
    /// Currency of money, as a code: `EUR`.
    pub currency: String,
    /// Lines of each extract whose rows the figures are made from; `None` where they are made from all.
    pub sample_lines: Option<u64>,
    /// Every declared source, in the order of the page.
    pub sources: Vec<SourceFacts>,
    /// Checks of severity `warn` that failed.
    pub warnings: Vec<CheckWarning>,
    /// Every metric of the project.
    pub metrics: Vec<MetricFacts>,
}

/// One source and what became of its extracts.
#[derive(Debug, Clone)]
pub struct SourceFacts {
    /// Name of the source; the stem of its file.
    pub source: String,
    /// Its title: `Zendesk tickets`.
    pub title: String,
    /// Extracts that landed and are part of the figures.
    pub landings: Vec<Landing>,
    /// Extracts refused whole.
    pub refused: Vec<RefusedFile>,
    /// Whether nothing new of it landed because extracts were refused: its rows are those of earlier extracts.
    pub is_as_before: bool,
    /// How far it has delivered; `None` where nobody asked.
    pub reach: Option<SourceReach>,
    /// Rows that belong to no known customer; `None` where its rows are not matched to customers.
    pub unmatched: Option<UnmatchedRows>,
}

/// Rows of a source that belong to no known customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnmatchedRows {
    /// Rows that belong to none.
    pub rows: u64,
    /// Rows looked at.
    pub looked_at: u64,
    /// Whether they are more than is tolerated.
    pub is_warning: bool,
}

/// An extract that was refused whole.
#[derive(Debug, Clone)]
pub struct RefusedFile {
    /// Path below the extracts folder.
    pub file: String,
    /// Why, in one line.
    pub reason: String,
}

/// A failed check that warns and stops nothing.
#[derive(Debug, Clone)]
pub struct CheckWarning {
    /// The table looked at: `fact.ticket`; empty for a check of the project's own, which may read several.
    pub table: String,
    /// What was asked: `not_null(customer_id)`.
    pub check: CheckId,
    /// Rows that offend.
    pub offending: u64,
    /// Rows looked at; `None` for a check of the project's own, which answers with its offenders alone.
    pub looked_at: Option<u64>,
    /// What offends.
    pub concern: Concern,
}

/// What a failed check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Rows of the table.
    Rows,
    /// Names that several customers claim, so that they belong to none.
    ContestedNames,
}

/// A metric's definition, as far as a page states it.
#[derive(Debug, Clone)]
pub struct MetricFacts {
    /// Name of the metric; the stem of its file.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Title: `Customer satisfaction (CSAT)`.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// Figures it has: `value` alone, or `median`, `p90`.
    pub statistics: Vec<String>,
    /// Dimensions it is measured by: `team`.
    pub by: Vec<String>,
    /// Periods it is measured for.
    pub grains: Vec<Grain>,
    /// How it is computed, as text: numerator over denominator, with filter.
    pub formula: String,
    /// A contested choice, and when it was made.
    pub decided: Option<String>,
    /// Method of its interval.
    pub interval: IntervalMethod,
    /// Observations below which there is no verdict.
    pub minimum_sample: u64,
    /// Sources it is made from; empty where the lineage is not known.
    pub sources: Vec<String>,
    /// Columns that no extract has and without which rows of their source give it no value.
    pub absent_columns: BTreeSet<AbsentColumn>,
}
