//! What a stage reports while it runs. Only the command line shows or logs it.

use serde::Serialize;

use crate::names::check_id::CheckId;

/// Something worth showing to a person or writing to the log.
///
/// Holds counts and names, never a value from an extract.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A step of the run begins: `land`, `build`, `measure`, `render`, `deliver`.
    StepStarted {
        /// Name of the step.
        step: &'static str,
        /// How many things it will work on.
        items: u64,
    },
    /// A step of the run has ended.
    StepFinished {
        /// Name of the step.
        step: &'static str,
    },
    /// Extracts of a source begin to land.
    SourceStarted {
        /// The source.
        source: String,
    },
    /// Every extract of a source has landed or was refused.
    SourceFinished {
        /// The source.
        source: String,
    },
    /// Bytes of an extract were read since the last such event.
    BytesRead {
        /// Source the bytes belong to.
        source: String,
        /// Bytes read, of the file as it was received.
        bytes: u64,
        /// Rows found in them.
        rows: u64,
    },
    /// An extract has landed.
    ExtractLanded {
        /// Source it belongs to.
        source: String,
        /// Its file.
        file: String,
        /// Rows read from it.
        read: u64,
        /// Rows accepted.
        accepted: u64,
        /// Rows in quarantine.
        quarantined: u64,
    },
    /// An extract was refused whole.
    ExtractRefused {
        /// Source it belongs to.
        source: String,
        /// Its file.
        file: String,
        /// Why, in one line.
        reason: String,
    },
    /// A table was built or reused.
    TableBuilt {
        /// The table.
        table: String,
        /// Its rows.
        rows: u64,
        /// Whether that of the version before was reused.
        is_unchanged: bool,
    },
    /// A check has failed.
    CheckFailed {
        /// The table.
        table: String,
        /// The check.
        check: CheckId,
        /// Rows that offend.
        offending: u64,
        /// Whether it only warns.
        is_warning: bool,
    },
    /// The checks of this run have ended; those of tables that were not built anew are not among them.
    ChecksRun {
        /// How many there were.
        checks: u64,
        /// How many failed.
        failed: u64,
        /// How many only warn.
        warned: u64,
    },
    /// A metric was measured, or is made from the same things as in the version before.
    MetricMeasured {
        /// The metric.
        metric: String,
        /// Values it has now.
        values: u64,
        /// Whether those of the version before were reused.
        is_unchanged: bool,
    },
    /// A document was written.
    DocumentWritten {
        /// Its path, relative to the project.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// A page or a mail was handed over; to whom is in the ledger alone.
    Delivered {
        /// Name of its route: `pages`, `eml`.
        route: String,
    },
    /// Versions and files that nothing needs any more were removed.
    StorageCleaned {
        /// Versions removed.
        versions_removed: u64,
        /// Versions that stay.
        versions_kept: u64,
        /// Files removed, besides those of the versions themselves.
        files_removed: u64,
        /// Their bytes.
        bytes_removed: u64,
    },
    /// A note that does not stop the run.
    Noticed {
        /// In one line.
        message: String,
    },
}

/// Takes the events of a stage. Implemented by the command line.
pub trait Listener: Sync {
    /// Takes one event; must return at once.
    fn on_event(&self, event: Event);
}

/// A listener that ignores all events, for tests and for commands that only read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Listener for Silent {
    fn on_event(&self, _event: Event) {}
}
