//! What keeps a project going: `scorewright run`, `plan`, `check`, `render`, `status`, and the process that decodes Parquet.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::formats::StatusFormat;
use super::run_day::run_day;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RunOptions {
    /// Day the run is made for: nothing of that day or later is known; today without it
    #[arg(long, value_parser = run_day)]
    pub(crate) as_of: Option<Date>,
    /// Exit 4 when nothing new has arrived
    #[arg(long)]
    pub(crate) require_new: bool,
    /// Send the mail of a period that ended long ago too
    #[arg(long)]
    pub(crate) mail: bool,
    /// Send mails to the mail server and messages to chats at the end; without it they wait for `scorewright send`
    #[arg(long)]
    pub(crate) send: bool,
    /// Show rows that a failed check is about; they may name people, and go to the log
    #[arg(long)]
    pub(crate) show_rows: bool,
    /// Do everything but publish: land, build, check, measure and render, say what would be committed, and keep nothing
    #[arg(long, conflicts_with = "send")]
    pub(crate) dry_run: bool,
    /// Land and build only this: a model, `MODEL+` with all that reads it, `+MODEL` with all that it reads, or a source with
    /// all that reads it. Everything else stays as it is
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Run although the clock is before the newest run, or years after it
    #[arg(long)]
    pub(crate) clock_is_right: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlanOptions {
    /// Day the run would be made for; today without it
    #[arg(long, value_parser = run_day)]
    pub(crate) as_of: Option<Date>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Print what an extract may be at most, as the project sets it, and stop
    #[arg(long)]
    pub(crate) limits: bool,
    /// How to print the limits
    #[arg(long, value_enum, default_value_t = StatusFormat::Text, requires = "limits")]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RenderOptions {
    /// The report; all without it
    #[arg(long)]
    pub(crate) report: Option<String>,
    /// Folder to write to, instead of the project's own
    #[arg(long)]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusOptions {
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DecodeOptions {
    /// Bytes of memory to do with
    #[arg(long)]
    pub(crate) memory: u64,
    /// Seconds of a processor to do with, besides one for each MiB
    #[arg(long)]
    pub(crate) seconds: u64,
    /// Columns to name at most
    #[arg(long)]
    pub(crate) most_columns: usize,
    /// Places of the columns whose rows are wanted
    #[arg(long, value_delimiter = ',')]
    pub(crate) columns: Option<Vec<usize>>,
}
