//! Why a source cannot be added.

use std::path::PathBuf;

use scorewright_domain::{BadTableName, Fault};
use scorewright_durable::DurableError;
use scorewright_extract::BadSample;

use crate::error::ProjectError;
use crate::own::UnansweredRole;
use crate::presets::SelectionError;

/// A source that cannot be added.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum AddError {
    /// The project cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Project(#[from] ProjectError),
    /// There is no such extract.
    #[error("there is no file `{}`", file.display())]
    NoFile {
        /// The file.
        file: PathBuf,
        /// What to name instead.
        #[help]
        help: String,
    },
    /// A table cannot have this name.
    #[error("{0}")]
    #[diagnostic(help(
        "name the source with lower-case letters, digits and underscores: --name tickets"
    ))]
    BadName(BadTableName),
    /// The project has a file that would be written.
    #[error("the project has `{path}` already")]
    #[diagnostic(help(
        "choose another name with `--name`, or remove the file first: it may hold decisions of yours"
    ))]
    Exists {
        /// Its file below the project.
        path: String,
    },
    /// The project has a preset.
    #[error("the project has the source `{name}` already")]
    #[diagnostic(help("its file is pipelines/sources/{name}.toml"))]
    HasPreset {
        /// Name of the source.
        name: String,
    },
    /// There is no such role.
    #[error("there is no role `{role}`")]
    #[diagnostic(help("sources of one's own can feed {}", known.join(", ")))]
    NoRole {
        /// The role asked for.
        role: String,
        /// The roles there are.
        known: Vec<String>,
    },
    /// The source would have the name of a role, whose table is another one.
    #[error("a source cannot be named `{name}`, as the table `staging.{name}` is a role's")]
    #[diagnostic(help("choose another name: --name our_{role}"))]
    RoleName {
        /// The name.
        name: String,
        /// The role that it feeds.
        role: String,
    },
    /// It is not known which columns tell what the role needs.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Unanswered(Box<UnansweredRole>),
    /// No source can be read out of the extract.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sample(#[from] BadSample),
    /// The standard library has no such source.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Selection(#[from] SelectionError),
    /// The file cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Durable(#[from] DurableError),
}

impl From<Vec<Fault>> for AddError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Project(faults.into())
    }
}
