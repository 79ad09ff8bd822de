//! Extracts that do not land: refused ones, and those that are not there.

use std::fmt;
use std::path::PathBuf;

use miette::Diagnostic;

use super::Refusal;
use crate::arrival::AwaitedExtract;

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
        self.why.code()
    }
}

impl fmt::Display for RefusedExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "extract `{}` of source `{}` is refused: {}", self.file.display(), self.of, self.why)
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

/// A source that has no extract at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingExtract {
    /// The source.
    pub of: String,
    /// Its file in the project.
    pub path: String,
    /// The glob that matches nothing.
    pub files: String,
    /// The extracts folder.
    pub folder: PathBuf,
    /// Files that are there, the most similar names first.
    pub there: Vec<String>,
    /// Files that match and have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Whether rows of earlier extracts are in its table.
    pub has_landed: bool,
}

impl fmt::Display for MissingExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (of, files, folder) = (&self.of, &self.files, self.folder.display());
        match self.awaited.as_slice() {
            [] => write!(out, "source `{of}` has no extract: no file below `{folder}` matches `{files}`"),
            _ => write!(
                out,
                "source `{of}` has no extract yet: no file below `{folder}` that matches `{files}` has arrived"
            ),
        }
    }
}

impl std::error::Error for MissingExtract {}

impl Diagnostic for MissingExtract {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if let Some(first) = self.awaited.first() {
            let help = format!("{first}\nrun again later, or mend `[arrival]` in `{}`", self.path);
            return Some(Box::new(help));
        }
        let there = match self.there.as_slice() {
            [] => "the folder is empty".to_owned(),
            names => format!("the nearest files there are: {}", names.join(", ")),
        };
        Some(Box::new(format!("{there}\nput the extract there, or mend `files` in `{}`", self.path)))
    }
}
