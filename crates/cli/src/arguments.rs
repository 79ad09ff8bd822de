//! The command line.

mod beginnings;
mod quarantine;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub(crate) use beginnings::{Add, AddSourceOptions, DemoOptions, InitOptions};
pub(crate) use quarantine::{Quarantine, QuarantineExport, QuarantineList, QuarantineReplay};

/// Turns CRM, help-desk, survey, order and employee extracts into KPIs and scorecards.
#[derive(Debug, Parser)]
#[command(
    name = "scorewright",
    version,
    about,
    max_term_width = 100,
    after_help = "\
Examples:
  scorewright demo                           a made-up company, from extracts to scorecard
  scorewright init my-project                a project to fill with your own extracts
  scorewright run --project my-project       the nightly job

Exit statuses: 0 done, 1 bug, 2 command line or configuration, 3 data refused and nothing published,
4 source missing, 5 published but a report or mail is outstanding, 74 input or output, 75 another run is active"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How to say what happens: text for people, json for a log collector
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Auto)]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which project, and where its extracts lie.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Folder of the project, the one with `scorewright.toml`
    #[arg(long, short, global = true, default_value = ".", env = "SCOREWRIGHT_PROJECT")]
    pub(crate) project: PathBuf,
    /// Folder of the extracts, instead of the one the project names
    #[arg(long, global = true, env = "SCOREWRIGHT_EXTRACTS")]
    pub(crate) extracts: Option<PathBuf>,
    /// Folder for the warehouse and the documents, instead of the project's own
    #[arg(long, global = true, env = "SCOREWRIGHT_STATE")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Progress bars on a terminal, json elsewhere
    Auto,
    /// Plain text
    Text,
    /// One JSON object for each event
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the project and extracts of a made-up company, run them and say where the scorecard is
    #[command(after_help = "\
Examples:
  scorewright demo
  scorewright demo /tmp/acme --customers 2000 --weeks 120 --seed 7
  scorewright demo big --customers 500000 --only-extracts     10 million tickets, for measuring")]
    Demo(DemoOptions),
    /// Write a complete, readable project for your own extracts
    #[command(after_help = "\
Examples:
  scorewright init my-project
  scorewright init my-project --sources zendesk_tickets,salesforce_accounts
  scorewright init --list                                     the sources to choose from")]
    Init(InitOptions),
    /// Write one more piece of a project, for you to check
    #[command(subcommand)]
    Add(Add),
    /// The nightly job: land, build, measure, render, deliver
    #[command(after_help = "\
Examples:
  scorewright run
  scorewright run --project my-project --extracts /data/exports --as-of 2026-11-23
  scorewright run --require-new        exit 4 when nothing new has arrived")]
    Run(RunOptions),
    /// Check all files of the project: configuration, SQL, metrics, reports. Needs no data
    #[command(after_help = "\
Examples:
  scorewright check
  scorewright check --limits           what an extract may be at most")]
    Check(CheckOptions),
    /// Ask the warehouse with SQL
    #[command(after_help = "\
Examples:
  scorewright query \"SELECT team, count(*) FROM fact.ticket GROUP BY team\"
  scorewright query --output csv \"SELECT * FROM kpi.value WHERE metric = 'nps'\"
  scorewright query --tables           what there is to ask")]
    Query(QueryOptions),
    /// Show how a number came about: definition, SQL, rows used and left out, source files, the rows
    #[command(after_help = "\
Examples:
  scorewright explain csat_top2 --period 2026-W46
  scorewright explain full_resolution --statistic median --period 2026-10 --segment team=Billing --rows 20")]
    Explain(ExplainOptions),
    /// Render the reports again from the newest version, with the templates as they are now
    #[command(after_help = "\
Examples:
  scorewright render
  scorewright render --report scorecard --to /tmp/pages")]
    Render(RenderOptions),
    /// Rows that were set aside: count them, take them out to be mended, read them again
    #[command(subcommand)]
    Quarantine(Quarantine),
    /// Say what the newest version holds, when it was made, and what is outstanding
    Status(StatusOptions),
    /// Decode the Parquet file on standard input, in a process that a run starts for it
    #[command(hide = true)]
    DecodeParquet(DecodeOptions),
    /// Print the completions of a shell
    #[command(after_help = "\
Examples:
  scorewright completions bash > ~/.local/share/bash-completion/completions/scorewright
  scorewright completions zsh > ~/.zfunc/_scorewright")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Day the run is made for: nothing of that day or later is known; today without it
    #[arg(long)]
    pub(crate) as_of: Option<Date>,
    /// Exit 4 when nothing new has arrived
    #[arg(long)]
    pub(crate) require_new: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Print what an extract may be at most, as the project sets it, and stop
    #[arg(long)]
    pub(crate) limits: bool,
    /// How to print the limits
    #[arg(long, value_enum, default_value_t = StatusOutput::Text, requires = "limits")]
    pub(crate) output: StatusOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// A table for people
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON object for each row
    Json,
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

#[derive(Debug, Args)]
pub(crate) struct QueryOptions {
    /// One SELECT
    #[arg(required_unless_present = "tables")]
    pub(crate) sql: Option<String>,
    /// List the tables and their columns
    #[arg(long)]
    pub(crate) tables: bool,
    /// Ask an older version
    #[arg(long, value_name = "N")]
    pub(crate) snapshot: Option<u64>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// The metric
    pub(crate) metric: String,
    /// Period, as 2026-W46, 2026-10, 2026-Q4, 2026 or all
    #[arg(long)]
    pub(crate) period: String,
    /// Segment, as team=Billing; everybody without it
    #[arg(long)]
    pub(crate) segment: Option<String>,
    /// Figure of a quantile metric: median, p90, mean
    #[arg(long)]
    pub(crate) statistic: Option<String>,
    /// How many of the rows behind it to list
    #[arg(long, default_value_t = 10)]
    pub(crate) rows: usize,
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
    #[arg(long, value_enum, default_value_t = StatusOutput::Text)]
    pub(crate) output: StatusOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusOutput {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
