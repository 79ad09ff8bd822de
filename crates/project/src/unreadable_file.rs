//! A file that cannot be read.

use std::io;
use std::path::{Path, PathBuf};

/// A file or folder of the project that cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot read `{}`", path.display())]
#[diagnostic(help("check that it exists, that it is readable and that it is UTF-8 text"))]
pub struct UnreadableFile {
    /// The file or folder.
    pub path: PathBuf,
    /// What the operating system says.
    pub source: io::Error,
}

/// Adds the path to an error of the operating system.
pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> UnreadableFile + use<> {
    let path = path.to_owned();
    move |source| UnreadableFile { path, source }
}
