//! The text files of a project.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scorewright_domain::ProjectFile;

use crate::exit::{Failure, Status};

/// A file or folder of the project that cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot read `{}`", path.display())]
#[diagnostic(help("check that it exists, that it is readable and that it is UTF-8 text"))]
pub(crate) struct Unreadable {
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

/// All text files below `pipelines` and `reports`, in order of path.
pub(crate) fn read_files(root: &Path) -> Result<Vec<ProjectFile>, Failure> {
    let mut files = Vec::new();
    for part in ["pipelines", "reports"] {
        collect(root, &root.join(part), &mut files)?;
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<ProjectFile>) -> Result<(), Failure> {
    let unreadable = |path: &Path, source: io::Error| {
        Failure::new(Status::InputOutput, Unreadable { path: path.to_owned(), source })
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| unreadable(folder, error))?,
    };
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path
            .extension()
            .is_some_and(|ending| ["toml", "sql", "j2"].iter().any(|known| ending == *known))
        {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name =
                path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push(ProjectFile::new(name, text));
        }
    }
    Ok(())
}

/// Whether a file is a template of a report.
pub(crate) fn is_template(file: &ProjectFile) -> bool {
    Path::new(&file.path).extension().is_some_and(|ending| ending == "j2")
}
