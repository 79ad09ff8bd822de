//! The command line.

mod formats;
mod project;
mod run_day;

mod begin;

mod operate;

mod metrics;

mod ask;

mod quarantine;

mod mail;

mod versions;

use clap::{Parser, Subcommand};

pub(crate) use ask::{ExplainOptions, ListedRows, QueryOptions};
pub(crate) use begin::{
    AddCommand, AddPresetOptions, AddSourceOptions, DayOrMonth, DemoOptions, EffortOrientation,
    InitOptions,
};
pub(crate) use formats::{LogFormat, OutputFormat, StatusFormat, asked_log_format};
pub(crate) use mail::{OutboxCommand, OutboxListOptions, OutboxShowOptions, SendOptions};
pub(crate) use metrics::MetricsOptions;
pub(crate) use operate::{
    CheckOptions, DecodeOptions, PlanOptions, RenderOptions, RunOptions, StatusOptions,
};
pub(crate) use project::ProjectArgs;
pub(crate) use quarantine::{
    QuarantineCommand, QuarantineExportOptions, QuarantineListOptions, QuarantineRefusedOptions,
    QuarantineReplayOptions,
};
pub(crate) use run_day::YEARS;
pub(crate) use versions::{
    DiffOptions, GcOptions, RepairOptions, RollbackOptions, SnapshotsOptions, VerifyOptions,
};

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
    pub(crate) project: ProjectArgs,
    /// How to say what happens: text for people, json for a log collector
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Auto)]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
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
  scorewright init my-project --empty                         no source yet: `add` them one by one
  scorewright init --list                                     the sources to choose from")]
    Init(InitOptions),
    /// Write one more piece of a project, for you to check
    #[command(subcommand)]
    Add(AddCommand),
    /// The nightly job: land, build, measure, render, deliver
    #[command(after_help = "\
Examples:
  scorewright run
  scorewright run --project my-project --extracts /data/exports --as-of 2026-11-23
  scorewright run --require-new        exit 4 when nothing new has arrived
  scorewright run --send               and send the mails
  scorewright run --dry-run            what it would publish
  scorewright run --select fact.ticket+    this model and all that reads it
  scorewright run --as-of 2026-03-02 --mail    a period of long ago, and its mail")]
    Run(RunOptions),
    /// Say which tables the next run would make anew, which metrics it would measure, and what it would render and send.
    /// Lands what is new, and publishes nothing
    #[command(after_help = "\
Examples:
  scorewright plan
  scorewright plan --as-of 2026-11-23 --output json")]
    Plan(PlanOptions),
    /// Check all files of the project: configuration, SQL, metrics, reports. Needs no data
    #[command(after_help = "\
Examples:
  scorewright check
  scorewright check --limits           what an extract may be at most")]
    Check(CheckOptions),
    /// List the metrics of the project, or define some of them in full. Needs no data
    #[command(after_help = "\
Examples:
  scorewright metrics
  scorewright metrics nps csat_top2            their whole definition
  scorewright metrics nps --sql                and the SQL that measures them
  scorewright metrics --output csv")]
    Metrics(MetricsOptions),
    /// Ask the warehouse with SQL
    #[command(after_help = "\
Examples:
  scorewright query \"SELECT team, count(*) FROM fact.ticket GROUP BY team\"
  scorewright query --output csv \"SELECT * FROM kpi.value WHERE metric = 'nps'\"
  scorewright query --tables           what there is to ask")]
    Query(QueryOptions),
    /// Show how a number came about and was judged: definition, SQL, rows used and left out, source files, the rows
    #[command(after_help = "\
Examples:
  scorewright explain csat_top2 --period 2026-W46
  scorewright explain full_resolution --statistic median --period 2026-10 --segment team=Billing --rows 20")]
    Explain(ExplainOptions),
    /// Render the reports again from the newest version, judged as it was, with the templates as they are now
    #[command(after_help = "\
Examples:
  scorewright render
  scorewright render --report scorecard --to /tmp/pages")]
    Render(RenderOptions),
    /// Rows in quarantine: count them, take them out to be mended, read them again
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Send what waits at once: mails to the mail server of the project, messages to chats
    #[command(after_help = "\
What a server did not take is tried at once, whatever its next try is; `run --send` waits for that.
Examples:
  scorewright send
  scorewright send --dry-run                 which mails would be sent
  scorewright send --to ann@example.com      the newest reports to yourself, as a test")]
    Send(SendOptions),
    /// Mails that wait or were not sent: list, show, hold, cancel, send again
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Say what the newest version holds, when it was made, and what is outstanding
    Status(StatusOptions),
    /// List the versions that are kept: day, run, when made, tables, rows, bytes
    #[command(after_help = "\
Examples:
  scorewright snapshots
  scorewright query --snapshot 12 \"SELECT count(*) FROM fact.ticket\"    the tables of one of them")]
    Snapshots(SnapshotsOptions),
    /// Say what became of tables and figures from one version to another: rows, and the largest changes of values
    #[command(after_help = "\
Examples:
  scorewright diff                    the newest version with the one before it
  scorewright diff 12                 the newest version with version 12
  scorewright diff 12 14 --metric nps
  scorewright diff --output json")]
    Diff(DiffOptions),
    /// Check that every file of every version is there, as it was committed
    #[command(after_help = "\
Examples:
  scorewright verify                  every file is there, with its length
  scorewright verify --deep           and has the content that was committed
  scorewright verify --digest         a hash over the rows of each table")]
    Verify(VerifyOptions),
    /// Make damaged tables of the newest version again, from the extracts and tables that are there
    #[command(after_help = "\
Reads every file of the newest version. Nothing new lands, and nobody is mailed. Where one table cannot be made again,
nothing is published (status 74), and the answer says why and what to do.
Examples:
  scorewright verify --deep
  scorewright repair")]
    Repair(RepairOptions),
    /// Go back to an earlier version, by a new one that equals it
    #[command(after_help = "\
Nothing is removed, and nobody is mailed twice. The next run reads again what is not in that version.
Examples:
  scorewright snapshots
  scorewright rollback 12")]
    Rollback(RollbackOptions),
    /// Remove versions that are not kept any more, files that none of the others needs, and old records, mails and pages;
    /// runs do so by themselves
    #[command(after_help = "\
Examples:
  scorewright gc --dry-run
  scorewright gc")]
    Gc(GcOptions),
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

impl Command {
    /// Whether it is about a project that is there: one that is not has no profiles.
    pub(crate) fn needs_project(&self) -> bool {
        !matches!(
            self,
            Self::Demo(_) | Self::Init(_) | Self::DecodeParquet(_) | Self::Completions { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
