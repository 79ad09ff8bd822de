//! `scorewright quarantine`.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::formats::OutputFormat;
use super::run_day::run_day;

/// What is done with rows in quarantine.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    /// Count the rows in quarantine by source, reason and column, or list them
    #[command(after_help = "\
Examples:
  scorewright quarantine list
  scorewright quarantine list --source zendesk_tickets --reason not_a_timestamp --rows
  scorewright quarantine list --rows --output csv > quarantined.csv")]
    List(QuarantineListOptions),
    /// List the bad rows of extracts that are refused because of them; they are in no version
    #[command(after_help = "\
Examples:
  scorewright quarantine refused
  scorewright quarantine refused --source zendesk_tickets --output csv > refused.csv

The first 1,000 bad rows of each such extract are kept until it lands, is refused for another reason, or is gone.")]
    Refused(QuarantineRefusedOptions),
    /// Write rows of quarantine as a file in the shape of their extract, to be mended and delivered again
    #[command(after_help = "\
Examples:
  scorewright quarantine export --source zendesk_tickets --to mended.csv
  scorewright quarantine export --source orders --reason stray_quote

Mend the rows in the file, then put it among the extracts of the source: the next run reads it.
Rows of a source with personal columns are masked in quarantine; they must come from the sender.")]
    Export(QuarantineExportOptions),
    /// Read the extracts of a source again, with its file as it is now, and publish what comes of it
    #[command(after_help = "\
Examples:
  scorewright quarantine replay --source zendesk_tickets

A run does so by itself when the file of the source has changed. Rows of extracts that are no longer in the
extracts folder stay as they are.")]
    Replay(QuarantineReplayOptions),
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineListOptions {
    /// Only this source; all without it
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Only this reason, such as `not_a_timestamp`
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Only this extract, by its path below the extracts folder or its address in an object store
    #[arg(long)]
    pub(crate) file: Option<String>,
    /// List every row, with its place and its text as received
    #[arg(long)]
    pub(crate) rows: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) output: OutputFormat,
    /// Which 1,000 rows of a longer table to print
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(crate) page: usize,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineRefusedOptions {
    /// Only this source; all without it
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Only this extract, by its path below the extracts folder or its address in an object store
    #[arg(long)]
    pub(crate) file: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) output: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineExportOptions {
    /// The source
    #[arg(long)]
    pub(crate) source: String,
    /// Only this reason, such as `not_a_timestamp`
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Only this extract, by its path below the extracts folder or its address in an object store
    #[arg(long)]
    pub(crate) file: Option<String>,
    /// File to write to; standard output without it
    #[arg(long)]
    pub(crate) to: Option<PathBuf>,
    /// Also rows with a field that a spreadsheet would run as a formula
    #[arg(long)]
    pub(crate) formulas: bool,
}

#[derive(Debug, Args)]
pub(crate) struct QuarantineReplayOptions {
    /// The source
    #[arg(long)]
    pub(crate) source: String,
    /// Day the run is made for: nothing of that day or later is known; today without it
    #[arg(long, value_parser = run_day)]
    pub(crate) as_of: Option<Date>,
    /// Run although the clock is before the newest run, or years after it
    #[arg(long)]
    pub(crate) clock_is_right: bool,
}
