//! How a project begins: `scorewright demo`, `init` and `add`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use scorewright_demo::Company;

use super::run_day::run_day;

#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// Folder to write to; must be empty or a former demo
    #[arg(default_value = "scorewright-demo")]
    pub(crate) folder: PathBuf,
    /// How many customers the company has
    #[arg(long, default_value_t = Company::CUSTOMERS)]
    pub(crate) customers: u32,
    /// How many weeks its extracts cover
    #[arg(long, default_value_t = Company::WEEKS)]
    pub(crate) weeks: u32,
    /// Equal seeds give equal extracts, byte for byte
    #[arg(long, default_value_t = Company::SEED)]
    pub(crate) seed: u64,
    /// Day the extracts end before; today without it
    #[arg(long, value_parser = run_day)]
    pub(crate) as_of: Option<Date>,
    /// Write the extracts and stop
    #[arg(long)]
    pub(crate) only_extracts: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InitOptions {
    /// Folder to write to; must be empty or not there
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Sources to keep, by name; all that the demo company has without it
    #[arg(long, value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
    /// Keep no source: add them one by one with `add`
    #[arg(long, conflicts_with = "sources")]
    pub(crate) empty: bool,
    /// List the sources to choose from
    #[arg(long)]
    pub(crate) list: bool,
}

/// What a project gets one more of.
#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    /// Look at an extract once, write the source file that reads it, and show what it makes of the rows
    #[command(after_help = "\
Examples:
  scorewright add source ~/Downloads/tickets_2026-11.csv
  scorewright add source survey.csv.gz --name relationship_survey --project my-project
  scorewright add source answers.csv --role survey_answer --question nps=\"How likely are you to recommend us?\"
  scorewright add source shop.xlsx --role order --column ordered_at=\"Bought on\" --value currency=EUR

Roles: survey_answer, ticket, order, subscription, email_event, employee_answer. On a terminal it asks for what it cannot find.
The file it writes is yours to check and mend: a run reads what it declares, and guesses nothing.")]
    Source(AddSourceOptions),
    /// Add sources of the standard library, with everything that they make possible
    #[command(after_help = "\
Examples:
  scorewright add preset zendesk_tickets
  scorewright add preset delighted_responses,stripe_api_subscriptions --project my-project
  scorewright init --list                                     the sources to choose from")]
    Preset(AddPresetOptions),
}

#[derive(Debug, Args)]
pub(crate) struct AddPresetOptions {
    /// Names of the sources
    #[arg(required = true, value_delimiter = ',')]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AddSourceOptions {
    /// The extract to look at: CSV, JSON Lines, Parquet or xlsx; it is not moved or copied
    pub(crate) file: PathBuf,
    /// Name of the source and of its table; taken from the file's name without it
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What its rows are: writes the staging model too, and everything that it makes possible
    #[arg(long)]
    pub(crate) role: Option<String>,
    /// Which column of the extract tells a column of the role; others are found by their names
    #[arg(long = "column", value_name = "ROLE_COLUMN=COLUMN", value_parser = pair, requires = "role")]
    pub(crate) columns: Vec<(String, String)>,
    /// Text that all rows have in a column of the role
    #[arg(long = "value", value_name = "ROLE_COLUMN=TEXT", value_parser = pair, requires = "role")]
    pub(crate) values: Vec<(String, String)>,
    /// Which column of the extract has the answers to a question: nps, csat, ces, or one of your own
    #[arg(long = "question", value_name = "NAME=COLUMN", value_parser = pair, requires = "role")]
    pub(crate) questions: Vec<(String, String)>,
    /// What a high answer to a question about effort means
    #[arg(long, value_enum, requires = "role")]
    pub(crate) orientation: Option<EffortOrientation>,
    /// What comes first in days, where no value of the extract says it
    #[arg(long, value_enum, requires = "role")]
    pub(crate) dates: Option<DayOrMonth>,
}

/// What comes first in a day such as 03.04.2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DayOrMonth {
    /// It is the third of April
    DayFirst,
    /// It is the fourth of March
    MonthFirst,
}

/// What a high answer to a question about effort means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EffortOrientation {
    /// It was easy
    Ease,
    /// It took much effort
    Effort,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it as NAME=VALUE".into()),
    }
}
