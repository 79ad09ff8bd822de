//! Which exit status each error of the libraries ends with.

use scorewright_demo::BadCompany;
use scorewright_domain::Fault;
use scorewright_durable::DurableError;
use scorewright_ingest::IngestError;
use scorewright_kpi::ProjectFaults;
use scorewright_project::{AddError, InitError, ProjectError, SelectionError};
use scorewright_transform::BuildError;
use scorewright_warehouse::WarehouseError;

use super::failure::Failure;
use super::status::ExitStatus;

impl From<WarehouseError> for Failure {
    fn from(error: WarehouseError) -> Self {
        let status = match error {
            WarehouseError::Busy { .. } | WarehouseError::CommitConflict(_) => ExitStatus::Busy,
            WarehouseError::NoVersion { .. } => ExitStatus::Configuration,
            _ => ExitStatus::InputOutput,
        };
        Self::new(status, error)
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::NotAProject { .. } => Self::new(ExitStatus::Configuration, error),
            ProjectError::Unreadable(error) => Self::new(ExitStatus::InputOutput, error),
            ProjectError::Faults(faults) => faults.into(),
        }
    }
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        match error {
            InitError::Selection(SelectionError::Library(faults)) => faults.into(),
            InitError::Durable(error) => error.into(),
            InitError::NotEmpty { .. }
            | InitError::Selection(_)
            | InitError::ExtractsFolder { .. } => Self::new(ExitStatus::Configuration, error),
        }
    }
}

impl From<AddError> for Failure {
    fn from(error: AddError) -> Self {
        match error {
            AddError::Project(error) => error.into(),
            AddError::Sample(bad) => Self::new(ExitStatus::DataRefused, bad),
            AddError::Durable(error) => error.into(),
            AddError::Selection(SelectionError::Library(faults)) => faults.into(),
            AddError::NoFile { .. }
            | AddError::BadName(_)
            | AddError::Exists { .. }
            | AddError::HasPreset { .. }
            | AddError::NoRole { .. }
            | AddError::RoleName { .. }
            | AddError::Unanswered(_)
            | AddError::Selection(_) => Self::new(ExitStatus::Configuration, error),
        }
    }
}

impl From<DurableError> for Failure {
    fn from(error: DurableError) -> Self {
        Self::new(ExitStatus::InputOutput, error)
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        let status = match error {
            IngestError::Warehouse(error) => return error.into(),
            IngestError::NoFolder { .. } => ExitStatus::SourceMissing,
            IngestError::Hints(_) | IngestError::Scratch { .. } => ExitStatus::InputOutput,
            IngestError::CannotCarry { .. } => ExitStatus::DataRefused,
            IngestError::Unbalanced { .. } | IngestError::Rows { .. } => ExitStatus::Bug,
        };
        Self::new(status, error)
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
        vec![fault].into()
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Self {
        // What needs more than it may take may be right, and end on another machine.
        let is_of_machine = faults.iter().any(Fault::is_of_machine);
        let status =
            if is_of_machine { ExitStatus::InputOutput } else { ExitStatus::Configuration };
        Self::all(status, faults)
    }
}

impl From<ProjectFaults> for Failure {
    fn from(faults: ProjectFaults) -> Self {
        faults.all().to_vec().into()
    }
}

impl From<BadCompany> for Failure {
    fn from(bad: BadCompany) -> Self {
        Self::new(ExitStatus::Configuration, bad)
    }
}
