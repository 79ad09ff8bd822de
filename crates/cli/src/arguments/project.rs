//! Which project a command is about.

use std::path::PathBuf;

use clap::Args;
use scorewright_domain::Environment;
use scorewright_project::{ProjectError, ProjectLocation};

/// Which project, and where its extracts lie.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProjectArgs {
    /// Folder of the project, the one with `scorewright.toml`
    #[arg(long, short, global = true, default_value = ".", env = "SCOREWRIGHT_PROJECT")]
    pub(crate) project: PathBuf,
    /// Folder of the extracts, instead of the one the project names
    #[arg(long, global = true, env = "SCOREWRIGHT_EXTRACTS")]
    pub(crate) extracts: Option<PathBuf>,
    /// A profile of the project, with its own folders
    #[arg(long, global = true, value_name = "NAME", env = "SCOREWRIGHT_PROFILE")]
    pub(crate) profile: Option<String>,
    /// Folder for the warehouse and the documents, instead of the project's own
    #[arg(long, global = true, env = "SCOREWRIGHT_STATE")]
    pub(crate) state: Option<PathBuf>,
}

impl ProjectArgs {
    /// Where the project lies, whatever its profile.
    pub(crate) fn location(&self) -> ProjectLocation {
        let Self { project, extracts, state, .. } = self.clone();
        let environment = Environment::of(|name| std::env::var(name).ok());
        ProjectLocation { project, extracts, state, profile: None, environment }
    }

    /// Where the project lies under the profile that is asked for.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when the project has no such profile.
    pub(crate) fn profile_location(&self) -> Result<ProjectLocation, ProjectError> {
        match &self.profile {
            Some(name) => self.location().with_profile(name),
            None => Ok(self.location()),
        }
    }
}
