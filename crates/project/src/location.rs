//! Where a project lies, as a command names it.

use std::path::{Path, PathBuf};

use scorewright_domain::{Environment, Profile};
use scorewright_warehouse::Warehouse;

/// Where a project lies, and which of its folders are replaced.
#[derive(Debug, Clone)]
pub struct ProjectLocation {
    /// Folder of the project, the one with `scorewright.toml`.
    pub project: PathBuf,
    /// Folder of the extracts, instead of the one the settings name.
    pub extracts: Option<PathBuf>,
    /// Folder of warehouse and documents, instead of the project's own.
    pub state: Option<PathBuf>,
    /// The profile it is run under; `None` for the project itself.
    pub profile: Option<Profile>,
    /// The environment that places and addresses may name.
    pub environment: Environment,
}

impl ProjectLocation {
    /// A project with its own folders.
    pub fn at(project: impl Into<PathBuf>) -> Self {
        let environment = Environment::none();
        Self { project: project.into(), extracts: None, state: None, profile: None, environment }
    }

    /// The same, for a command that only reads what is there: an environment variable may be missing.
    #[must_use]
    pub fn lenient(&self) -> Self {
        Self { environment: self.environment.clone().lenient(), ..self.clone() }
    }

    /// The warehouse of the project, to read from: known without its settings.
    pub fn warehouse(&self) -> Warehouse {
        Warehouse::at(self.state_folder().join("warehouse"))
    }

    pub(crate) fn state_folder(&self) -> &Path {
        self.state.as_deref().unwrap_or(&self.project)
    }
}
