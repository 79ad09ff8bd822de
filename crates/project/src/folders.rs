//! Where a project lies, and where it keeps what.

use std::path::{Path, PathBuf};

use scorewright_warehouse::Warehouse;

use crate::error::ProjectError;
use crate::settings::Settings;

/// Where a project lies, and which of its folders are replaced.
#[derive(Debug, Clone)]
pub struct ProjectLocation {
    /// Folder of the project, the one with `scorewright.toml`.
    pub project: PathBuf,
    /// Folder of the extracts, instead of the one the settings name.
    pub extracts: Option<PathBuf>,
    /// Folder of warehouse and documents, instead of the project's own.
    pub state: Option<PathBuf>,
}

impl ProjectLocation {
    /// A project with its own folders.
    pub fn at(project: impl Into<PathBuf>) -> Self {
        Self { project: project.into(), extracts: None, state: None }
    }

    /// The warehouse of the project: known without its settings.
    pub fn warehouse(&self) -> Warehouse {
        Warehouse::at(self.state_folder().join("warehouse"))
    }

    fn state_folder(&self) -> &Path {
        self.state.as_deref().unwrap_or(&self.project)
    }
}

/// Where a project keeps what.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Folder of the extracts.
    pub extracts: PathBuf,
    /// Folder of `warehouse/` and `out/`.
    pub state: PathBuf,
}

impl Folders {
    /// The folders of a project, as its settings and its location name them.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when the settings cannot be read.
    pub fn of(location: &ProjectLocation) -> Result<Self, ProjectError> {
        Ok(Self::from_settings(location, &Settings::read(&location.project)?))
    }

    pub(crate) fn from_settings(location: &ProjectLocation, settings: &Settings) -> Self {
        let named = || location.project.join(&settings.extracts);
        Self {
            extracts: location.extracts.clone().unwrap_or_else(named),
            state: location.state_folder().to_owned(),
        }
    }

    /// The warehouse of the project.
    pub fn warehouse(&self) -> Warehouse {
        Warehouse::at(self.state.join("warehouse"))
    }

    /// The folder of everything that is made to be read.
    pub fn out_root(&self) -> PathBuf {
        self.state.join("out")
    }

    /// A folder below `out/`: `pages`, `mail`, `outbox`, `runs`.
    pub fn out(&self, name: &str) -> PathBuf {
        self.out_root().join(name)
    }
}
