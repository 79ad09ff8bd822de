//! A text file of the project, as it is read.

use std::fs;
use std::path::Path;

use scorewright_domain::ProjectFile;

use crate::error::ProjectError;
use crate::unreadable_file::unreadable;

/// Reads a file by its name in messages: a path below the project.
///
/// # Errors
///
/// It cannot be read, or is no UTF-8.
pub(crate) fn read_text(name: &str, path: &Path) -> Result<ProjectFile, ProjectError> {
    let bytes = fs::read(path).map_err(unreadable(path))?;
    text_of(name, bytes, "save the file as UTF-8")
}

/// The text that bytes are.
///
/// # Errors
///
/// They are no UTF-8; `help` says how to make them so.
pub(crate) fn text_of(name: &str, bytes: Vec<u8>, help: &str) -> Result<ProjectFile, ProjectError> {
    String::from_utf8(bytes).map(|text| ProjectFile::new(name, text)).map_err(|bad| {
        let before = &bad.as_bytes()[..bad.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(before).matches('\n').count() + 1;
        let file = ProjectFile::new(name, "");
        file.fault(None, format!("line {line} is no UTF-8")).help(help).into()
    })
}
