//! A file that no source can be written for.

use std::fmt;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::refusal::ReadError;

/// A file that no source can be written for.
#[derive(Debug)]
pub struct BadSample {
    file: PathBuf,
    pub(super) why: Box<ReadError>,
}

impl BadSample {
    /// Whether this machine is at fault, and not the file.
    pub fn is_aborted(&self) -> bool {
        matches!(*self.why, ReadError::Aborted(_))
    }

    pub(crate) fn new(file: &Path, why: impl Into<ReadError>) -> Self {
        Self { file: file.to_owned(), why: Box::new(why.into()) }
    }
}

impl fmt::Display for BadSample {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no source can be written for `{}`: {}", self.file.display(), self.why)
    }
}

impl std::error::Error for BadSample {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.why.as_ref())
    }
}

impl Diagnostic for BadSample {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.why.help()
    }
}
