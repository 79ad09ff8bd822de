//! The CSV files that belong to a project.

use std::fs;
use std::path::Path;

use scorewright_domain::{Fault, ProjectFile};

use crate::error::ProjectError;
use crate::text_file::text_of;
use crate::unreadable_file::unreadable;

/// Most bytes of a seed: every version keeps it whole.
const LARGEST: u64 = 4 << 20;

/// Whether a path below the project is that of a seed.
pub(crate) fn is_seed(path: &str) -> bool {
    let is_csv = Path::new(path).extension().is_some_and(|ending| ending == "csv");
    is_csv && path.starts_with("pipelines/seeds/")
}

/// Reads a seed as text.
///
/// # Errors
///
/// A [`ProjectError`] when it is too large or no UTF-8, or cannot be read.
pub(crate) fn read_seed(name: String, path: &Path) -> Result<ProjectFile, ProjectError> {
    let bytes = fs::metadata(path).map_err(unreadable(path))?.len();
    if bytes > LARGEST {
        let message =
            format!("a seed has at most {} MiB, this one has {bytes} bytes", LARGEST >> 20);
        let help = "what is larger is an extract: describe it as a source";
        return Err(fault(name, message).help(help).into());
    }
    let bytes = fs::read(path).map_err(unreadable(path))?;
    text_of(&name, bytes, "save the file as UTF-8; a spreadsheet calls it \"CSV UTF-8\"")
}

fn fault(name: String, message: String) -> Fault {
    ProjectFile::new(name, "").fault(None, message)
}
