//! What asks the warehouse: `scorewright query` and `explain`.

use std::str::FromStr;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::formats::OutputFormat;

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
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) output: OutputFormat,
    /// Which 1,000 rows of a longer table to print
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(crate) page: usize,
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
    /// How many of the rows behind it to list; or `excluded`, for those of the period that the fact leaves out
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) rows: ListedRows,
}

/// The rows that an explanation lists.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ListedRows {
    /// The first of those used, as many as this.
    Used(usize),
    /// The first of those that the fact leaves out.
    Excluded,
}

impl ListedRows {
    /// How many rows are listed where no number is given.
    pub(crate) const FEW: usize = 10;
}

impl FromStr for ListedRows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "excluded" {
            return Ok(Self::Excluded);
        }
        let number = text.parse().map(Self::Used);
        number.map_err(|_| "write a number, or `excluded`".to_owned())
    }
}
