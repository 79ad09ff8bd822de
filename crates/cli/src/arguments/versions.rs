//! What looks after versions: `scorewright snapshots`, `diff`, `verify`, `repair`, `rollback`, `gc`.

use clap::Args;

use super::formats::{OutputFormat, StatusFormat};

#[derive(Debug, Args)]
pub(crate) struct SnapshotsOptions {
    /// How to print them
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub(crate) output: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct DiffOptions {
    /// The version to compare with; the one before TO without it
    pub(crate) from: Option<u64>,
    /// The version that is compared; the newest without it
    pub(crate) to: Option<u64>,
    /// List all that became of the figures of this metric
    #[arg(long, value_name = "KEY")]
    pub(crate) metric: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// Read every file, and compare its content with what was committed
    #[arg(long)]
    pub(crate) deep: bool,
    /// Print a hash over the rows of each table of the newest version, however they lie in files
    #[arg(long, conflicts_with = "deep")]
    pub(crate) digest: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RepairOptions {
    /// How to print what was made again, and what could not be
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct RollbackOptions {
    /// The version to go back to
    pub(crate) version: u64,
}

#[derive(Debug, Args)]
pub(crate) struct GcOptions {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}
