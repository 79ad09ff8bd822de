//! Definitions and run facts, as the page states them.

use jiff::civil::Date;
use scorewright_domain::{Direction, Unit};
use serde::{Deserialize, Serialize};

use super::schema::SCHEMA;

/// A metric's definition as the page states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionNote {
    /// Name of the metric.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Title.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// How it is computed.
    pub formula: String,
    /// A contested choice, and when it was made.
    pub decided: Option<String>,
    /// Method of its interval.
    pub interval: String,
    /// Observations below which there is no verdict.
    pub minimum_sample: u64,
    /// Direction, interval and minimum in one sentence.
    pub note: String,
    /// `csat_top2, version 1`.
    pub display: String,
}

/// `r1`: how a revision is called on pages, in mails and in names of files.
pub(crate) fn revision_name(revision: u32) -> String {
    format!("r{revision}")
}

/// `Run 2026-11-23-a41c, r1, scorecard/v1.`
pub(crate) fn run_line(run_id: &str, revision: &str) -> String {
    format!("Run {run_id}, {revision}, {SCHEMA}.")
}

/// How the page came about, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Day the run was made for.
    pub as_of: Date,
    /// `Data up to 22 November 2026, cut in Europe/Berlin.`
    pub data_line: String,
    /// `r1`: which edition of the period this is.
    pub revision: String,
    /// `Run 2026-11-23-a41c, r1, scorecard/v1.`
    pub run_line: String,
    /// What the status words mean.
    pub status_note: String,
    /// What the evidence words mean.
    pub evidence_note: String,
    /// How benchmarks are used.
    pub benchmark_note: String,
    /// How to read a line of the scorecard.
    pub line_note: String,
    /// How to read the strips of a breakdown.
    pub strip_note: String,
}
