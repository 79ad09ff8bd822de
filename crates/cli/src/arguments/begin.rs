//! How a project begins: `scorewright demo`, `init` and `add`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use scorewright_demo::Company;

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
    #[arg(long)]
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
    /// Sources to keep, by name; all of the standard library without it
    #[arg(long, value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
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

The file it writes is yours to check and mend: a run reads what it declares, and guesses nothing.")]
    Source(AddSourceOptions),
}

#[derive(Debug, Args)]
pub(crate) struct AddSourceOptions {
    /// The extract to look at: CSV, JSON Lines, Parquet or xlsx; it is not moved or copied
    pub(crate) file: PathBuf,
    /// Name of the source and of its table; taken from the file's name without it
    #[arg(long)]
    pub(crate) name: Option<String>,
}
