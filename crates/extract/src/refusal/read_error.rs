//! Why a file could not be read to its end.

use std::io;

use miette::Diagnostic;

use super::exceeded::Exceeded;
use super::kind::Refusal;

/// Why a file could not be read to its end.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ReadError {
    /// The file is at fault, or not there: it is refused, and others are read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Refused(Refusal),
    /// The file is not at fault: rows or bytes could not be kept on this machine, and nothing can go on.
    #[error("what was read cannot be kept on this machine")]
    #[diagnostic(help("check that the disk has room and can be written; then run again"))]
    Aborted(#[source] io::Error),
}

impl From<Refusal> for ReadError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Exceeded> for ReadError {
    fn from(exceeded: Exceeded) -> Self {
        Self::Refused(exceeded.into())
    }
}
