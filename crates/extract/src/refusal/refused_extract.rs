//! An extract that is refused, and by which source it was wanted.

use std::fmt;
use std::path::PathBuf;

use miette::Diagnostic;

use super::kind::Refusal;

/// An extract refused whole. Nothing of it lands; the run goes on with the others.
#[derive(Debug)]
pub struct RefusedExtract {
    /// Source it belongs to.
    pub of: String,
    /// Its path below the extracts folder.
    pub file: PathBuf,
    /// Why.
    pub why: Refusal,
}

impl RefusedExtract {
    /// Why, as a code: `missing_column`, `too_many_bad_rows`.
    pub fn reason(&self) -> &'static str {
        self.why.reason()
    }
}

impl fmt::Display for RefusedExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "extract `{}` of source `{}` is refused: {}",
            self.file.display(),
            self.of,
            self.why
        )
    }
}

impl std::error::Error for RefusedExtract {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.why)
    }
}

impl Diagnostic for RefusedExtract {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.why.help()
    }
}
