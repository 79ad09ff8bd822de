//! What lists the metrics of a project: `scorewright metrics`.

use clap::Args;
use jiff::civil::Date;

use super::formats::OutputFormat;
use super::run_day::run_day;

#[derive(Debug, Args)]
pub(crate) struct MetricsOptions {
    /// Metrics to define in full; all are listed without any
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Give the SQL that measures each of them, too
    #[arg(long)]
    pub(crate) sql: bool,
    /// Day the SQL is made for; today without it
    #[arg(long, requires = "sql", value_name = "DAY", value_parser = run_day)]
    pub(crate) as_of: Option<Date>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) output: OutputFormat,
}
