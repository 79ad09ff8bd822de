//! What a build did, and what stands in the way of publishing.

use scorewright_domain::{Built, CheckId, CheckOutcome, Fault, TableName};
use scorewright_warehouse::WarehouseError;

/// What the build did.
#[derive(Debug, Default)]
pub struct BuildReport {
    /// Models built or taken over, in order.
    pub built: Vec<Built>,
    /// Models that stand in the way of publishing, with every reason.
    pub failed: Vec<FailedModel>,
    /// Models not tried because something they read failed.
    pub skipped: Vec<TableName>,
    /// Outcomes of the project's own checks.
    pub checks: Vec<CheckOutcome>,
}

/// A model that must not be published.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum FailedModel {
    /// Its SQL does not run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sql(#[from] Fault),
    /// A check of it failed.
    #[error("check {check} failed on `{table}`: {offence}")]
    #[diagnostic(help(
        "{says}{samples}\nmend the rows at their source, the model, or the check in `{file}`"
    ))]
    Check {
        /// The table.
        table: String,
        /// The check.
        check: CheckId,
        /// How many rows offend: `3 of 20 rows offend, and 1 may`.
        offence: Box<str>,
        /// What the check says of itself, as lines; empty where its name says all.
        says: Box<str>,
        /// Some of the rows, or how to see them.
        samples: String,
        /// The file that states the check.
        file: Box<str>,
    },
    /// It has no rows.
    #[error("`{table}` has no rows")]
    #[diagnostic(help(
        "an empty table mostly means a filter or a join that matches nothing\nif it may be empty, say so in `{file}`: may_be_empty = true"
    ))]
    Empty {
        /// The table.
        table: String,
        /// The companion file.
        file: String,
    },
}

impl FailedModel {
    /// The same without rows, which may name people: it says instead how to see them.
    #[must_use]
    pub fn without_rows(mut self) -> Self {
        if let Self::Check { samples, .. } = &mut self
            && !samples.is_empty()
        {
            *samples = "`scorewright run --show-rows` shows some of these rows".into();
        }
        self
    }

    /// A check that failed on a table and is stated in a file.
    pub(super) fn of_check(table: &str, outcome: &CheckOutcome, file: &str, says: &str) -> Self {
        Self::Check {
            table: table.into(),
            check: outcome.check.clone(),
            offence: offence(outcome).into(),
            says: if says.is_empty() { "".into() } else { format!("{says}\n").into() },
            samples: outcome.samples.join("\n"),
            file: file.into(),
        }
    }
}

/// How many rows offend, of how many, and how many may.
fn offence(outcome: &CheckOutcome) -> String {
    let CheckOutcome { offending, tolerated, looked_at, .. } = outcome;
    let of = looked_at.map(|rows| format!(" of {rows}")).unwrap_or_default();
    let may = if *tolerated > 0 { format!(", and {tolerated} may") } else { String::new() };
    let (rows, offend) =
        if *offending == 1 && of.is_empty() { ("row", "offends") } else { ("rows", "offend") };
    format!("{offending}{of} {rows} {offend}{may}")
}

/// The build could not go on.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum BuildError {
    /// The warehouse refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Warehouse(#[from] WarehouseError),
}

impl BuildReport {
    /// Whether everything may be published.
    pub fn is_sound(&self) -> bool {
        self.failed.is_empty()
    }
}
