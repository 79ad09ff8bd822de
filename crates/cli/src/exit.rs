//! How a command ends: a status that a scheduler can act on, and why.

use std::process::ExitCode;

use miette::{Diagnostic, Report};
use scorewright_domain::Fault;
use scorewright_durable::DurableError;
use scorewright_ingest::{BadSample, IngestError};
use scorewright_kpi::ProjectFaults;
use scorewright_transform::BuildError;
use scorewright_warehouse::WarehouseError;

/// What a scheduler needs to know. Documented, stable, tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done, or nothing new to do.
    Done = 0,
    /// A bug: a broken invariant.
    Bug = 1,
    /// Wrong command line or configuration.
    Configuration = 2,
    /// Data refused; nothing published.
    DataRefused = 3,
    /// A source is missing; nothing published.
    SourceMissing = 4,
    /// Published, but a report or mail is outstanding.
    Outstanding = 5,
    /// The disk or another device refused.
    InputOutput = 74,
    /// Another run is active.
    Busy = 75,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Why a command could not do what it was asked: one report for each thing to mend.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) reports: Vec<Report>,
}

impl Failure {
    /// One thing to mend.
    pub(crate) fn new(status: Status, problem: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self { status, reports: vec![Report::new(problem)] }
    }

    /// Several things to mend.
    pub(crate) fn all<D: Diagnostic + Send + Sync + 'static>(
        status: Status,
        problems: impl IntoIterator<Item = D>,
    ) -> Self {
        Self { status, reports: problems.into_iter().map(Report::new).collect() }
    }

    /// A wrong command line, with how to mend it.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Status::Configuration, Usage { message: message.into(), help: help.into() })
    }

    /// A caught panic; the panic itself has been printed.
    pub(crate) fn bug() -> Self {
        let message =
            "scorewright met a case it was not written for, and stopped; nothing was published"
                .into();
        Self::new(
            Status::Bug,
            Usage { message, help: "please report the lines above, and what was run".into() },
        )
    }
}

/// A message with how to mend it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub(crate) struct Usage {
    message: String,
    #[help]
    help: String,
}

impl From<WarehouseError> for Failure {
    fn from(error: WarehouseError) -> Self {
        let status = match error {
            WarehouseError::Busy { .. } | WarehouseError::CommitConflict(_) => Status::Busy,
            WarehouseError::NoVersion { .. } => Status::Configuration,
            _ => Status::InputOutput,
        };
        Self::new(status, error)
    }
}

impl From<DurableError> for Failure {
    fn from(error: DurableError) -> Self {
        Self::new(Status::InputOutput, error)
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let status = match error {
            IngestError::Warehouse(error) => return error.into(),
            IngestError::NoFolder { .. } => Status::SourceMissing,
            IngestError::Hints(_) | IngestError::Scratch { .. } => Status::InputOutput,
            IngestError::CannotCarry { .. } => Status::DataRefused,
            IngestError::Unbalanced { .. } | IngestError::Rows { .. } => Status::Bug,
        };
        Self::new(status, error)
    }
}

impl From<BadSample> for Failure {
    fn from(bad: BadSample) -> Self {
        Self::new(Status::DataRefused, bad)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Warehouse(error) => error.into(),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(Status::Configuration, fault)
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Self {
        Self::all(Status::Configuration, faults)
    }
}

/// What is wrong in files of the project.
#[allow(clippy::needless_pass_by_value, reason = "handed to `map_err`")]
pub(crate) fn faults(faults: ProjectFaults) -> Failure {
    Failure::all(Status::Configuration, faults.all().to_vec())
}

/// Ends the program with the status of the signal. Nothing needs undoing: what
/// has no commit is invisible, and the kernel frees the lock.
pub(crate) fn stop_cleanly_on_signals() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            std::process::exit(128 + signal);
        }
    });
}
