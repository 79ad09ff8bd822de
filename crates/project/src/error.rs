//! Why a project cannot be read.

use std::path::PathBuf;

use scorewright_domain::Fault;

use crate::unreadable_file::UnreadableFile;

/// A project that cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ProjectError {
    /// The folder has no settings.
    #[error("`{}` is not a project: it has no `scorewright.toml`", folder.display())]
    #[diagnostic(help(
        "name the folder with `--project DIR`, or make a project: scorewright init DIR"
    ))]
    NotAProject {
        /// The folder.
        folder: PathBuf,
    },
    /// A file or folder cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Unreadable(#[from] UnreadableFile),
    /// Files say what cannot be: every fault of every file.
    #[error("{} faults in the files of the project", .0.len())]
    Faults(#[related] Vec<Fault>),
}

impl From<Fault> for ProjectError {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<Vec<Fault>> for ProjectError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}
